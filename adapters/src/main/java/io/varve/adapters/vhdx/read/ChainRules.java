package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.engine.port.SourceFile;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Rules for a file that is the parent of another (MS-VHDX 2.6.2.6). One instance per chain, for one thread. */
public final class ChainRules {
    private final SourceFile leaf;
    private final Set<Object> files = new HashSet<>();
    private final Set<UUID> contents = new HashSet<>();

    public ChainRules(SourceFile leaf) {
        this.leaf = leaf;
    }

    /** Adds a file of the chain. The leaf is added first. */
    public void enter(SourceFile file, UUID dataWriteGuid) throws IOException {
        files.add(file.identity());
        contents.add(dataWriteGuid);
    }

    /** Whether the chain may continue after {@code depth} files. */
    public boolean checkDepth(int depth, Faults faults) throws IOException {
        if (depth < VhdxChain.DEEPEST) {
            return true;
        }
        faults.found(
                VhdxFault.PARENT_DEPTH,
                () -> new UnsupportedImageException(
                        leaf.location(),
                        -1,
                        "expected a chain of at most " + VhdxChain.DEEPEST + " files, found more; merge some of them"));
        return false;
    }

    /** Whether {@code file} was not added before. */
    public boolean checkNew(String child, SourceFile file, UUID dataWriteGuid, Faults faults) throws IOException {
        if (!files.contains(file.identity()) && !contents.contains(dataWriteGuid)) {
            return true;
        }
        faults.found(
                VhdxFault.PARENT_CYCLE,
                () -> new CorruptDataException(
                        child, -1, "a parent that is not its own descendant", "a cycle to " + file.location()));
        return false;
    }

    public static void checkSectorSizes(
            String child, DiskParameters ofChild, String parent, DiskParameters ofParent, Faults faults)
            throws IOException {
        if (ofChild.logicalSectorSize() != ofParent.logicalSectorSize()) {
            faults.found(
                    VhdxFault.PARENT_SECTOR_SIZE,
                    () -> new CorruptDataException(
                            child,
                            -1,
                            "the logical sector size of its parent " + parent + ", " + ofParent.logicalSectorSize(),
                            Integer.toString(ofChild.logicalSectorSize())));
        }
    }
}
