package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.Program;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.port.WindowsGuid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VhdxDifferenceTargetTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private LayerModel parent(SplittableRandom random, int size, int sector) throws IOException {
        return LayerModel.random(random, null, size, sector, MIB, folder.resolve("parent.vhdx"));
    }

    private DiskTarget child(String name, LayerModel parent, long size, int block, int sector) throws IOException {
        Path file = folder.resolve(name);
        UUID linkage = WindowsGuid.get(ByteBuffer.wrap(parent.dataWriteGuid), 0);
        NewVhdx shape = NewVhdx.ofSize(size)
                .withSectorSizes(sector, 4096)
                .asChildOf(NewParent.at(parent.file, file, linkage))
                .withBlockSize(block);
        return VhdxDifferenceTarget.create(file, shape, true);
    }

    private VhdxChain open(String name) throws IOException {
        return VhdxChain.open(new LocalFile(folder.resolve(name), Reader.AUTO), ParentSearch.sameFolder());
    }

    private static byte[] content(VhdxChain chain) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) chain.size());
        chain.read(0, content);
        return content.array();
    }

    @Test
    void againstAModel() throws IOException {
        for (int round = 0; round < 30; round++) {
            long seed = System.nanoTime();
            SplittableRandom random = new SplittableRandom(seed);
            int sector = random.nextBoolean() ? 512 : 4096;
            int size = 5 * MIB + random.nextInt(800) * 4096;
            LayerModel parent = parent(random, size, sector);
            byte[] expected = parent.content.clone();
            BitSet held = new BitSet();
            try (DiskTarget target = child("child.avhdx", parent, size, MIB << random.nextInt(3), sector)) {
                assertEquals(size, target.size());
                for (int i = random.nextInt(30); i > 0; i--) {
                    int from = random.nextInt(size / sector);
                    int count = random.nextInt(4) == 0
                            ? random.nextInt(1, size / sector - from + 1)
                            : Math.min(random.nextInt(1, 40), size / sector - from);
                    byte[] data = new byte[count * sector];
                    if (random.nextBoolean()) {
                        random.nextBytes(data);
                        target.write((long) from * sector, ByteBuffer.wrap(data));
                    } else {
                        target.zero(new Range((long) from * sector, data.length));
                    }
                    System.arraycopy(data, 0, expected, from * sector, data.length);
                    held.set(from, from + count);
                }
                target.commit();
            }
            String label = "seed " + seed;
            try (VhdxChain chain = open("child.avhdx")) {
                assertEquals("vhdx-differencing", chain.format());
                assertArrayEquals(expected, content(chain), label);
                RangeSet.Builder wanted = new RangeSet.Builder();
                held.stream().forEach(at -> wanted.add((long) at * sector, (at + 1L) * sector));
                assertEquals(wanted.build(), chain.changedSince(1, new Range(0, size)), label);
            }
            assertSevenZipAgrees(expected, label);
        }
    }

    /** It looks for the parent in the folder of the child, and needs an even number of sectors of 4096 bytes. */
    private void assertSevenZipAgrees(byte[] expected, String label) throws IOException {
        if (expected.length % 8192 != 0 || !Program.run("7z", "i").output().contains("VHDX")) {
            return;
        }
        Path out = folder.resolve("out");
        Program.Result result = Program.run(
                "7z",
                "x",
                "-y",
                "-tVHDX",
                "-o" + out,
                folder.resolve("child.avhdx").toString());
        assertEquals(0, result.exitCode(), label + ": " + result.output());
        assertArrayEquals(expected, Files.readAllBytes(out.resolve("child.img")), label);
    }

    @Test
    void sevenZipIsThere() throws IOException {
        Assumptions.assumeTrue(
                Program.run("7z", "i").output().contains("VHDX"),
                "no 7z that knows VHDX: read back by our reader only");
    }

    @Test
    void wholeBlocksAreFullyPresentOrZeroAndTheRestIsNotPresent() throws IOException {
        LayerModel parent = parent(new SplittableRandom(1), 6 * MIB + 512, 512);
        try (DiskTarget target = child("child.avhdx", parent, 6 * MIB + 512, MIB, 512)) {
            target.write(0, ByteBuffer.allocate(MIB));
            target.zero(new Range(MIB, MIB));
            target.write(3 * MIB + 512, ByteBuffer.allocate(512));
            target.zero(new Range(6 * MIB, 512)); // the last block, as far as the disk goes
            target.commit();
        }
        try (VhdxChain chain = open("child.avhdx")) {
            List<Segment> own = chain.addressMap().segments(new Range(0, chain.size())).stream()
                    .filter(segment -> segment.layer() == 0)
                    .toList();
            assertEquals(4, own.size(), own.toString());
            assertEquals(PayloadState.FULLY_PRESENT, own.get(0).state());
            assertEquals(PayloadState.ZERO, own.get(1).state());
            assertEquals(PayloadState.PARTIALLY_PRESENT, own.get(2).state());
            assertEquals(512, own.get(2).length());
            assertEquals(new Segment(6 * MIB, 512, PayloadState.ZERO, 0, Segment.NOWHERE), own.get(3));
        }
    }

    @Test
    void secondChunkAndLargeBlocks() throws IOException {
        long size = 13L << 30;
        byte[] guid = new byte[16];
        Arrays.fill(guid, (byte) 9);
        io.varve.adapters.contract.VhdxBuilder base = new io.varve.adapters.contract.VhdxBuilder(size, 32 * MIB);
        base.dataWriteGuid = guid;
        LayerModel.write(folder.resolve("parent.vhdx"), base.build());
        Path file = folder.resolve("child.avhdx");
        NewVhdx shape = NewVhdx.ofSize(size)
                .asChildOf(
                        NewParent.at(folder.resolve("parent.vhdx"), file, WindowsGuid.get(ByteBuffer.wrap(guid), 0)));
        long[] places = {0, (4L << 30) - 512, 4L << 30, (8L << 30) + 7 * 512, size - 512};
        try (DiskTarget target = VhdxDifferenceTarget.create(file, shape, false)) {
            for (long place : places) {
                target.write(place, ByteBuffer.wrap(new byte[512]).put(0, (byte) 5));
            }
            target.commit();
        }
        try (VhdxChain chain = open("child.avhdx")) {
            for (long place : places) {
                ByteBuffer found = ByteBuffer.allocate(512);
                chain.read(place, found);
                assertEquals(5, found.get(0), "at " + place);
            }
            assertEquals(
                    RangeSet.of(
                            new Range(0, 512),
                            new Range((4L << 30) - 512, 1024),
                            new Range((8L << 30) + 7 * 512, 512),
                            new Range(size - 512, 512)),
                    chain.changedSince(1, new Range(0, size)));
        }
    }

    @Test
    void partsOfSectorsAreRefused() throws IOException {
        LayerModel parent = parent(new SplittableRandom(1), 4 * MIB, 512);
        try (DiskTarget target = child("child.avhdx", parent, 4 * MIB, MIB, 512)) {
            assertThrows(IllegalArgumentException.class, () -> target.write(1, ByteBuffer.allocate(512)));
            assertThrows(IllegalArgumentException.class, () -> target.write(0, ByteBuffer.allocate(511)));
            assertThrows(IllegalArgumentException.class, () -> target.zero(new Range(512, 100)));
            assertThrows(IndexOutOfBoundsException.class, () -> target.zero(new Range(4 * MIB, 512)));
        }
        assertFalse(Files.exists(folder.resolve("child.avhdx")));
    }

    @Test
    void shapesThatCannotBe() throws IOException {
        LayerModel parent = parent(new SplittableRandom(1), 4 * MIB, 512);
        assertThrows(TargetException.class, () -> child("child.avhdx", parent, 513, MIB, 512));
        assertThrows(
                IllegalArgumentException.class,
                () -> VhdxDifferenceTarget.create(folder.resolve("x"), NewVhdx.ofSize(MIB), false));
        NewParent at = NewParent.at(parent.file, folder.resolve("x"), UUID.randomUUID());
        assertThrows(
                IllegalArgumentException.class,
                () -> VhdxTarget.create(folder.resolve("x"), NewVhdx.ofSize(MIB).asChildOf(at), false));
    }

    @Test
    void aParentInAnotherFolder() throws IOException {
        LayerModel parent = parent(new SplittableRandom(1), 4 * MIB, 512);
        Files.createDirectories(folder.resolve("sub"));
        try (DiskTarget target = child("sub/child.avhdx", parent, 4 * MIB, MIB, 512)) {
            target.commit();
        }
        assertThrows(MissingParentException.class, () -> open("sub/child.avhdx"));
        try (VhdxChain chain = VhdxChain.open(
                new LocalFile(folder.resolve("sub/child.avhdx"), Reader.AUTO), new ParentSearch(List.of(), true))) {
            assertArrayEquals(parent.content, content(chain));
            assertTrue(chain.locations().get(1).endsWith("parent.vhdx"));
        }
    }
}
