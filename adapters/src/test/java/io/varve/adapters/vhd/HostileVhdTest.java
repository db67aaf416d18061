package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Images whose checksums are right and whose contents lie, one lie each. */
class HostileVhdTest {
    private static void refused(Class<? extends IOException> type, String reason, byte[] file) {
        IOException refusal = assertThrows(type, () -> SmallVhd.open(file), reason);
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("memory.bin"), refusal.getMessage());
    }

    private static void corrupt(String reason, Consumer<VhdBuilder> lie) {
        VhdBuilder builder = SmallVhd.builder();
        lie.accept(builder);
        refused(CorruptDataException.class, reason, builder.build());
    }

    private static void unsupported(String reason, Consumer<VhdBuilder> lie) {
        VhdBuilder builder = SmallVhd.builder();
        lie.accept(builder);
        refused(UnsupportedImageException.class, reason, builder.build());
    }

    private static void whole(Consumer<VhdBuilder> change) throws IOException {
        VhdBuilder builder = SmallVhd.builder();
        change.accept(builder);
        whole(builder.build());
    }

    private static void whole(byte[] file) throws IOException {
        try (VhdChain disk = SmallVhd.open(file)) {
            assertTrue(SmallVhd.isWhole(disk));
        }
    }

    private static Consumer<VhdBuilder> footer(Consumer<ByteBuffer> lie) {
        return builder -> builder.footerLie = lie;
    }

    private static Consumer<VhdBuilder> header(Consumer<ByteBuffer> lie) {
        return builder -> builder.headerLie = lie;
    }

    @Test
    void soundImageIsRead() throws IOException {
        whole(builder -> {});
    }

    @Test
    void footerOfAnotherVersionOrType() throws IOException {
        unsupported("VHD version 1, found 2", footer(bytes -> bytes.putInt(12, 0x20000)));
        whole(footer(bytes -> bytes.putInt(12, 0x10005)));
        for (int type : new int[] {0, 1, 5, 6, -1}) {
            unsupported("found type " + Integer.toUnsignedString(type), footer(bytes -> bytes.putInt(60, type)));
        }
    }

    @Test
    void fieldsThatDecideNothing() throws IOException {
        whole(footer(bytes -> bytes.putInt(8, -1)
                .putInt(24, -1)
                .putInt(28, 0)
                .putInt(36, 0)
                .putLong(40, 12345)
                .putInt(56, -1)
                .put(84, (byte) 1)
                .put(500, (byte) 9)));
        whole(header(bytes -> bytes.putLong(8, 0)
                .putInt(56, -1)
                .putInt(60, -1)
                .putInt(576, -1)
                .put(1000, (byte) 9)));
    }

    @Test
    void currentSizeCountsAndNotTheGeometry() throws IOException {
        try (VhdChain disk = SmallVhd.open(SmallVhd.builder().build())) {
            // The builder's geometry is that of a single sector.
            assertEquals(SmallVhd.SIZE, disk.size());
        }
    }

    @Test
    void sizeThatIsNone() {
        for (long size : new long[] {0, 511, SmallVhd.SIZE + 1, -512, Long.MIN_VALUE, Long.MAX_VALUE}) {
            corrupt("a multiple of 512", footer(bytes -> bytes.putLong(48, size)));
        }
    }

    @Test
    void diskLargerThanItsTable() {
        corrupt("a BAT of at least 5 entries", footer(bytes -> bytes.putLong(48, 4 * SmallVhd.BLOCK + 512)));
        corrupt("a BAT of at least", footer(bytes -> bytes.putLong(48, Long.MAX_VALUE / 512 * 512)));
        corrupt("a BAT of at least 4 entries", header(bytes -> bytes.putInt(28, 3)));
        corrupt("a BAT of at least 4 entries", header(bytes -> bytes.putInt(28, 0)));
    }

    @Test
    void fixedDiskLargerThanItsFile() throws IOException {
        byte[] content = SmallVhd.content();
        for (long size : new long[] {content.length + 512, 1L << 50, Long.MAX_VALUE / 512 * 512}) {
            VhdBuilder builder = VhdBuilder.fixed(content);
            builder.footerLie = bytes -> bytes.putLong(48, size);
            refused(CorruptDataException.class, "as much as the file holds", builder.build());
        }
        VhdBuilder roomy = VhdBuilder.fixed(Arrays.copyOf(content, content.length + 1024));
        roomy.footerLie = bytes -> bytes.putLong(48, content.length);
        whole(roomy.build());
    }

    @Test
    void fixedDiskOfAGuestThatWritesFooters() throws IOException {
        byte[] dynamic = SmallVhd.builder().build();
        try (VhdChain disk = SmallVhd.open(VhdBuilder.fixed(dynamic).build())) {
            assertEquals("vhd-fixed", disk.format());
            ByteBuffer found = ByteBuffer.allocate(dynamic.length);
            disk.read(0, found);
            assertArrayEquals(dynamic, found.array());
        }
        // With its own footer gone, the one of a fixed disk at its beginning is the guest's and not a copy.
        byte[] fixed = VhdBuilder.fixed(new byte[1024]).build();
        byte[] footer = Arrays.copyOfRange(fixed, 1024, 1536);
        refused(CorruptDataException.class, "one of a fixed disk", Arrays.copyOf(footer, 4096));
    }

    @Test
    void headerThatIsElsewhere() {
        for (long offset : new long[] {0, 511, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20}) {
            corrupt("the offset of a header", footer(bytes -> bytes.putLong(16, offset)));
        }
        int end = SmallVhd.builder().build().length - 512;
        corrupt("the offset of a header", footer(bytes -> bytes.putLong(16, end - 1023)));
        corrupt("\"cxsparse\"", footer(bytes -> bytes.putLong(16, end - 1024)));
        corrupt("\"cxsparse\"", footer(bytes -> bytes.putLong(16, 1024)));
        corrupt("\"cxsparse\"", header(bytes -> bytes.put(0, (byte) 'C')));
    }

    @Test
    void headerWithWrongChecksum() {
        byte[] file = SmallVhd.builder().build();
        file[512 + 36] ^= 1;
        refused(CorruptDataException.class, "a header with checksum", file);
    }

    @Test
    void headerOfAnotherVersion() throws IOException {
        unsupported("version 1, found 3", header(bytes -> bytes.putInt(24, 0x30000)));
        whole(header(bytes -> bytes.putInt(24, 0x10001)));
    }

    @Test
    void blockSizeThatIsNone() {
        for (int size : new int[] {0, 1, 256, 511, 4097, 3 << 10, -1}) {
            corrupt("a block size that is a power of two", header(bytes -> bytes.putInt(32, size)));
        }
        // The largest power of two: one block, whose place is not inside the file.
        corrupt("a block inside the file", builder -> {
            builder.headerLie = bytes -> bytes.putInt(32, 1 << 31);
            builder.entries.put(0, 10);
        });
    }

    @Test
    void tableThatIsElsewhere() {
        int length = SmallVhd.builder().build().length;
        for (long offset : new long[] {0, 511, -1, Long.MIN_VALUE, Long.MAX_VALUE, length - 512, length - 512 - 15}) {
            corrupt("a BAT of 16 bytes", header(bytes -> bytes.putLong(16, offset)));
        }
        for (long offset : new long[] {512, 512 - 15 + 512, 1535, 1000}) {
            corrupt("a BAT of 16 bytes", header(bytes -> bytes.putLong(16, offset)));
        }
        corrupt("a BAT of 17179869180 bytes", header(bytes -> bytes.putInt(28, -1)));
        corrupt("a BAT of 4294967296 bytes", header(bytes -> bytes.putInt(28, 1 << 30)));
    }

    @Test
    void blockOutsideTheFile() {
        int sectors = SmallVhd.builder().build().length / 512;
        for (int entry : new int[] {sectors, sectors - 1, sectors - 9, -2, 1 << 31, Integer.MAX_VALUE}) {
            corrupt("a block inside the file", builder -> builder.entries.put(1, entry));
        }
        corrupt("block 3 (virtual range [12288, 15872))", builder -> builder.entries.put(3, -2));
    }

    @Test
    void blockOverAStructure() {
        corrupt("inside the copy of the footer", builder -> builder.entries.put(1, 0));
        corrupt("inside the header", builder -> builder.entries.put(1, 1));
        corrupt("inside the header", builder -> builder.entries.put(1, 2));
        corrupt("inside the BAT", builder -> builder.entries.put(1, 3));
    }

    @Test
    void blocksThatShareAPlace() {
        int first = SmallVhd.builder().blocksOffset() / 512;
        // Blocks 3 and 1 lie at first and first + 9.
        for (int entry : new int[] {first, first + 1, first + 8, first + 9}) {
            corrupt("where another block lies", builder -> builder.entries.put(0, entry));
        }
        corrupt("where another block lies", builder -> builder.entries.put(1, first + 8));
        corrupt("where another block lies", builder -> builder.entries.put(1, first));
    }

    /** Against a check of each with each. */
    @Test
    void anyTwoBlocksThatShareAPlace() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            VhdBuilder builder = new VhdBuilder(6 * 1024, 1024);
            for (int block = 0; block < 6; block++) {
                builder.block(block, new byte[1024]);
            }
            int[] places = new int[6];
            boolean overlap = false;
            for (int block = 0; block < 3; block++) {
                places[block] = 4 + random.nextInt(16);
                builder.entries.put(block, places[block]);
                for (int other = 0; other < block; other++) {
                    overlap |= Math.abs(places[block] - places[other]) < 3;
                }
                builder.entries.put(block + 3, -1);
            }
            byte[] file = builder.build();
            if (overlap) {
                refused(CorruptDataException.class, "where another block lies", file);
                refused++;
            } else {
                SmallVhd.open(file).close();
            }
        }
        assertTrue(refused > 100 && refused < 1900, "refused " + refused);
    }

    @Test
    void entriesBehindTheDiskMeanNothing() throws IOException {
        whole(builder -> {
            builder.headerLie = bytes -> bytes.putInt(28, 100);
            builder.entries.put(4, 0);
            builder.entries.put(5, -2);
        });
    }

    @Test
    void diskOfTooManyBlocksToCheck() {
        VhdBuilder tiny = new VhdBuilder(512 * 16, 512);
        tiny.footerLie = bytes -> bytes.putLong(48, 512L * (OverlapCheck.MOST_BLOCKS + 1L));
        tiny.headerLie = bytes -> bytes.putInt(28, OverlapCheck.MOST_BLOCKS + 1);
        tooMany(tiny, 40 << 20);
    }

    /** Places in the file count too: they decide how much memory the check takes. */
    @Test
    void fileOfTooManyBlocksToCheck() {
        tooMany(new VhdBuilder(512 * 16, 512), 1L << 40);
    }

    /** @param length of the file, of which only the beginning and the end are more than zeros */
    private static void tooMany(VhdBuilder builder, long length) {
        byte[] start = builder.build();
        byte[] footer = Arrays.copyOfRange(start, start.length - 512, start.length);
        IOException refusal = assertThrows(
                UnsupportedImageException.class, () -> SmallVhd.open(new LongSource(length, start, footer)));
        assertTrue(refusal.getMessage().contains("at most 8388608 blocks"), refusal.getMessage());
    }

    @Test
    void footerOf511Bytes() throws IOException {
        VhdBuilder builder = VhdBuilder.fixed(SmallVhd.content());
        builder.footerSize = 511;
        whole(builder.build());
        whole(dynamic -> dynamic.footerSize = 511);
        whole(dynamic -> {
            dynamic.footerSize = 511;
            dynamic.copy = false;
        });
        VhdBuilder large = VhdBuilder.fixed(new byte[1000]);
        large.footerSize = 511;
        large.footerLie = bytes -> bytes.putLong(48, 1024);
        refused(CorruptDataException.class, "at most 1000", large.build());
        byte[] damaged = builder.build();
        damaged[damaged.length - 1] = 1;
        refused(CorruptDataException.class, "no \"conectix\"", damaged);
    }

    @Test
    void idOfZerosIsNone() throws IOException {
        VhdBuilder builder = SmallVhd.builder();
        builder.id = new UUID(0, 0);
        try (VhdChain disk = SmallVhd.open(builder.build())) {
            assertEquals(Optional.empty(), disk.guid());
        }
    }

    @Test
    void fileThatGrowsMeanwhile() {
        byte[] before = SmallVhd.builder().build();
        byte[] after = before.clone();
        Arrays.fill(after, after.length - 512, after.length, (byte) 0);
        ByteSource source = new GrowingSource(new MemoryByteSource(before), new MemoryByteSource(after));
        IOException refusal = assertThrows(IOException.class, () -> SmallVhd.open(source));
        assertTrue(refusal.getMessage().contains("is being written"), refusal.getMessage());
    }

    /** A file that somebody writes to as soon as its BAT has been read. */
    private static final class GrowingSource implements ByteSource {
        private final ByteSource after;
        private ByteSource now;

        GrowingSource(ByteSource before, ByteSource after) {
            this.after = after;
            this.now = before;
        }

        @Override
        public long size() {
            return now.size();
        }

        @Override
        public String location() {
            return now.location();
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            now.read(offset, target);
            now = offset == VhdBuilder.TABLE_OFFSET ? after : now;
        }

        @Override
        public RangeSet dataRanges(Range window) throws IOException {
            return now.dataRanges(window);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** A file of terabytes with something at its beginning and its end. */
    private static final class LongSource implements ByteSource {
        private final long size;
        private final byte[] start;
        private final byte[] end;

        LongSource(long size, byte[] start, byte[] end) {
            this.size = size;
            this.start = start;
            this.end = end;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public String location() {
            return "memory.bin";
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            while (target.hasRemaining()) {
                long at = offset++;
                long fromEnd = at - (size - 512);
                target.put(at < start.length ? start[(int) at] : fromEnd >= 0 ? end[(int) fromEnd] : 0);
            }
        }

        @Override
        public RangeSet dataRanges(Range window) {
            return RangeSet.of(window);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
