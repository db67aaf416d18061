package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens a disk and its parents, file by file, each checked before the next is looked for. What a parent must be is for
 * the format to say.
 *
 * @param <L> a file of the chain, as the format reads it; it owns its bytes
 */
public abstract class ChainOpening<L extends Closeable> {
    /** Opens one file; {@code source} stays the caller's when this fails. */
    protected abstract L open(ByteSource source) throws IOException;

    protected abstract boolean hasParent(L layer);

    protected abstract WantedParent wanted(L child) throws IOException;

    /**
     * Whether the chain may go on; asked before the parent of the last layer is looked for.
     *
     * @param file the file of the last layer
     */
    protected abstract void checkLast(List<L> layers, SourceFile file) throws IOException;

    /**
     * Opens the parent that was found, and checks that it is one of the last layer.
     *
     * @param layers those so far, the leaf first
     */
    protected abstract L openParent(List<L> layers, ParentFinder.Found found) throws IOException;

    /**
     * The layers of the disk, the leaf first. {@code source} stays the caller's when this fails; all other files are
     * closed then.
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
