package io.varve.adapters.hyperv;

import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder that the host exports a machine into, on one night. It is written into the journal before it is made, so
 * that a crash cannot leave it behind unnoticed; only folders with such a name are ever removed.
 */
final class ExportFolder {
    private static final String PREFIX = "varve-export-";
    private static final String MARK = ".mark";
    private static final Set<String> DISKS = Set.of("vhdx", "avhdx", "vhd", "avhd");
    private static final Set<String> CONFIGURATION = Set.of("vmcx", "vmrs", "vmgs");

    private final String host;
    private final Path here;
    private final Journal journal;

    private ExportFolder(String host, Path here, Journal journal) {
        this.host = host;
        this.here = here;
        this.journal = journal;
    }

    /**
     * Makes one, new and empty.
     *
     * @param parent path on the host of the folder that it is made in
     */
    static ExportFolder make(String parent, HostPaths paths, UUID machine, Journal journal) throws IOException {
        String name = PREFIX + machine + "-" + UUID.randomUUID().toString().substring(0, 8);
        String host = HostPaths.join(parent, name);
        Path here = paths.here(host);
        if (!Files.isDirectory(here.getParent())) {
            throw new IOException(here.getParent() + ": no such folder; create it, or give another folder for exports");
        }
        List<String> noted = new ArrayList<>(journal.exports());
        noted.add(here.toString());
        journal.writeExports(noted);
        removeMarks(here.getParent(), machine, noted);
        Files.createFile(mark(here));
        Files.createDirectory(here);
        return new ExportFolder(host, here, journal);
    }

    /**
     * A file beside the folder. If it is missing, this is not where the folder was made: the mount point of a share
     * that is not mounted is an empty folder.
     */
    private static Path mark(Path folder) {
        return folder.resolveSibling(folder.getFileName() + MARK);
    }

    /** Removes marks that a crash left, of folders that no longer exist. */
    private static void removeMarks(Path parent, UUID machine, List<String> noted) throws IOException {
        String pattern = PREFIX + machine + "-*" + MARK;
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(parent, pattern)) {
            for (Path mark : marks) {
                String name = mark.getFileName().toString();
                Path folder = mark.resolveSibling(name.substring(0, name.length() - MARK.length()));
                if (!noted.contains(folder.toString()) && !Files.exists(folder)) {
                    Files.deleteIfExists(mark);
                }
            }
        }
    }

    /** Its path on the host. */
    String host() {
        return host;
    }

    /** Bytes that can still be written there, as far as the file system tells. */
    long room() throws IOException {
        return Files.getFileStore(here).getUsableSpace();
    }

    /** Its disk files, wherever the host put them. */
    List<Path> disks() throws IOException {
        return files(DISKS);
    }

    /** Its configuration files. */
    List<Path> configuration() throws IOException {
        return files(CONFIGURATION);
    }

    private List<Path> files(Set<String> extensions) throws IOException {
        try (Stream<Path> all = Files.walk(here)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> extensions.contains(extension(file)))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** Removes it with all that is in it. */
    void remove() throws IOException {
        remove(here, journal);
    }

    /**
     * Removes a folder that the journal names. If only its mark is left, that is removed.
     *
     * @throws IOException when something of it is still there; it stays in the journal
     */
    static void remove(Path folder, Journal journal) throws IOException {
        if (!folder.getFileName().toString().startsWith(PREFIX)) {
            throw new IOException(folder + ": is in the journal of exports, but its name is not that of an export"
                    + " folder; left alone");
        }
        if (!Files.exists(folder) && !Files.exists(mark(folder))) {
            throw new IOException(folder + ": exported files may be left there, but " + folder.getParent()
                    + " is not the folder that they were exported to; check that its share is mounted. If the"
                    + " share is gone for good, give 'varve hyperv clean' this folder with --forget-export");
        }
        try {
            empty(folder);
        } catch (IOException e) {
            throw new IOException(folder + ": the exported files cannot be removed: " + Reason.of(e), e);
        }
        forget(folder, journal);
        Files.deleteIfExists(mark(folder));
    }

    /** Takes a folder out of the journal, whether it is there or not. @return whether it was in it */
    static boolean forget(Path folder, Journal journal) throws IOException {
        List<String> rest = new ArrayList<>(journal.exports());
        boolean wasThere = rest.remove(folder.toString());
        journal.writeExports(rest);
        return wasThere;
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) { // does not follow links
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
