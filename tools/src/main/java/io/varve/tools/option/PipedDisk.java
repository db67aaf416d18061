package io.varve.tools.option;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** One disk from standard input. It is kept in a scratch file while it is backed up, since its size is not known. */
public final class PipedDisk {
    private static final String INPUT = "-";
    private static final String ENDING = "=-";

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "With NAME=-: expect exactly this many bytes, otherwise store nothing. If the program that"
                    + " writes to the pipe fails halfway, only the size shows it.")
    private Long size;

    @Option(
            names = "--consistency",
            paramLabel = "WORD",
            description = "With NAME=-: how the disk was frozen, recorded in the snapshot: ${COMPLETION-CANDIDATES}."
                    + " Default: crash.")
    private Consistency consistency;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "With NAME=-: directory with room for the disk's data. Default: the system's temporary"
                    + " directory.")
    private Path scratch;

    /** How the disk was frozen, according to whoever reads it. */
    private enum Consistency {
        APPLICATION,
        CRASH,
        OFFLINE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The name of the disk that comes from standard input; empty if none does.
     *
     * @throws UsageException if it has no name, is not the only disk, or an option is given that goes with one
     */
    public Optional<String> nameIn(List<String> disks) throws UsageException {
        if (disks.stream().noneMatch(disk -> disk.equals(INPUT) || disk.endsWith(ENDING))) {
            if (size != null || consistency != null || scratch != null) {
                throw new UsageException(
                        "--size, --consistency and --scratch go with a disk from standard input: NAME=-");
            }
            return Optional.empty();
        }
        if (disks.size() > 1) {
            throw new UsageException(
                    "a disk from standard input is the only one of its backup; a file of that name" + " is ./-");
        }
        String name = disks.get(0).substring(0, Math.max(0, disks.get(0).length() - ENDING.length()));
        if (name.isEmpty()) {
            throw new UsageException(
                    "a disk from standard input needs a name, as in system=-; a file of that name is" + " ./-");
        }
        return Optional.of(name);
    }

    public String consistency() {
        return (consistency == null ? Consistency.CRASH : consistency).toString();
    }

    /** A new scratch directory, which the caller deletes. */
    public Path newScratch() throws IOException {
        try {
            return scratch == null
                    ? Files.createTempDirectory("varve-backup-")
                    : Files.createTempDirectory(scratch, "varve-backup-");
        } catch (IOException e) {
            throw new TargetException("cannot create a scratch directory: " + Reason.of(e), e);
        }
    }

    /**
     * Reads standard input to its end, into a file in {@code directory}.
     *
     * @param format what was asked for; raw is accepted even if the content looks like an image file
     * @throws SourceException if it cannot be read, is empty, has another size than was expected, or is no raw disk
     */
    public Path read(Path directory, SourceFormat format, Cancellation cancellation) throws IOException {
        Path file;
        try {
            file = StandardInput.keep(directory, cancellation);
        } catch (TargetException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e) + "; nothing was stored", e);
        }
        long found = Files.size(file);
        if (size != null && found != size) {
            throw new SourceException("standard input: expected " + size + " bytes, found " + found
                    + ": the program that writes to the pipe has failed, or --size is wrong; nothing was stored");
        }
        if (size == null && found == 0) {
            throw new SourceException("standard input: expected a disk, found nothing: the program that writes to the"
                    + " pipe has failed; nothing was stored");
        }
        Optional<String> container = format == SourceFormat.RAW
                ? Optional.empty()
                : DiskImages.container(file, new byte[DiskImages.tellingLength()]);
        if (container.isPresent()) {
            throw new SourceException("standard input: expected a raw disk, found " + container.get()
                    + ": convert it first ('qemu-img convert -O raw'), or give --format raw to store the file as it is;"
                    + " nothing was stored");
        }
        return file;
    }
}
