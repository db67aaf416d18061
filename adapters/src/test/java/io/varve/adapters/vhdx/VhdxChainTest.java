package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.DiskImageContract;
import io.varve.adapters.contract.Program;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxAddressMap;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains made by hand: what a layer holds, what it hides, what it leaves to its parent. */
class VhdxChainTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private static VhdxChain open(Path leaf) throws IOException {
        return VhdxChain.open(new LocalFile(leaf, Reader.AUTO), ParentSearch.sameFolder());
    }

    private static byte[] content(DiskImage disk) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) disk.size());
        disk.read(0, all);
        return all.array();
    }

    @Test
    void tenLayersOf512() throws IOException {
        tenLayers(512);
    }

    @Test
    void tenLayersOf4096() throws IOException {
        tenLayers(4096);
    }

    private void tenLayers(int lss) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<LayerModel> models = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            LayerModel parent = number == 0 ? null : models.get(number - 1);
            int size = random.nextBoolean() && parent != null
                    ? parent.content.length
                    : (4 << 20) + random.nextInt(1000) * 4096;
            Path file = folder.resolve("layer" + number + (number == 0 ? ".vhdx" : ".avhdx"));
            models.add(LayerModel.random(random, parent, size, lss, MIB << random.nextInt(4), file));
            try (VhdxChain chain = open(file)) {
                String label = "seed " + seed + ", layer " + number;
                assertEquals(number == 0 ? "vhdx-dynamic" : "vhdx-differencing", chain.format());
                assertEquals(lss, chain.logicalSectorSize());
                assertEquals(number + 1, chain.locations().size());
                assertEquals(size, chain.size(), label);
                assertArrayEquals(models.get(number).content, content(chain), label);
                checkMap(chain, models, random, label);
                for (int below = 0; below <= number; below++) {
                    checkChanges(chain, models, below, label + " since " + below);
                }
            }
        }
    }

    /** What the map says lies where it says, has no gaps, and comes out of the other direction exactly. */
    private static void checkMap(VhdxChain chain, List<LayerModel> models, SplittableRandom random, String label)
            throws IOException {
        byte[] content = models.get(models.size() - 1).content;
        List<byte[]> files = new ArrayList<>();
        for (String location : chain.locations()) {
            files.add(Files.readAllBytes(Path.of(location)));
        }
        VhdxAddressMap map = chain.addressMap();
        int offset = random.nextInt(content.length);
        Range window = random.nextInt(3) == 0
                ? new Range(0, content.length)
                : new Range(offset, random.nextInt(1, content.length - offset + 1));
        long next = window.offset();
        Segment last = null;
        for (Segment segment : map.segments(window)) {
            assertEquals(next, segment.virtualOffset(), label);
            assertTrue(last == null || !last.joins(segment), label);
            next = segment.endOffset();
            last = segment;
            byte[] there = new byte[(int) segment.length()];
            if (segment.isPresent()) {
                System.arraycopy(files.get(segment.layer()), (int) segment.fileOffset(), there, 0, there.length);
                Range inFile = new Range(segment.fileOffset(), segment.length());
                assertEquals(List.of(segment), map.segmentsAt(segment.layer(), inFile), label);
            }
            assertArrayEquals(
                    Arrays.copyOfRange(content, (int) segment.virtualOffset(), (int) next), there, label + segment);
        }
        assertEquals(window.endOffset(), next, label);
        checkReverse(map, chain.size(), files, random, label);
    }

    private static void checkReverse(
            VhdxAddressMap map, long size, List<byte[]> files, SplittableRandom random, String label)
            throws IOException {
        int layer = random.nextInt(files.size());
        int from = random.nextInt(files.get(layer).length);
        Range inFile = new Range(from, random.nextInt(1, files.get(layer).length - from + 1));
        long reverse = 0;
        long last = -1;
        for (Segment segment : map.segmentsAt(layer, inFile)) {
            assertTrue(segment.fileOffset() > last, label);
            last = segment.fileOffset();
            Range virtual = new Range(segment.virtualOffset(), segment.length());
            assertEquals(List.of(segment), map.segments(virtual), label);
            reverse += segment.length();
        }
        long forward = 0;
        for (Segment segment : map.segments(new Range(0, size))) {
            long start = Math.max(segment.fileOffset(), inFile.offset());
            long end = Math.min(segment.fileOffset() + segment.length(), inFile.endOffset());
            forward += segment.layer() == layer && segment.isPresent() ? Math.max(0, end - start) : 0;
        }
        assertEquals(forward, reverse, label);
    }

    private static void checkChanges(VhdxChain chain, List<LayerModel> models, int below, String label)
            throws IOException {
        int last = models.size() - 1;
        int size = models.get(last).content.length;
        BitSet expected = new BitSet();
        for (int number = below; number <= last; number++) {
            LayerModel layer = models.get(number);
            if (number > below) {
                expected.or(layer.touched);
            }
            if (number < last) {
                expected.set(Math.min(layer.content.length, size) / LayerModel.SECTOR, size / LayerModel.SECTOR);
            }
        }
        expected.clear(size / LayerModel.SECTOR, Integer.MAX_VALUE);
        BitSet found = new BitSet();
        // Window by window, which do not begin at sectors.
        for (long from = 0; from < size + 1_500_000L; from += 1_000_001) {
            for (Range range : chain.changedSince(last - below, new Range(from, 1_000_001))) {
                assertTrue(range.offset() >= from && range.endOffset() <= Math.min(size, from + 1_000_001), label);
                found.set((int) range.offset() / LayerModel.SECTOR, ((int) range.endOffset() + 511) / 512);
            }
        }
        assertEquals(expected, found, label);
    }

    @Test
    void baseThatIsNoFileOfTheChain() throws IOException {
        Path file = LayerModel.random(new SplittableRandom(1), null, 4 * MIB, 512, MIB, folder.resolve("a.vhdx")).file;
        try (VhdxChain chain = open(file)) {
            assertThrows(IndexOutOfBoundsException.class, () -> chain.changedSince(1, new Range(0, 4 * MIB)));
        }
    }

    @Test
    void secondChunk() throws IOException {
        long size = 9L << 30;
        byte[] block = new byte[MIB];
        Arrays.fill(block, (byte) 1);
        VhdxBuilder base = new VhdxBuilder(size, MIB);
        base.present(4096, block);
        base.present(8192, block);
        LayerModel.write(folder.resolve("base.vhdx"), base.build());
        VhdxBuilder child = new VhdxBuilder(size, MIB).child(base.dataWriteGuid, "relative_path", "base.vhdx");
        child.dataWriteGuid = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        Arrays.fill(block, (byte) 2);
        BitSet sectors = new BitSet();
        sectors.set(3, 64);
        sectors.set(70);
        child.partial(8192, block, sectors);
        child.partial(4096, block.clone(), sectors);
        LayerModel.write(folder.resolve("child.avhdx"), child.build());
        try (VhdxChain chain = open(folder.resolve("child.avhdx"))) {
            for (long at : new long[] {4L << 30, 8L << 30}) {
                ByteBuffer found = ByteBuffer.allocate(100 * 512);
                chain.read(at, found);
                for (int sector = 0; sector < 100; sector++) {
                    assertEquals(sectors.get(sector) ? 2 : 1, found.get(sector * 512 + 7), "sector " + sector);
                }
            }
            RangeSet changed = chain.changedSince(1, new Range(0, size));
            assertEquals(
                    RangeSet.of(
                            new Range((4L << 30) + 3 * 512, 61 * 512),
                            new Range((4L << 30) + 70 * 512, 512),
                            new Range((8L << 30) + 3 * 512, 61 * 512),
                            new Range((8L << 30) + 70 * 512, 512)),
                    changed);
        }
    }

    @Test
    void dirtyParentIsReplayed() throws IOException {
        LoggedVhdx base = new LoggedVhdx();
        base.log.data(LoggedVhdx.target(1), LoggedVhdx.page(5)).write();
        base.log.data(LoggedVhdx.target(3), LoggedVhdx.page(7)).write();
        Path parent = LayerModel.write(folder.resolve("base.vhdx"), base.file);
        VhdxBuilder child = new VhdxBuilder(4L << 30, 2 * MIB);
        child.child(child.dataWriteGuid, "relative_path", ".\\base.vhdx");
        child.dataWriteGuid = new byte[16];
        child.state(3 * 256, 2);
        Path leaf = LayerModel.write(folder.resolve("leaf.avhdx"), child.build());
        byte[] before = Files.readAllBytes(parent);
        try (DiskImage disk = DiskImages.open(leaf, Reader.AUTO)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            disk.read(512L * MIB, one);
            assertEquals(5, one.get(0));
            disk.read(3 * 512L * MIB, one.clear());
            assertEquals(0, one.get(0), "the child says zero");
        }
        assertArrayEquals(before, Files.readAllBytes(parent));
    }

    @Test
    void partialBlockNeedsItsBitmap() throws IOException {
        for (long bitmap : new long[] {0, 6, 5L * MIB | 7, 5L * MIB | 1, 4L * MIB | 6, 900L * MIB | 6, 2L * MIB | 6}) {
            VhdxBuilder child = new VhdxBuilder(2 * MIB, MIB).child(new byte[16], "relative_path", "base.vhdx");
            child.partial(1, new byte[MIB], new BitSet());
            child.build();
            child.entries.put(4096, bitmap);
            Path file = LayerModel.write(folder.resolve("c.avhdx"), child.build());
            IOException refusal = assertThrows(CorruptDataException.class, () -> open(file));
            assertTrue(refusal.getMessage().contains("sector bitmap"), refusal.getMessage());
        }
    }

    /**
     * Nothing protects metadata, BAT and bitmaps, so a flip may go unnoticed; it must never do worse than be refused.
     */
    @Test
    void flipsInTheChildAreRefusedOrRead() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        LayerModel parent = LayerModel.random(random, null, 3 * MIB, 512, MIB, folder.resolve("p.vhdx"));
        VhdxBuilder builder = new VhdxBuilder(3 * MIB, MIB).child(parent.dataWriteGuid, "relative_path", ".\\p.vhdx");
        builder.partial(1, new byte[MIB], BitSet.valueOf(new long[] {5, 7, -1}));
        byte[] child = builder.build();
        Path file = folder.resolve("c.avhdx");
        int[][] places = {{2 * MIB, 2 * MIB + 240}, {2 * MIB + 65536, 2 * MIB + 65536 + 280}, {3 * MIB, 3 * MIB + 24}};
        for (int[] place : places) {
            for (int at = place[0]; at < place[1]; at++) {
                byte[] flipped = child.clone();
                flipped[at] ^= (byte) (1 << random.nextInt(8));
                try (VhdxChain chain = open(LayerModel.write(file, flipped))) {
                    chain.read(0, ByteBuffer.allocate((int) Math.min(3 * MIB, chain.size())));
                    chain.allocated(new Range(0, 3 * MIB));
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains(folder.toString()), "seed " + seed + " byte " + at + ": " + e);
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed + " byte " + at, e);
                }
                Files.delete(file);
            }
        }
    }

    /** 7-Zip finds parents in the same folder and agrees about all states. */
    @Test
    void sevenZipReadsTheSame() throws IOException {
        Assumptions.assumeTrue(Program.run("7z", "i").output().contains("VHDX"), "no 7z that knows VHDX");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        LayerModel layer = null;
        for (int number = 0; number < 4; number++) {
            Path file = folder.resolve("layer" + number + ".vhdx");
            layer = LayerModel.random(random, layer, 6 * MIB, 512, MIB << random.nextInt(3), file);
        }
        Path out = Files.createDirectory(folder.resolve("out"));
        Program.Result result = Program.run("7z", "x", "-y", "-tVHDX", "-o" + out, layer.file.toString());
        assertEquals(0, result.exitCode(), "seed " + seed + ": " + result.output());
        try (var files = Files.list(out)) {
            Path extracted = files.findFirst().orElseThrow();
            assertArrayEquals(layer.content, Files.readAllBytes(extracted), "seed " + seed);
        }
    }

    /** Whatever the parent has wrong, the child has right. */
    @Nested
    class Contract extends DiskImageContract {
        private int count;

        @Override
        protected DiskImage image(byte[] content) throws IOException {
            SplittableRandom random = new SplittableRandom(3);
            Path own = Files.createDirectory(folder.resolve("contract" + count++));
            VhdxBuilder base = new VhdxBuilder(content.length, 4 * MIB);
            VhdxBuilder child =
                    new VhdxBuilder(content.length, MIB).child(base.dataWriteGuid, "relative_path", "b.vhdx");
            child.dataWriteGuid = new byte[16];
            byte[] below = content.clone();
            for (int block = 0; block * MIB < content.length; block++) {
                byte[] right = Arrays.copyOf(Arrays.copyOfRange(content, block * MIB, content.length), MIB);
                int length = Math.min(MIB, content.length - block * MIB);
                if (block % 4 == 3 && Arrays.mismatch(right, new byte[MIB]) < 0) {
                    Arrays.fill(below, block * MIB, block * MIB + length, (byte) 0x55);
                    child.state(block, 1 + random.nextInt(3));
                } else if (block % 4 == 1) {
                    Arrays.fill(below, block * MIB, block * MIB + length, (byte) 0x66);
                    child.present(block, right);
                } else if (block % 4 == 2) {
                    BitSet sectors = new BitSet();
                    for (int sector = 0; sector < length / 512; sector++) {
                        if (random.nextInt(4) == 0) {
                            int at = block * MIB + sector * 512;
                            Arrays.fill(below, at, at + 512, (byte) 0x77);
                            sectors.set(sector);
                        } else {
                            Arrays.fill(right, sector * 512, sector * 512 + 512, (byte) 0x78);
                        }
                    }
                    child.partial(block, right, sectors);
                }
            }
            for (int block = 0; block * base.blockSize < content.length; block++) {
                base.present(block, Arrays.copyOfRange(below, block * base.blockSize, (block + 1) * base.blockSize));
            }
            LayerModel.write(own.resolve("b.vhdx"), base.build());
            return open(LayerModel.write(own.resolve("c.avhdx"), child.build()));
        }

        @Override
        protected String format() {
            return "vhdx-differencing";
        }
    }
}
