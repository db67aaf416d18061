package io.varve.adapters.vhdx;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.read.VhdxDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The small sound image that hostile ones are made from: 4 blocks of 1 MiB, two of them present. */
final class SmallVhdx {
    static final int MIB = 1 << 20;
    static final long SIZE = 4L * MIB - 512;

    private SmallVhdx() {}

    static VhdxBuilder builder() {
        VhdxBuilder builder = new VhdxBuilder(SIZE, MIB);
        builder.state(0, 2);
        builder.present(3, block(3));
        builder.present(1, block(1));
        return builder;
    }

    static byte[] block(int value) {
        byte[] block = new byte[MIB];
        Arrays.fill(block, (byte) value);
        return block;
    }

    static byte[] content() {
        byte[] content = new byte[(int) SIZE];
        Arrays.fill(content, MIB, 2 * MIB, (byte) 1);
        Arrays.fill(content, 3 * MIB, content.length, (byte) 3);
        return content;
    }

    static VhdxDisk open(byte[] file) throws IOException {
        return VhdxDisk.open(new MemoryByteSource(file));
    }

    /** Whether the disk reads as {@link #content}. */
    static boolean isWhole(VhdxDisk disk) throws IOException {
        if (disk.size() != SIZE) {
            return false;
        }
        byte[] found = new byte[(int) SIZE];
        disk.read(0, ByteBuffer.wrap(found));
        return Arrays.equals(found, content());
    }
}
