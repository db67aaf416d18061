package io.varve.adapters.hyperv;

import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.util.UUID;

/** The content of disks as an earlier snapshot holds it. */
@FunctionalInterface
public interface EarlierContent {
    /**
     * Opens a disk of a snapshot; the caller closes it.
     *
     * @param snapshotId as {@link io.varve.engine.port.Previous.Night} names it
     * @param disk its GUID
     * @throws IOException when the snapshot has no such disk, or cannot be read
     */
    DiskImage open(String snapshotId, UUID disk) throws IOException;
}
