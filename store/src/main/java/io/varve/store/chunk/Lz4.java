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

/** LZ4 block format over direct buffers, by the native library where it loads. Thread-safe. */
public final class Lz4 {
    private static final LZ4Factory FACTORY = factory();
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    private Lz4() {}

    /**
     * The library would unpack itself into the directory for temporary files, as a file that others may write to before
     * it is loaded. So it is loaded here, and told that it is.
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
            return LZ4Factory.fastestJavaInstance(); // no library for this platform, or no place for it
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
