package io.varve.adapters.vhd;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** The small sound image that hostile ones are made from: 4 blocks of 4 KiB, two of them in the file. */
final class SmallVhd {
    static final int BLOCK = 4096;
    static final int SIZE = 4 * BLOCK - 512;

    private SmallVhd() {}

    static VhdBuilder builder() {
        return new VhdBuilder(SIZE, BLOCK).block(3, block(3)).block(1, block(1));
    }

    static byte[] block(int value) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) value);
        return block;
    }

    static byte[] content() {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, BLOCK, 2 * BLOCK, (byte) 1);
        Arrays.fill(content, 3 * BLOCK, SIZE, (byte) 3);
        return content;
    }

    static VhdChain open(byte[] file) throws IOException {
        return open(new MemoryByteSource(file));
    }

    static VhdChain open(ByteSource source) throws IOException {
        return VhdChain.open(source, new LocalFile(Path.of("memory.bin"), Reader.DIRECT), ParentSearch.sameFolder());
    }

    /** Whether the disk reads as {@link #content}. */
    static boolean isWhole(VhdChain disk) throws IOException {
        if (disk.size() != SIZE) {
            return false;
        }
        byte[] found = new byte[SIZE];
        disk.read(0, ByteBuffer.wrap(found));
        return Arrays.equals(found, content());
    }
}
