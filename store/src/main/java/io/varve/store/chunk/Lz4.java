package io.varve.store.chunk;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 block format over direct buffers, by the native library where it loads. Thread-safe. */
public final class Lz4 {
    private static final LZ4Factory FACTORY = LZ4Factory.fastestInstance();
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}

    /** Whether the native code is in use; the Java versions are three to five times slower. */
    public static boolean isNative() {
        return FACTORY.toString().contains("JNI");
    }

    public static int maxCompressedLength(int rawLength) {
        return COMPRESSOR.maxCompressedLength(rawLength);
    }

    /**
     * Compresses {@code source} (position to limit, not moved) into {@code target} at its position (not moved), whose
     * remaining must be at least {@link #maxCompressedLength}.
     *
     * @return compressed length in bytes
     */
    public static int compress(ByteBuffer source, ByteBuffer target) {
        return COMPRESSOR.compress(
                source, source.position(), source.remaining(), target, target.position(), target.remaining());
    }

    /**
     * Decompresses {@code source} (position to limit, not moved) into {@code target} (position to limit, not moved).
     *
     * @return whether the source is sound and gave exactly as many bytes as the target has room for
     */
    public static boolean decompress(ByteBuffer source, ByteBuffer target) {
        try {
            int length = DECOMPRESSOR.decompress(
                    source, source.position(), source.remaining(), target, target.position(), target.remaining());
            return length == target.remaining();
        } catch (LZ4Exception e) {
            return false;
        }
    }
}
