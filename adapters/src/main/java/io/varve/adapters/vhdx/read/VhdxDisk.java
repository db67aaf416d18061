package io.varve.adapters.vhdx.read;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ForwardingImage;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * A fixed or dynamic VHDX, read-only: the file is never changed, not even its headers. A log that was left in it is
 * replayed in memory. For a differencing disk, which needs its parents, there is {@link VhdxChain}.
 *
 * <p>Heap: 8 MiB of tables at most, whatever the size of the disk; while opening one bit per MiB of the file besides.
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
     * Opens the file and checks all its structures. Takes {@code source} over: closing the disk closes it. It stays the
     * caller's when this fails.
     *
     * @throws CorruptDataException when the file is no VHDX or is damaged
     * @throws UnsupportedImageException when it is one that is not read here
     */
    public static VhdxDisk open(ByteSource source) throws IOException {
        VhdxLayer layer = VhdxLayer.open(source);
        if (layer.parameters().hasParent()) {
            throw new UnsupportedImageException(source.location() + ": is a differencing disk"
                    + " (checkpoint), whose data is partly in its parent; only the file itself was to be read");
        }
        return new VhdxDisk(layer, new VhdxChain(List.of(layer)));
    }

    /** Identity of the content (MS-VHDX 2.2.2): changes before the first write of every session. */
    public UUID dataWriteGuid() {
        return layer.header().dataWriteGuid();
    }

    /** Bytes of a payload block. */
    public int blockSize() {
        return layer.parameters().blockSize();
    }

    /** Where in the file the disk's content lies; usable until this disk is closed. */
    public VhdxAddressMap addressMap() {
        return chain.addressMap();
    }
}
