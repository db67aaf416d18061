package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UncachedByteSourceTest extends FileByteSourceContract {
    @BeforeEach
    void theFileSystemOffersIt() throws IOException {
        Path probe = Files.write(folder.resolve("probe"), new byte[4096]);
        boolean offered;
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            offered = channel.size() == 4096;
        } catch (IOException | UnsupportedOperationException e) {
            offered = false;
        }
        Files.delete(probe);
        assumeTrue(offered, "SKIPPED: the file system of " + folder + " cannot be read past the page cache");
    }

    @Override
    ByteSource open(Path file) throws IOException {
        return ByteSources.open(file, Reader.UNCACHED);
    }

    /** Aligned or not, in the file, in length and in memory: the bytes are the same. */
    @Test
    void whateverTheAlignment() throws IOException {
        byte[] content = new byte[5 * 65536 + 777];
        new SplittableRandom(11).nextBytes(content);
        Path file = Files.write(folder.resolve("disk"), content);
        ByteBuffer memory = ByteBuffer.allocateDirect(3 << 20).alignedSlice(4096);
        try (ByteSource source = open(file)) {
            for (int at : new int[] {0, 512, 4096, 65536, 65537}) {
                for (int length : new int[] {0, 1, 512, 4096, 65536, 3 * 65536, content.length - at}) {
                    for (int shift : new int[] {0, 8, 512}) {
                        ByteBuffer target = memory.slice(shift, length);
                        source.read(at, target);
                        assertEquals(0, target.remaining());
                        byte[] found = new byte[length];
                        target.get(0, found);
                        assertArrayEquals(
                                Arrays.copyOfRange(content, at, at + length), found, at + " " + length + " " + shift);
                    }
                }
            }
        }
    }

    /** A cold file stays out of the page cache; what is there is taken from there. */
    @Test
    void theAdaptiveReaderLeavesAColdFileCold() throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(2 << 20).alignedSlice(4096).slice(0, 1 << 20);
        Path file = folder.resolve("cold");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            for (int i = 0; i < 64; i++) {
                channel.write(piece.clear());
            }
            channel.force(true);
        }
        assumeTrue(LinuxCalls.isUsable(), "SKIPPED: no calls into the C library here");
        int descriptor = LinuxCalls.open(file);
        try {
            long pages = LinuxCalls.cachedPages(descriptor, 0, 64 << 20);
            assumeTrue(pages >= 0, "SKIPPED: this system does not tell what is in the page cache");
            readAll(file, Reader.AUTO, piece);
            assertTrue(LinuxCalls.cachedPages(descriptor, 0, 64 << 20) <= pages + 16, "read past the cache");
            readAll(file, Reader.DIRECT, piece);
            assertTrue(LinuxCalls.cachedPages(descriptor, 0, 64 << 20) > 0, "read through the cache");
            try (DirectByteSource source = DirectByteSource.open(file)) {
                assertTrue(source.knowledge().isCachedAheadOf(0));
            }
        } finally {
            LinuxCalls.close(descriptor);
        }
    }

    private static void readAll(Path file, Reader reader, ByteBuffer piece) throws IOException {
        try (ByteSource source = ByteSources.open(file, reader)) {
            for (long at = 0; at < source.size(); at += piece.capacity()) {
                source.read(at, piece.clear());
            }
        }
    }
}
