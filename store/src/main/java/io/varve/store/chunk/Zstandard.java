package io.varve.store.chunk;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.varve.store.cache.UnpackedLibrary;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Zstandard frames over direct buffers, using the native library. Thread-safe.
 *
 * <p>Creating a context costs as much as decoding a block, so contexts are pooled. The pool never holds more of them
 * than there were threads at work at the same time. Each takes about 1 MiB of native memory at level 3, and none is
 * freed before the process ends.
 */
final class Zstandard {
    private static final Queue<ZstdCompressCtx> COMPRESSORS = new ConcurrentLinkedQueue<>();
    private static final Queue<ZstdDecompressCtx> DECOMPRESSORS = new ConcurrentLinkedQueue<>();

    static {
        load();
    }

    private Zstandard() {}

    /**
     * Loads the native library from Varve's own directory. Left alone, zstd-jni unpacks it into the temporary
     * directory.
     */
    private static void load() {
        try {
            String name = resource();
            Path library = UnpackedLibrary.of(ZstdCompressCtx.class, name, name.substring(name.lastIndexOf('/') + 1));
            System.load(library.toAbsolutePath().toString());
            Native.assumeLoaded();
        } catch (IOException e) {
            throw new UncheckedIOException("Zstandard cannot be loaded: " + Reason.of(e), e);
        }
    }

    private static String resource() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch");
        String file = "/libzstd-jni-" + ZstdVersion.VERSION;
        if (os.startsWith("Windows")) {
            return "win/" + arch + file + ".dll";
        }
        return os.startsWith("Mac") ? "darwin/" + arch + file + ".dylib" : "linux/" + arch + file + ".so";
    }

    /**
     * Compresses {@code source} (position to limit, not moved) into {@code target} (position to limit, not moved).
     *
     * @return compressed length in bytes, or -1 if {@code target} is too small
     */
    static int compress(ByteBuffer source, ByteBuffer target, int level) {
        ZstdCompressCtx lent = COMPRESSORS.poll();
        ZstdCompressCtx context = lent == null ? new ZstdCompressCtx() : lent;
        try {
            return context.setLevel(level)
                    .compressDirectByteBuffer(
                            target,
                            target.position(),
                            target.remaining(),
                            source,
                            source.position(),
                            source.remaining());
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return -1;
            }
            throw new IllegalStateException("Zstandard could not compress a chunk; nothing was stored", e);
        } finally {
            COMPRESSORS.add(context);
        }
    }

    /**
     * Decompresses {@code source} (position to limit, not moved) into {@code target} (position to limit, not moved).
     *
     * @return whether {@code source} is one intact frame and decompresses to exactly the length of {@code target}
     */
    static boolean decompress(ByteBuffer source, ByteBuffer target) {
        if (!source.isDirect() || !target.isDirect()) {
            return decompressCopies(source, target);
        }
        if (!ZstdFrame.isOne(source)) {
            return false;
        }
        ZstdDecompressCtx lent = DECOMPRESSORS.poll();
        ZstdDecompressCtx context = lent == null ? new ZstdDecompressCtx() : lent;
        try {
            int length = context.decompressDirectByteBuffer(
                    target, target.position(), target.remaining(), source, source.position(), source.remaining());
            return length == target.remaining();
        } catch (ZstdException e) {
            return false;
        } finally {
            DECOMPRESSORS.add(context);
        }
    }

    private static boolean decompressCopies(ByteBuffer source, ByteBuffer target) {
        ByteBuffer from = ByteBuffer.allocateDirect(source.remaining())
                .put(source.duplicate())
                .flip();
        ByteBuffer to = ByteBuffer.allocateDirect(target.remaining());
        boolean sound = decompress(from, to);
        target.duplicate().put(to);
        return sound;
    }
}
