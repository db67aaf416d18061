package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a disk and its parents, one file after the other. Each is checked before the next is searched for. Subclasses
 * define what a parent must be.
 *
 * @param <L> an open file of the chain in its format; it owns its byte source
 */
public abstract class ChainOpening<L extends Closeable> {
    /** Opens one file. If this fails, the caller keeps ownership of {@code source}. */
    protected abstract L open(ByteSource source) throws IOException;

    protected abstract boolean hasParent(L layer);

    protected abstract WantedParent wanted(L child) throws IOException;

    /**
     * Checks whether the chain may continue. Called before the parent of the last layer is searched for.
     *
     * @param file file of the last layer
     */
    protected abstract void checkLast(List<L> layers, SourceFile file) throws IOException;

    /**
     * Opens a parent that was found, and checks that it is the parent of the last layer.
     *
     * @param layers the layers so far, the leaf first
     */
    protected abstract L openParent(List<L> layers, ParentFinder.Found found) throws IOException;

    /**
     * Returns the layers of the disk, the leaf first. If this fails, all other files are closed, and the caller keeps
     * ownership of {@code source}.
     */
    public final List<L> run(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        List<L> layers = new ArrayList<>();
        layers.add(open(source));
        try {
            SourceFile file = leaf;
            for (L child = layers.get(0); hasParent(child); child = layers.get(layers.size() - 1)) {
                checkLast(layers, file);
                ParentFinder.Found found = new ParentFinder(wanted(child), file.folder(), search).find();
                file = found.file();
                layers.add(parent(layers, found));
            }
            return layers;
        } catch (IOException | RuntimeException e) {
            try {
                LayeredDisk.closeAll(layers.subList(1, layers.size()));
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private L parent(List<L> layers, ParentFinder.Found found) throws IOException {
        try {
            return openParent(layers, found);
        } catch (IOException | RuntimeException e) {
            found.source().close();
            throw e;
        }
    }
}
