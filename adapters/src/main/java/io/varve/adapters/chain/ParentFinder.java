package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.engine.port.SourceFolder.Lookup;
import io.varve.engine.port.TransportFailure;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Searches for the parent of one differencing disk: first by the paths that the child names, in their order; then by
 * these file names in the child's folder and the operator's folders; then by identity in the operator's folders. The
 * first file with the right identity is the parent. For one thread, used once.
 */
public final class ParentFinder {
    /** Longest part of a path from an image that is put into a message. */
    private static final int LONGEST_TEXT = 300;

    private final WantedParent wanted;
    private final SourceFolder folder;
    private final ParentSearch search;
    private final List<String> tried = new ArrayList<>();

    /** Locations of the files that were examined. */
    private final Set<String> seen = new HashSet<>();

    /** @param folder the child's folder, with links resolved */
    public ParentFinder(WantedParent wanted, SourceFolder folder, ParentSearch search) {
        this.wanted = wanted;
        this.folder = folder;
        this.search = search;
    }

    /**
     * A file with the right identity. Nothing else about it was checked.
     *
     * @param source the open file, which the receiver closes
     * @param tried what was tried before in vain, in words
     */
    public record Found(SourceFile file, ByteSource source, List<String> tried) {}

    /** @throws MissingParentException if no parent is found */
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
            found = found.isPresent() ? found : attempt(folder.find(List.of(name), !search.allowOutside()), name);
        }
        for (SourceFolder other : search.folders()) {
            for (String name : names) {
                found = found.isPresent() ? found : attempt(other.find(List.of(name), false), name);
            }
        }
        for (SourceFolder other : search.folders()) {
            found = found.isPresent() ? found : scan(other);
        }
        return found.orElseThrow(() -> new MissingParentException(wanted.child() + ": expected its parent, a "
                + wanted.format() + " with " + wanted.identity() + ", found none (tried "
                + (tried.isEmpty() ? "nothing: the disk names no path" : "") + String.join("; ", tried)
                + "); give the folder it is in (--parent)"));
    }

    private Optional<Found> follow(WindowsPath path, String text) throws IOException {
        boolean inside = !search.allowOutside();
        List<String> names = path.names();
        Lookup lookup = switch (path.kind()) {
            case RELATIVE -> folder.find(names, inside);
            case DRIVE -> folder.findOnDrive(path.drive(), names, inside);
            case SHARE -> folder.findOnShare(names.get(0), names.get(1), names.subList(2, names.size()), inside);
            case VOLUME -> new Lookup.Refused("paths of volumes are not followed");
            case REFUSED -> new Lookup.Refused("refused because it " + path.fault());
        };
        return attempt(lookup, text);
    }

    /**
     * Examines one file. Problems with it are noted, not thrown, unless they are those of the way to it.
     *
     * @param name name that it was searched by
     */
    private Optional<Found> attempt(Lookup lookup, String name) throws IOException {
        if (lookup instanceof Lookup.Failed failed) {
            throw failed.why();
        }
        if (lookup instanceof Lookup.Found found) {
            return attempt(found.file());
        }
        String reason = lookup instanceof Lookup.Refused refused
                ? name + ": " + refused.reason()
                : ((Lookup.Missing) lookup).reason();
        if (!tried.contains(reason)) {
            tried.add(reason);
        }
        return Optional.empty();
    }

    private Optional<Found> attempt(SourceFile file) throws IOException {
        if (!seen.add(file.location())) {
            return Optional.empty();
        }
        try {
            return probe(file);
        } catch (IOException e) {
            if (e instanceof TransportFailure) {
                throw e;
            }
            tried.add(file.location() + ": " + Reason.of(e));
            return Optional.empty();
        }
    }

    private Optional<Found> probe(SourceFile file) throws IOException {
        ByteSource source = file.open();
        try {
            Optional<String> objection = wanted.objection(source);
            if (objection.isEmpty()) {
                return Optional.of(new Found(file, source, List.copyOf(tried)));
            }
            tried.add(file.location() + ": " + objection.get());
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
        source.close();
        return Optional.empty();
    }

    private Optional<Found> scan(SourceFolder other) throws IOException {
        List<SourceFile> files;
        try {
            files = other.list().stream().filter(this::hasExtension).toList();
        } catch (IOException e) {
            if (e instanceof TransportFailure) {
                throw e;
            }
            tried.add(other.location() + ": cannot be listed: " + Reason.of(e));
            return Optional.empty();
        }
        int noted = tried.size();
        for (SourceFile file : files) {
            Optional<Found> found = attempt(file);
            if (found.isPresent()) {
                return found;
            }
        }
        // Limited, because a folder may hold many disks.
        tried.subList(noted, tried.size()).clear();
        tried.add(other.location() + ": " + Count.of(files.size(), wanted.format() + " file") + " there, none"
                + " of them the parent");
        return Optional.empty();
    }

    private boolean hasExtension(SourceFile file) {
        String name = file.name().toLowerCase(Locale.ROOT);
        return wanted.extensions().stream().anyMatch(extension -> name.endsWith("." + extension));
    }
}
