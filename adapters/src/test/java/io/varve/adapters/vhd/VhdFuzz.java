package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.chain.WindowsPath;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.fuzz.FuzzInput;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/** A whole VHD: the input says what to change in a sound one, checksums are made right again. */
public final class VhdFuzz {
    private static final byte[] DYNAMIC = SmallVhd.builder().build();
    private static final byte[] FIXED = VhdBuilder.fixed(SmallVhd.content()).build();
    private static final byte[] CHILD =
            SmallVhd.builder().child(new UUID(5, 6), "W2ru", ".\\parent.vhd").build();

    private VhdFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzInput input = new FuzzInput(data);
        int mode = input.u8();
        byte[] sound = mode % 4 == 0 ? FIXED : mode % 4 == 1 ? CHILD : DYNAMIC;
        byte[] file = sound.clone();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        for (int change = 0; change < 8 && input.hasMore(); change++) {
            change(bytes, input);
        }
        if (mode < 200) {
            VhdBuilder.seal(bytes.slice(file.length - 512, 512), 64);
            if (sound != FIXED) {
                VhdBuilder.seal(bytes.slice(0, 512), 64);
                VhdBuilder.seal(bytes.slice(512, 1024), 36);
            }
        }
        int size = (mode & 64) == 0 ? file.length : (int) Math.min(file.length, input.value() & 0xFFFF);
        judge(new MemoryByteSource(file, size));
    }

    private static void change(ByteBuffer bytes, FuzzInput input) {
        int where = input.u8();
        int offset = input.u8();
        int end = bytes.capacity() - 512;
        int at = switch (where % 5) {
            case 0 -> end + offset;
            case 1 -> offset;
            case 2 -> 512 + offset;
            case 3 -> 512 + 576 + offset;
            default -> VhdBuilder.TABLE_OFFSET + offset;
        };
        at = Math.min(at, bytes.capacity() - 8);
        long value = input.value();
        switch (where >>> 6) {
            case 0 -> bytes.put(at, (byte) value);
            case 1 -> bytes.putInt(at & -4, (int) value);
            case 2 -> bytes.putLong(at & -8, value);
            default -> {
                // The same in both footers, or the other one counts.
                bytes.putInt((offset & 0xFC) % 508, (int) value);
                bytes.putInt(end + (offset & 0xFC) % 508, (int) value);
            }
        }
    }

    private static void judge(MemoryByteSource source) throws IOException {
        VhdLayer layer;
        try {
            layer = VhdLayer.open(source);
            if (layer.hasParent()) {
                // Whom it wants; there is no folder to look for him in.
                WantedVhd.of(layer).paths().forEach(path -> WindowsPath.parse(path.text()));
                return;
            }
        } catch (CorruptDataException | UnsupportedImageException e) {
            assertEquals(false, e.getMessage().isEmpty());
            return;
        }
        try (VhdChain disk = SmallVhd.open(source)) {
            long size = disk.size();
            for (long offset : new long[] {0, SmallVhd.BLOCK - 700, 2 * SmallVhd.BLOCK, Math.max(0, size - 3000)}) {
                int length = (int) Math.min(3000, size - offset);
                if (length <= 0) {
                    continue;
                }
                byte[] expected = naive(layer, offset, length);
                ByteBuffer found = ByteBuffer.allocate(length);
                disk.read(offset, found);
                assertArrayEquals(expected, found.array());
                Range range = new Range(offset, length);
                for (Range hole : RangeSet.of(range).minus(disk.allocated(range))) {
                    int from = (int) (hole.offset() - offset);
                    byte[] part = Arrays.copyOfRange(expected, from, from + (int) hole.length());
                    assertEquals(-1, Arrays.mismatch(part, new byte[part.length]));
                }
            }
        }
    }

    /** Byte by byte, of a disk without parent. */
    private static byte[] naive(VhdLayer layer, long offset, int length) throws IOException {
        byte[] content = new byte[length];
        if (layer.header().isEmpty()) {
            layer.source().read(offset, ByteBuffer.wrap(content));
            return content;
        }
        DynamicHeader header = layer.header().get();
        long bitmap = (header.blockSize() / 512L + 7) / 8;
        long skip = (bitmap + 511) / 512 * 512;
        ByteBuffer entry = ByteBuffer.allocate(4);
        for (int at = 0; at < length; at++) {
            long block = (offset + at) / header.blockSize();
            layer.source().read(header.tableOffset() + 4 * block, entry.clear());
            long sector = Integer.toUnsignedLong(entry.getInt(0));
            if (sector != 0xFFFF_FFFFL) {
                long place = sector * 512 + skip + (offset + at) % header.blockSize();
                layer.source().read(place, ByteBuffer.wrap(content, at, 1));
            }
        }
        return content;
    }
}
