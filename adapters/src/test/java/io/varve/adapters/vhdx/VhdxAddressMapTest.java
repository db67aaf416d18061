package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxAddressMap;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Forward and reverse translation, against each other and against the list of blocks the image was made from. */
class VhdxAddressMapTest {
    private static final int MIB = 1 << 20;

    @Test
    void directionsAreInverses() throws IOException {
        for (int round = 0; round < 60; round++) {
            long seed = System.nanoTime();
            SplittableRandom random = new SplittableRandom(seed);
            int blockSize = MIB << random.nextInt(2);
            // Some disks go beyond the first chunk, where the arithmetic of the BAT changes.
            long blocks = random.nextBoolean() ? random.nextInt(1, 20) : 4096 * (long) MIB / blockSize + 20;
            VhdxBuilder builder = new VhdxBuilder(blocks * blockSize - 512L * random.nextInt(3), blockSize);
            for (int present = random.nextInt(8); present > 0; present--) {
                long block = random.nextBoolean() ? random.nextLong(blocks) : Math.max(0, blocks - 1 - present);
                if (!builder.entries.containsKey(builder.index(block))) {
                    builder.present(block, new byte[0]);
                }
            }
            byte[] file = builder.build();
            try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(file))) {
                check(disk, file.length, random, "seed " + seed);
            }
        }
    }

    private static void check(VhdxDisk disk, int fileLength, SplittableRandom random, String label) throws IOException {
        VhdxAddressMap map = disk.addressMap();
        long offset = random.nextLong(disk.size());
        Range window = new Range(offset, random.nextLong(1, disk.size() - offset + 1));
        long next = window.offset();
        for (Segment segment : map.segments(window)) {
            assertEquals(next, segment.virtualOffset(), label);
            next += segment.length();
            if (segment.isPresent()) {
                Range inFile = new Range(segment.fileOffset(), segment.length());
                assertEquals(List.of(segment), map.segmentsAt(0, inFile), label);
            } else {
                assertEquals(Segment.NOWHERE, segment.fileOffset(), label);
            }
        }
        assertEquals(window.endOffset(), next, label);

        long from = random.nextLong(fileLength);
        Range inFile = new Range(from, random.nextLong(1, fileLength - from + 1));
        long reverse = 0;
        long last = -1;
        for (Segment segment : map.segmentsAt(0, inFile)) {
            assertTrue(segment.fileOffset() > last, label);
            last = segment.fileOffset();
            Range virtual = new Range(segment.virtualOffset(), segment.length());
            assertEquals(List.of(segment), map.segments(virtual), label);
            reverse += segment.length();
        }
        long forward = 0;
        for (Segment segment : map.segments(new Range(0, disk.size()))) {
            long start = Math.max(segment.fileOffset(), inFile.offset());
            long end = Math.min(segment.fileOffset() + segment.length(), inFile.endOffset());
            forward += segment.isPresent() ? Math.max(0, end - start) : 0;
        }
        assertEquals(forward, reverse, label);
    }

    @Test
    void entriesOfSectorBitmapsAreLeftOut() throws IOException {
        // Block 4096 of 1 MiB is the first of the second chunk; entry 4096 belongs to the sector bitmap of the first.
        VhdxBuilder builder = new VhdxBuilder(4098L * MIB, MIB);
        builder.entries.put(4095, 4L * MIB | 6);
        builder.entries.put(4097, 5L * MIB | 6);
        builder.nextPlace = 6 * MIB;
        try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(builder.build()))) {
            assertEquals(
                    List.of(new Segment(4095L * MIB, 2 * MIB, PayloadState.FULLY_PRESENT, 0, 4L * MIB)),
                    disk.addressMap().segmentsAt(0, new Range(0, 1L << 40)));
            assertEquals(
                    new Segment(4096L * MIB + 5, 7, PayloadState.FULLY_PRESENT, 0, 5L * MIB + 5),
                    disk.addressMap().segments(new Range(4096L * MIB + 5, 7)).get(0));
        }
    }

    @Test
    void rangeOutsideTheDisk() throws IOException {
        try (VhdxDisk disk = SmallVhdx.open(SmallVhdx.builder().build())) {
            VhdxAddressMap map = disk.addressMap();
            LayeredDisk.Layer<Segment> file = map.disk().layers().get(0);
            assertThrows(IndexOutOfBoundsException.class, () -> file.extent(-1, 5));
            assertThrows(IndexOutOfBoundsException.class, () -> file.extent(5, 5));
            assertThrows(IndexOutOfBoundsException.class, () -> file.extent(0, SmallVhdx.SIZE + 1));
            assertThrows(IndexOutOfBoundsException.class, () -> map.segmentsAt(1, new Range(0, 10)));
            assertEquals(List.of(), map.segments(new Range(SmallVhdx.SIZE, 10)));
            assertEquals(List.of(), map.segmentsAt(0, new Range(1L << 50, 10)));
        }
    }
}
