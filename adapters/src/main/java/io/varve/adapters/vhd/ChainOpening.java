package io.varve.adapters.vhd;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.ParentFinder;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Opens a disk and its parents, file by file, each checked before the next is looked for. */
final class ChainOpening {
    private ChainOpening() {}

    /**
     * The layers of the disk, the leaf first. {@code source} stays the caller's when this fails; all other files are
     * closed then.
     */
    static List<VhdLayer> run(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        List<VhdLayer> layers = new ArrayList<>();
        layers.add(VhdLayer.open(source));
        try {
            SourceFile file = leaf;
            for (VhdLayer child = layers.get(0); child.hasParent(); child = layers.get(layers.size() - 1)) {
                if (layers.size() == VhdChain.DEEPEST) {
                    throw new UnsupportedImageException(leaf.location() + ": expected a chain of at most "
                            + VhdChain.DEEPEST + " files, found more; merge some of them");
                }
                ParentFinder.Found found = new ParentFinder(WantedVhd.of(child), file.folder(), search).find();
                file = found.file();
                layers.add(open(child, found, layers));
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

    private static VhdLayer open(VhdLayer child, ParentFinder.Found found, List<VhdLayer> layers) throws IOException {
        try {
            VhdLayer parent = VhdLayer.open(found.source());
            // However many paths or copies lead to a file, its id is the same.
            boolean again = layers.stream()
                    .anyMatch(layer ->
                            layer.footer().uniqueId().equals(parent.footer().uniqueId()));
            if (again) {
                throw new CorruptDataException(
                        child.location(),
                        -1,
                        "a parent that is no child of its own",
                        "a cycle to " + found.file().location());
            }
            return parent;
        } catch (IOException | RuntimeException e) {
            found.source().close();
            throw e;
        }
    }
}
