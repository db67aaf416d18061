package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.ChainOpening;
import io.varve.adapters.chain.ParentFinder;
import io.varve.adapters.chain.WantedParent;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.util.List;

/** Applies {@link ChainRules} to the files of a VHDX chain. One instance per chain, for one thread. */
final class VhdxOpening extends ChainOpening<VhdxLayer> {
    private final ChainRules rules;

    VhdxOpening(SourceFile leaf) {
        this.rules = new ChainRules(leaf);
    }

    @Override
    protected VhdxLayer open(ByteSource source) throws IOException {
        return VhdxLayer.open(source);
    }

    @Override
    protected boolean hasParent(VhdxLayer layer) {
        return layer.parameters().hasParent();
    }

    @Override
    protected WantedParent wanted(VhdxLayer child) throws IOException {
        return WantedVhdx.of(child);
    }

    @Override
    protected void checkLast(List<VhdxLayer> layers, SourceFile file) throws IOException {
        rules.checkDepth(layers.size(), Faults.REFUSE);
        rules.enter(file, layers.get(layers.size() - 1).header().dataWriteGuid());
    }

    @Override
    protected VhdxLayer openParent(List<VhdxLayer> layers, ParentFinder.Found found) throws IOException {
        VhdxLayer child = layers.get(layers.size() - 1);
        VhdxHeader header = HeaderPair.read(found.source()).current();
        rules.checkNew(child.location(), found.file(), header.dataWriteGuid(), Faults.REFUSE);
        VhdxLayer parent = VhdxLayer.open(found.source());
        ChainRules.checkSectorSizes(
                child.location(), child.parameters(), found.file().location(), parent.parameters(), Faults.REFUSE);
        return parent;
    }
}
