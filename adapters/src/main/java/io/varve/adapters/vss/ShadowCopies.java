package io.varve.adapters.vss;

import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.ShadowVolume;
import io.varve.adapters.windows.WindowsFile;
import io.varve.adapters.windows.WindowsFiles;
import io.varve.adapters.windows.WindowsFolder;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The shadow copies of one set, in which the host's paths are looked up. Immutable. */
final class ShadowCopies {
    private static final int DEEPEST = 32;

    private final WindowsFiles files;
    private final List<ShadowVolume> volumes;

    ShadowCopies(WindowsFiles files, List<ShadowVolume> volumes) {
        this.files = files;
        this.volumes = List.copyOf(volumes);
    }

    /**
     * The shadow copy's twin of a folder of the host.
     *
     * @param path absolute, on the live volume
     * @return empty when none of the shadow copies has its volume
     */
    private Optional<WindowsFolder> folder(String path) {
        String whole = (path.endsWith("\\") ? path : path + "\\").replace('/', '\\');
        ShadowVolume best = null;
        for (ShadowVolume volume : volumes) {
            String mount = volume.mountPath();
            boolean isOn = whole.regionMatches(true, 0, mount, 0, mount.length());
            if (isOn && (best == null || mount.length() > best.mountPath().length())) {
                best = volume; // a volume may be mounted in a folder of another one
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        List<String> names = Arrays.stream(
                        whole.substring(best.mountPath().length()).split("\\\\"))
                .filter(name -> !name.isEmpty())
                .toList();
        return Optional.of(new WindowsFolder(files, best.device(), names, this::findOnDrive));
    }

    private Lookup findOnDrive(String drive, List<String> names) {
        String path = drive + ":\\" + String.join("\\", names.subList(0, names.size() - 1));
        Optional<WindowsFolder> folder = folder(path);
        return folder.isPresent()
                ? folder.get().find(names.subList(names.size() - 1, names.size()), true)
                : new Lookup.Refused("its volume is not among the shadow copies");
    }

    /**
     * The files that a machine's file description means, as they are in the shadow copy.
     *
     * @throws IOException when a folder cannot be listed, or a file that is named without wildcards is missing
     */
    List<SourceFile> files(FileSpec spec) throws IOException {
        WindowsFolder folder = folder(spec.folder())
                .orElseThrow(() -> new IOException(spec.folder() + ": its volume is not among the shadow copies"));
        boolean isPattern = spec.pattern().matches(".*[*?].*");
        if (!isPattern && !spec.recursive()) {
            Lookup found = folder.find(List.of(spec.pattern()), true);
            if (found instanceof Lookup.Found file) {
                return List.of(file.file());
            }
            throw new IOException(
                    found instanceof Lookup.Missing missing
                            ? missing.reason()
                            : spec.pattern() + ": " + ((Lookup.Refused) found).reason());
        }
        List<SourceFile> all = new ArrayList<>();
        collect(folder, regex(spec.pattern()), spec.recursive() ? DEEPEST : 0, all);
        return all;
    }

    private static void collect(WindowsFolder folder, Pattern pattern, int depth, List<SourceFile> all)
            throws IOException {
        for (SourceFile file : folder.list()) {
            if (pattern.matcher(file.name()).matches()) {
                all.add(file);
            }
        }
        if (depth > 0) {
            for (WindowsFolder below : folder.folders()) {
                collect(below, pattern, depth - 1, all);
            }
        }
    }

    /** {@code *} and {@code ?} as Windows' command line has them; {@code *.*} is everything. */
    static Pattern regex(String pattern) {
        String wanted = pattern.isEmpty() || pattern.equals("*.*") ? "*" : pattern;
        StringBuilder regex = new StringBuilder();
        for (char c : wanted.toLowerCase(Locale.ROOT).toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** What identifies a file's place below its shadow copy, without the copy's own name. */
    static String relative(SourceFile file) {
        if (file instanceof WindowsFile there) {
            List<String> names = new ArrayList<>(there.folder().names());
            names.add(there.name());
            return String.join("\\", names);
        }
        return file.location();
    }
}
