package io.varve.store.chunk;

import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.util.Native;

/**
 * LZ4 block format over direct buffers. Uses the native library if it can be loaded, otherwise Java code. Thread-safe.
 */
public final class Lz4 {
    private static final LZ4Factory FACTORY = factory();
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}

    /**
     * Loads the native library from Varve's own directory and marks it as loaded. Left alone, lz4-java unpacks it into
     * the temporary directory, where another user could replace it before it is loaded.
     */
    private static LZ4Factory factory() {
        try {
            Path library = UnpackedLibrary.of(LZ4Factory.class, resource(), System.mapLibraryName("lz4-java"));
            System.load(library.toAbsolutePath().toString());
            Field loaded = Native.class.getDeclaredField("loaded");
            loaded.setAccessible(true);
            loaded.setBoolean(null, true);
            return LZ4Factory.nativeInstance();
        } catch (IOException | ReflectiveOperationException | LinkageError | RuntimeException e) {
            return LZ4Factory.fastestJavaInstance(); // no native library for this platform, or nowhere to unpack it
        }
    }

    private static String resource() {
        String arch = System.getProperty("os.arch");
        String os = System.getProperty("os.name");
        if (os.startsWith("Windows")) {
            return "net/jpountz/util/windows/" + arch + "/liblz4-java.dll";
        }
        return os.startsWith("Mac")
                ? "net/jpountz/util/darwin/" + arch + "/liblz4-java.dylib"
                : "net/jpountz/util/linux/" + arch + "/liblz4-java.so";
    }

    /** Whether the native code is in use. The Java code is three to five times slower. */
    public static boolean isNative() {
        return FACTORY.toString().contains("JNI");
    }

    public static int maxCompressedLength(int rawLength) {
        return COMPRESSOR.maxCompressedLength(rawLength);
    }

    /**
     * Compresses {@code source}, from position to limit, into {@code target} at its position. No position moves.
     * {@code target} must have at least {@link #maxCompressedLength} bytes remaining.
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
     * @return whether {@code source} is intact and decompresses to exactly the length of {@code target}
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
