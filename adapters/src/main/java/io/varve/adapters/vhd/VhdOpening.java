package io.varve.adapters.vhd;

import io.varve.adapters.chain.ChainOpening;
import io.varve.adapters.chain.ParentFinder;
import io.varve.adapters.chain.WantedParent;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.List;

/** Opens a chain of VHDs, and checks that each file is the parent of the one before. One per chain, for one thread. */
final class VhdOpening extends ChainOpening<VhdLayer> {
    private final SourceFile leaf;

    VhdOpening(SourceFile leaf) {
        this.leaf = leaf;
    }

    @Override
    protected VhdLayer open(ByteSource source) throws IOException {
        return VhdLayer.open(source);
    }

    @Override
    protected boolean hasParent(VhdLayer layer) {
        return layer.hasParent();
    }

    @Override
    protected WantedParent wanted(VhdLayer child) throws IOException {
        return WantedVhd.of(child);
    }

    @Override
    protected void checkLast(List<VhdLayer> layers, SourceFile file) throws IOException {
        if (layers.size() == VhdChain.DEEPEST) {
            throw new UnsupportedImageException(leaf.location() + ": expected a chain of at most " + VhdChain.DEEPEST
                    + " files, found more; merge some of them");
        }
    }

    @Override
    protected VhdLayer openParent(List<VhdLayer> layers, ParentFinder.Found found) throws IOException {
        VhdLayer parent = VhdLayer.open(found.source());
        // A file has the same id under any path, and so has a copy.
        boolean again = layers.stream()
                .anyMatch(layer ->
                        layer.footer().uniqueId().equals(parent.footer().uniqueId()));
        if (again) {
            throw new CorruptDataException(
                    layers.get(layers.size() - 1).location(),
                    -1,
                    "a parent that is not its own descendant",
                    "a cycle to " + found.file().location());
        }
        return parent;
    }
}
