package io.varve.adapters.windows;

import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A folder under a name that only Windows' own calls take, as in a shadow copy. Links and mount points in it are never
 * followed: in a shadow copy they lead to the live volume.
 *
 * @param root beginning of the path that is taken as it is, such as the device of a shadow copy; without a backslash at
 *     its end
 * @param names of the folders below {@code root}
 * @param drives finds files of drives that a disk names
 */
public record WindowsFolder(WindowsFiles files, String root, List<String> names, Drives drives)
        implements SourceFolder {
    private static final String OUTSIDE = "refused because it leads outside the disk's folder (--allow-parent-outside)";

    /** Says where the drives of the host are found in the place that the folder is in. */
    @FunctionalInterface
    public interface Drives {
        /** As {@link SourceFolder#findOnDrive}. */
        Lookup find(String drive, List<String> names);
    }

    public WindowsFolder {
        names = List.copyOf(names);
    }

    @Override
    public String location() {
        return path(root, names);
    }

    /** @param names of folders, perhaps of a file at the end */
    private static String path(String root, List<String> names) {
        return names.isEmpty() ? root + '\\' : root + '\\' + String.join("\\", names);
    }

    @Override
    public Lookup find(List<String> wanted, boolean inside) {
        List<String> all = new ArrayList<>(names);
        for (String name : wanted) {
            if (!name.equals("..")) {
                all.add(name);
            } else if (all.isEmpty()) {
                return inside
                        ? new Lookup.Refused(OUTSIDE)
                        : new Lookup.Missing(String.join("\\", wanted) + ": leads above " + root);
            } else {
                all.remove(all.size() - 1);
            }
        }
        boolean isInside =
                all.size() > names.size() && all.subList(0, names.size()).equals(names);
        if (inside && !isInside) {
            return new Lookup.Refused(OUTSIDE);
        }
        return below(all);
    }

    /** Follows names from the root, each of which must be a real folder, the last one a file. */
    private Lookup below(List<String> all) {
        List<String> real = new ArrayList<>();
        try {
            for (int i = 0; i < all.size(); i++) {
                boolean isLast = i == all.size() - 1;
                List<WindowsFiles.Entry> found = matching(real, all.get(i));
                if (found.size() != 1) {
                    return new Lookup.Missing(path(root, all) + ": no such file");
                }
                WindowsFiles.Entry entry = found.get(0);
                real.add(entry.name());
                if (entry.leadsElsewhere()) {
                    return new Lookup.Missing(path(root, real) + ": refused because it is a link or a mount point");
                }
                if (entry.isFolder() == isLast) {
                    return new Lookup.Missing(path(root, all) + ": no such file");
                }
            }
            List<String> folder = real.subList(0, real.size() - 1);
            return new Lookup.Found(
                    new WindowsFile(new WindowsFolder(files, root, folder, drives), real.get(real.size() - 1)));
        } catch (IOException e) {
            return new Lookup.Missing(path(root, all) + ": " + Reason.of(e));
        }
    }

    /** The entry of exactly that name; otherwise those that differ only in case. */
    private List<WindowsFiles.Entry> matching(List<String> parent, String name) throws IOException {
        List<WindowsFiles.Entry> alike = new ArrayList<>();
        WindowsFolder folder = new WindowsFolder(files, root, parent, drives);
        for (WindowsFiles.Entry entry : files.entries(folder.pathOf(name))) {
            if (entry.name().equals(name)) {
                return List.of(entry);
            }
            // Windows also finds a file by its short name, which is not what was asked for.
            if (entry.name().equalsIgnoreCase(name)) {
                alike.add(entry);
            }
        }
        return alike;
    }

    @Override
    public Lookup findOnDrive(String drive, List<String> wanted, boolean inside) {
        Lookup found = drives.find(drive, wanted);
        boolean isOutside = found instanceof Lookup.Found there
                && there.file() instanceof WindowsFile file
                && !file.folder().isIn(this);
        if (inside && isOutside) {
            return new Lookup.Refused(OUTSIDE);
        }
        return found;
    }

    @Override
    public List<SourceFile> list() throws IOException {
        return real(false).stream()
                .<SourceFile>map(entry -> new WindowsFile(this, entry.name()))
                .toList();
    }

    /**
     * The folders in it, by name; without links and mount points.
     *
     * @throws IOException when it cannot be listed
     */
    public List<WindowsFolder> folders() throws IOException {
        return real(true).stream()
                .map(entry -> new WindowsFolder(files, root, with(entry.name()), drives))
                .toList();
    }

    /** Its folders, or its files, by name; without links and mount points. */
    private List<WindowsFiles.Entry> real(boolean isFolder) throws IOException {
        return files.entries(path(root, with("*"))).stream()
                .filter(entry -> entry.isFolder() == isFolder && !entry.leadsElsewhere())
                .sorted(Comparator.comparing(WindowsFiles.Entry::name))
                .toList();
    }

    private List<String> with(String name) {
        List<String> all = new ArrayList<>(names);
        all.add(name);
        return all;
    }

    /** Path of something in this folder. */
    String pathOf(String name) {
        return path(root, with(name));
    }

    /** Whether this is {@code other}, or below it. */
    boolean isIn(WindowsFolder other) {
        return root.equals(other.root) && isPrefix(other.names, names);
    }

    private static boolean isPrefix(List<String> first, List<String> whole) {
        return whole.size() >= first.size() && whole.subList(0, first.size()).equals(first);
    }
}
