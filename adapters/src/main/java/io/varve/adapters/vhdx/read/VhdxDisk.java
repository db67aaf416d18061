package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ForwardingImage;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * A fixed or dynamic VHDX, read-only: the file, including its headers, is never changed. A log left in it is replayed
 * in memory. For differencing disks, which need their parents, there is {@link VhdxChain}.
 *
 * <p>Heap: at most 8 MiB of tables, whatever the size of the disk; during opening also one bit per MiB of the file.
 */
public final class VhdxDisk extends ForwardingImage {
    private final VhdxLayer layer;
    private final VhdxChain chain;

    private VhdxDisk(VhdxLayer layer, VhdxChain chain) {
        super(chain);
        this.layer = layer;
        this.chain = chain;
    }

    /**
     * Opens the file and checks all its structures. Takes over {@code source}: closing the disk closes it. If this
     * fails, the caller still has to close it.
     *
     * @throws CorruptDataException if the file is not a VHDX or is damaged
     * @throws UnsupportedImageException if it is of a kind that Varve does not read
     */
    public static VhdxDisk open(ByteSource source) throws IOException {
        VhdxLayer layer = VhdxLayer.open(source);
        if (layer.parameters().hasParent()) {
            throw new UnsupportedImageException(source.location() + ": is a differencing disk"
                    + " (checkpoint), whose data is partly in its parent; only the file itself was to be read");
        }
        return new VhdxDisk(layer, new VhdxChain(List.of(layer)));
    }

    /** Returns the DataWriteGuid (MS-VHDX 2.2.2), which changes before the first write of each session. */
    public UUID dataWriteGuid() {
        return layer.header().dataWriteGuid();
    }

    /** Returns the size of a payload block in bytes. */
    public int blockSize() {
        return layer.parameters().blockSize();
    }

    /** Returns where in the file the content of the disk is. Usable until this disk is closed. */
    public VhdxAddressMap addressMap() {
        return chain.addressMap();
    }
}
