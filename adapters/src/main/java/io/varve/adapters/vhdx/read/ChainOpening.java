package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.chain.ParentFinder;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
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
    static List<VhdxLayer> run(ByteSource source, SourceFile leaf, ParentSearch search) throws IOException {
        List<VhdxLayer> layers = new ArrayList<>();
        layers.add(VhdxLayer.open(source));
        ChainRules rules = new ChainRules(leaf);
        try {
            SourceFile file = leaf;
            for (VhdxLayer child = layers.get(0);
                    child.parameters().hasParent();
                    child = layers.get(layers.size() - 1)) {
                rules.checkDepth(layers.size(), Faults.REFUSE);
                rules.enter(file, child.header().dataWriteGuid());
                ParentFinder.Found found = new ParentFinder(WantedVhdx.of(child), file.folder(), search).find();
                file = found.file();
                layers.add(open(child, found, rules));
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

    private static VhdxLayer open(VhdxLayer child, ParentFinder.Found found, ChainRules rules) throws IOException {
        try {
            VhdxHeader header = HeaderPair.read(found.source()).current();
            rules.checkNew(child.location(), found.file(), header.dataWriteGuid(), Faults.REFUSE);
            VhdxLayer parent = VhdxLayer.open(found.source());
            ChainRules.checkSectorSizes(
                    child.location(), child.parameters(), found.file().location(), parent.parameters(), Faults.REFUSE);
            return parent;
        } catch (IOException | RuntimeException e) {
            found.source().close();
            throw e;
        }
    }
}
