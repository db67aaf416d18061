package io.varve.adapters.vhdx;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a file must be to be the parent of another (MS-VHDX 2.6.2.6). One per chain, for one thread. */
final class ChainRules {
    private final Path leaf;
    private final Set<Object> files = new HashSet<>();
    private final Set<UUID> contents = new HashSet<>();

    ChainRules(Path leaf) {
        this.leaf = leaf;
    }

    /** Enters a file of the chain, the leaf first; {@code file} is without links. */
    void enter(Path file, UUID dataWriteGuid) throws IOException {
        files.add(identity(file));
        contents.add(dataWriteGuid);
    }

    /** Whether the chain may go on behind {@code depth} files. */
    boolean checkDepth(int depth, Faults faults) throws IOException {
        if (depth < VhdxChain.DEEPEST) {
            return true;
        }
        faults.found(
                VhdxFault.PARENT_DEPTH,
                () -> new UnsupportedImageException(
                        leaf.toString(),
                        -1,
                        "expected a chain of at most " + VhdxChain.DEEPEST + " files, found more; merge some of them"));
        return false;
    }

    /** Whether {@code file} is none that was entered before. */
    boolean checkNew(String child, Path file, UUID dataWriteGuid, Faults faults) throws IOException {
        if (!files.contains(identity(file)) && !contents.contains(dataWriteGuid)) {
            return true;
        }
        faults.found(
                VhdxFault.PARENT_CYCLE,
                () -> new CorruptDataException(
                        child, -1, "a parent that is no child of its own", "a cycle to " + file));
        return false;
    }

    static void checkSectorSizes(
            String child, DiskParameters ofChild, Path parent, DiskParameters ofParent, Faults faults)
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

    /** The file system's name of the file, however many paths lead to it; where it has none (Windows) the path. */
    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }
}
