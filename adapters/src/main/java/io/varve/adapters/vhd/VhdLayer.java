package io.varve.adapters.vhd;

import io.varve.engine.port.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * One VHD file, opened and checked: a whole disk, or the part that a differencing disk holds. Never changes the file.
 *
 * @param source the file; closing the layer closes it
 * @param header empty if and only if the disk is fixed
 */
record VhdLayer(ByteSource source, VhdFooter footer, Optional<DynamicHeader> header) implements Closeable {
    /**
     * Opens the file in the order of its structures and checks each before it uses the next, including the whole BAT.
     * Takes ownership of {@code source}, unless this fails.
     *
     * @throws io.varve.store.fault.CorruptDataException if the file is not a VHD or is damaged
     * @throws io.varve.adapters.file.UnsupportedImageException if it is not supported
     */
    static VhdLayer open(ByteSource source) throws IOException {
        VhdFooter footer = FooterSearch.run(source);
        if (footer.type() == DiskType.FIXED) {
            return new VhdLayer(source, footer, Optional.empty());
        }
        VhdLayer layer = new VhdLayer(source, footer, Optional.of(DynamicHeader.read(source, footer)));
        OverlapCheck.run(source, layer.rules());
        // A writer that extends the file overwrites the footer first.
        if (!FooterSearch.run(source).equals(footer)) {
            throw new IOException(source.location() + ": is being written while it is read; back up a copy of it");
        }
        return layer;
    }

    private BlockRules rules() {
        DynamicHeader dynamic = header.orElseThrow();
        BlockGeometry geometry = new BlockGeometry(footer.size(), dynamic.blockSize());
        return new BlockRules(location(), footer.dataEnd(), dynamic, geometry);
    }

    /** @param slotCount most pages of the BAT, 32 KiB each, and most sectors of sector bitmaps to cache */
    LayerMap map(int slotCount) {
        switch (footer.type()) {
            case FIXED:
                return LayerMap.fixed();
            case DYNAMIC:
                return LayerMap.dynamic(new BlockTable(source, rules(), slotCount));
            default:
                return LayerMap.differencing(source, new BlockTable(source, rules(), slotCount), slotCount);
        }
    }

    boolean hasParent() {
        return footer.type() == DiskType.DIFFERENCING;
    }

    long size() {
        return footer.size();
    }

    String location() {
        return source.location();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
