package io.varve.adapters.chain;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for the parent of one differencing disk: along the paths the child names, in its order; then by those names in
 * the child's folder and the operator's; then by identity in the operator's. The first file with the right identity is
 * it. For one thread, used once.
 */
public final class ParentFinder {
    /** Longest part of a path out of a file that goes into a message. */
    private static final int LONGEST_TEXT = 300;

    private final WantedParent wanted;
    private final Path folder;
    private final ParentSearch search;
    private final Reader reader;
    private final List<String> tried = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();

    /** @param childFile where the child really is, without links */
    public ParentFinder(WantedParent wanted, Path childFile, ParentSearch search, Reader reader) {
        this.wanted = wanted;
        this.folder = childFile.getParent();
        this.search = search;
        this.reader = reader;
    }

    /**
     * A file with the right identity, of which nothing else was checked.
     *
     * @param file without links
     * @param source the file, open; the receiver's to close
     * @param tried what was tried in vain before, in words
     */
    public record Found(Path file, ByteSource source, List<String> tried) {}

    /** @throws MissingParentException when there is none */
    public Found find() throws IOException {
        Optional<Found> found = Optional.empty();
        Set<String> names = new LinkedHashSet<>();
        for (NamedPath named : wanted.paths()) {
            if (found.isEmpty()) {
                String text = named.text();
                WindowsPath path = WindowsPath.parse(text);
                path.fileName().ifPresent(names::add);
                found = follow(path, named.name() + " " + text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
            }
        }
        for (String name : names) {
            found = found.isPresent() ? found : attempt(folder, name, !search.allowOutside());
        }
        for (Path other : search.folders()) {
            for (String name : names) {
                found = found.isPresent() ? found : attempt(other, name, false);
            }
        }
        for (Path other : search.folders()) {
            found = found.isPresent() ? found : scan(other);
        }
        return found.orElseThrow(() -> new MissingParentException(wanted.child() + ": expected its parent, a "
                + wanted.format() + " with " + wanted.identity() + ", found none (tried "
                + (tried.isEmpty() ? "nothing: the disk names no path" : "") + String.join("; ", tried)
                + "); name the folder it is in (--parent)"));
    }

    private Optional<Found> follow(WindowsPath path, String text) throws IOException {
        Path candidate;
        try {
            switch (path.kind()) {
                case RELATIVE:
                    candidate = folder;
                    for (String name : path.names()) {
                        candidate = candidate.resolve(name);
                    }
                    break;
                case DRIVE:
                    if (File.separatorChar != '\\') {
                        tried.add(text + ": means nothing on this system");
                        return Optional.empty();
                    }
                    candidate = Path.of(path.drive() + ":\\" + String.join("\\", path.names()));
                    break;
                case VOLUME:
                    tried.add(text + ": paths of volumes are not followed");
                    return Optional.empty();
                default:
                    tried.add(text + ": refused, because it " + path.fault());
                    return Optional.empty();
            }
        } catch (InvalidPathException e) {
            tried.add(text + ": is no path on this system");
            return Optional.empty();
        }
        candidate = candidate.normalize();
        if (!search.allowOutside() && !candidate.startsWith(folder)) {
            tried.add(text + ": refused, because it leads out of the folder of the disk (--allow-parent-outside)");
            return Optional.empty();
        }
        return attempt(candidate, !search.allowOutside());
    }

    private Optional<Found> attempt(Path in, String name, boolean inside) {
        try {
            return attempt(in.resolve(name), inside);
        } catch (InvalidPathException e) {
            tried.add(name + " in " + in + ": is no file name on this system");
            return Optional.empty();
        }
    }

    /**
     * Looks at one file; whatever is wrong with it is noted and not thrown.
     *
     * @param inside whether the file must really lie in the child's folder or below
     */
    private Optional<Found> attempt(Path candidate, boolean inside) {
        if (!seen.add(candidate)) {
            return Optional.empty();
        }
        try {
            Path file = withCase(candidate);
            if (inside && Files.isSymbolicLink(file)) {
                tried.add(file + ": refused, because it is a link (--allow-parent-outside)");
            } else if (!Files.isRegularFile(file)) {
                tried.add(candidate + ": no such file");
            } else if (inside && !file.toRealPath().startsWith(folder)) {
                tried.add(file + ": refused, because links lead out of the folder (--allow-parent-outside)");
            } else {
                return probe(file);
            }
        } catch (IOException e) {
            tried.add(candidate + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Windows does not tell upper case from lower case in names; where the file system does, the only match counts. */
    private static Path withCase(Path candidate) throws IOException {
        Path parent = candidate.getParent();
        if (Files.exists(candidate) || parent == null || !Files.isDirectory(parent)) {
            return candidate;
        }
        String name = candidate.getFileName().toString();
        try (Stream<Path> files = Files.list(parent)) {
            List<Path> alike = files.filter(
                            file -> file.getFileName().toString().equalsIgnoreCase(name))
                    .limit(2)
                    .toList();
            return alike.size() == 1 ? alike.get(0) : candidate;
        }
    }

    private Optional<Found> probe(Path file) throws IOException {
        Path real = file.toRealPath();
        ByteSource source = ByteSources.open(real, reader);
        try {
            Optional<String> objection = wanted.objection(source);
            if (objection.isEmpty()) {
                return Optional.of(new Found(real, source, List.copyOf(tried)));
            }
            tried.add(file + ": " + objection.get());
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
        source.close();
        return Optional.empty();
    }

    private Optional<Found> scan(Path other) {
        List<Path> files;
        try (Stream<Path> all = Files.list(other)) {
            files = all.filter(Files::isRegularFile)
                    .filter(this::hasExtension)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            tried.add(other + ": cannot be listed: " + Reason.of(e));
            return Optional.empty();
        }
        int noted = tried.size();
        for (Path file : files) {
            Optional<Found> found = attempt(file, false);
            if (found.isPresent()) {
                return found;
            }
        }
        // A folder of many disks should not fill the message.
        tried.subList(noted, tried.size()).clear();
        tried.add(other + ": " + files.size() + " " + wanted.format() + " files there, none the right one");
        return Optional.empty();
    }

    private boolean hasExtension(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return wanted.extensions().stream().anyMatch(extension -> name.endsWith("." + extension));
    }
}
