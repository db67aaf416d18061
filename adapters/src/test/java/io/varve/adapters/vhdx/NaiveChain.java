package io.varve.adapters.vhdx;

import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Reads a chain sector by sector with the formulas of the specification and nothing else: slow, and easy to believe.
 */
final class NaiveChain {
    private final List<VhdxLayer> layers;

    NaiveChain(List<VhdxLayer> layers) {
        this.layers = layers;
    }

    byte[] read(long offset, int length) throws IOException {
        byte[] content = new byte[length];
        for (int at = 0; at < length; ) {
            int piece = (int) Math.min(length - at, 512 - (offset + at) % 512);
            ByteBuffer target = ByteBuffer.wrap(content, at, piece);
            boolean found = false;
            for (int layer = 0;
                    !found
                            && layer < layers.size()
                            && offset + at < layers.get(layer).size();
                    layer++) {
                found = read(layers.get(layer), offset + at, target);
            }
            at += piece;
        }
        return content;
    }

    /** Whether the layer decides. */
    private static boolean read(VhdxLayer layer, long offset, ByteBuffer target) throws IOException {
        DiskParameters disk = layer.parameters();
        long bat = layer.rules().tableOffset();
        long ratio = (1L << 23) * disk.logicalSectorSize() / disk.blockSize();
        long block = offset / disk.blockSize();
        long entry = number(layer.source(), bat + 8 * (block + block / ratio));
        long place = entry & ~0xFFFFFL;
        switch ((int) (entry & 7)) {
            case 0:
                return false;
            case 7:
                long chunk = block / ratio;
                long bitmap = number(layer.source(), bat + 8 * (chunk * (ratio + 1) + ratio)) & ~0xFFFFFL;
                long bit = offset / disk.logicalSectorSize() - (chunk << 23);
                ByteBuffer one = ByteBuffer.allocate(1);
                layer.source().read(bitmap + bit / 8, one);
                if ((one.get(0) >> bit % 8 & 1) == 0) {
                    return false;
                }
                layer.source().read(place + offset % disk.blockSize(), target);
                return true;
            case 6:
                layer.source().read(place + offset % disk.blockSize(), target);
                return true;
            default:
                return true;
        }
    }

    private static long number(ByteSource source, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        source.read(offset, bytes);
        return bytes.getLong(0);
    }
}
