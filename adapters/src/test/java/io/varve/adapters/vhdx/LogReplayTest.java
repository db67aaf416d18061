package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogReplay;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.adapters.vhdx.read.VhdxLayout;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Logs made by hand, each with one property of the format, and logs of a simulated writer that crashes. */
class LogReplayTest {
    private final LoggedVhdx image = new LoggedVhdx();

    private void cells(int... expected) throws IOException {
        byte[] before = image.file.clone();
        assertArrayEquals(Arrays.copyOf(expected, LoggedVhdx.CELLS), image.cells());
        assertArrayEquals(before, image.file, "reading changed the file");
    }

    private void refused(String reason) {
        CorruptDataException refusal = assertThrows(CorruptDataException.class, image::open, reason);
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    private void put(int cell, int value) {
        image.log.data(LoggedVhdx.target(cell), LoggedVhdx.page(value));
    }

    private void write(int cell, int value) {
        put(cell, value);
        image.log.write();
    }

    @Test
    void entriesAreReplayedInOrder() throws IOException {
        write(0, 1);
        write(1, 2);
        write(0, 3);
        cells(3, 2);
    }

    @Test
    void aDiskWithALogSaysThatItWasNotClosedProperly() throws IOException {
        write(0, 1);
        try (VhdxDisk disk = image.open()) {
            assertTrue(
                    disk.unclean().orElseThrow().contains("log"), disk.unclean().toString());
        }
        try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(new VhdxBuilder(4L << 30, 1 << 20).build()))) {
            assertEquals(Optional.empty(), disk.unclean());
        }
    }

    @Test
    void emptyEntryIsEnough() throws IOException {
        image.log.write();
        cells();
    }

    @Test
    void onlyWhatLiesBehindTheTailIsReplayed() throws IOException {
        write(0, 1);
        write(1, 2);
        image.log.tail = image.log.position;
        write(2, 3);
        write(3, 4);
        cells(0, 0, 3, 4);
    }

    @Test
    void tornLastEntryEndsTheRun() throws IOException {
        write(0, 1);
        image.log.torn = true;
        write(0, 2);
        cells(1);
    }

    @Test
    void entryAcrossTheEndOfTheRing() throws IOException {
        image.log.position = LoggedVhdx.LOG_LENGTH - 8192;
        image.log.tail = image.log.position;
        put(0, 1);
        put(1, 2);
        write(2, 3);
        write(3, 4);
        cells(1, 2, 3, 4);
    }

    @Test
    void runFromTheEndOfTheRingToItsBeginning() throws IOException {
        image.log.position = LoggedVhdx.LOG_LENGTH - 8192;
        image.log.tail = image.log.position;
        write(0, 1);
        write(1, 2);
        write(0, 3);
        cells(3, 2);
    }

    @Test
    void runThatFillsTheRing() throws IOException {
        for (int start : new int[] {0, 4096, 40960, LoggedVhdx.LOG_LENGTH - 4096}) {
            LoggedVhdx full = new LoggedVhdx();
            full.log.position = start;
            full.log.tail = start;
            for (int entry = 0; entry < 128; entry++) {
                int cell = entry % LoggedVhdx.CELLS;
                full.log.data(LoggedVhdx.target(cell), LoggedVhdx.page(entry < 120 ? 0 : 1 + cell));
                full.log.write();
            }
            assertEquals(start, full.log.position);
            assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, full.cells(), "start " + start);
        }
    }

    @Test
    void gapInTheNumbersEndsTheRun() throws IOException {
        write(0, 1);
        image.log.sequence++;
        // Its tail is not in its run, so the older run counts.
        write(0, 2);
        cells(1);
        image.log.tail = image.log.position;
        image.log.sequence++;
        write(1, 3);
        cells(0, 3);
    }

    @Test
    void entriesOfAnotherLogAreNotLookedAt() throws IOException {
        write(0, 1);
        image.log.guid = new byte[16];
        write(0, 2);
        cells(1);
        image.log.guid = LoggedVhdx.GUID;
        image.log.tail = image.log.position;
        write(1, 3);
        cells(0, 3);
    }

    @Test
    void numbersAreUnsigned() throws IOException {
        image.log.sequence = Long.MAX_VALUE;
        write(0, 1);
        write(1, 2);
        write(2, 3);
        cells(1, 2, 3);
    }

    @Test
    void zeroDescriptor() throws IOException {
        image.apply(0, 1);
        image.apply(1, 2);
        image.apply(2, 3);
        image.log.zero(LoggedVhdx.target(0), 8192);
        write(1, 4);
        cells(0, 4, 3);
        image.log.zero(LoggedVhdx.target(1), 4096);
        image.log.zero(LoggedVhdx.target(7), 0);
        image.log.write();
        cells(0, 0, 3);
    }

    @Test
    void zerosBehindTheEndAndPagesThereExtendTheFile() throws IOException {
        long size = image.file.length;
        image.log.last = size + 3L * LoggedVhdx.MIB;
        image.log.data(size + 4096, LoggedVhdx.page(5)).zero(size + 2L * LoggedVhdx.MIB, LoggedVhdx.MIB);
        image.log.write();
        cells();
        assertEquals(size + 3L * LoggedVhdx.MIB, replay().size());
        image.log.last = size;
        image.log.write();
        assertEquals(size + 3L * LoggedVhdx.MIB, replay().size(), "targets count");
        byte[] found = new byte[3 * 4096];
        replay().read(size, ByteBuffer.wrap(found));
        assertArrayEquals(LoggedVhdx.page(5), Arrays.copyOfRange(found, 4096, 8192));
        assertArrayEquals(new byte[4096], Arrays.copyOfRange(found, 8192, 12288));
    }

    private ReplayedSource replay() throws IOException {
        MemoryByteSource source = new MemoryByteSource(image.file);
        VhdxHeader header = HeaderPair.read(source).current();
        return LogReplay.run(source, header, VhdxLayout.log(source, header).orElseThrow());
    }

    @Test
    void blockBehindTheOldEndReadsAsZeros() throws IOException {
        // Its BAT entry is durable, its content was not written yet.
        int place = image.file.length;
        byte[] page = LoggedVhdx.page(1);
        ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(0, place | 6L);
        image.log.last = (long) place + LoggedVhdx.MIB;
        image.log.data(LoggedVhdx.target(0), page);
        image.log.write();
        cells();
        image.log.last = place;
        image.log.tail = image.log.position;
        image.log.data(LoggedVhdx.target(0), page);
        image.log.write();
        refused("inside the file of " + place);
    }

    @Test
    void cutOffFile() throws IOException {
        image.log.flushed = image.file.length + 1L;
        write(0, 1);
        refused("the file was cut off");
        image.log.flushed = -1;
        write(0, 1);
        refused("the file was cut off");
        // Only the head counts.
        image.log.flushed = image.file.length;
        write(0, 2);
        cells(2);
    }

    @Test
    void logWithoutEntryIsRefused() {
        refused("no complete run of entries");
        image.log.tail = 4096;
        image.log.write();
        refused("no complete run of entries");
    }

    /** What a writer does that appends, applies, advances its tail, and loses power between two steps. */
    @Test
    void writerThatCrashes() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 40; round++) {
            crash(random, "seed " + seed + " round " + round);
        }
    }

    private static void crash(SplittableRandom random, String label) throws IOException {
        LoggedVhdx disk = new LoggedVhdx();
        disk.log.position = random.nextInt(256) * 4096;
        disk.log.tail = disk.log.position;
        int[] expected = new int[LoggedVhdx.CELLS];
        Deque<int[]> waiting = new ArrayDeque<>();
        int used = 0;
        int entries = random.nextInt(1, 400);
        for (int entry = 0; entry < entries; entry++) {
            while (!waiting.isEmpty() && (used > 200 || random.nextInt(4) == 0)) {
                // The oldest entry is applied, so the next ones need not be preceded by it.
                int[] oldest = waiting.remove();
                for (int cell = 0; cell < LoggedVhdx.CELLS; cell++) {
                    disk.apply(cell, oldest[cell]);
                }
                used -= oldest[LoggedVhdx.CELLS + 1];
            }
            boolean torn = entry == entries - 1 && entry > 0 && random.nextBoolean();
            int[] next = expected.clone();
            for (int change = random.nextInt(4); change > 0; change--) {
                int cell = random.nextInt(LoggedVhdx.CELLS);
                int value = random.nextBoolean() ? 0 : 1 + cell + (random.nextBoolean() ? 0 : 7);
                boolean taken = Arrays.stream(next).anyMatch(other -> other == value && other != 0);
                if (taken) {
                    continue;
                }
                next[cell] = value;
                if (value == 0 && random.nextBoolean()) {
                    disk.log.zero(LoggedVhdx.target(cell), 4096);
                } else {
                    disk.log.data(LoggedVhdx.target(cell), LoggedVhdx.page(value));
                }
            }
            int length = disk.log.length() / 4096;
            if (torn) {
                disk.log.torn = length > 1;
                if (length == 1) {
                    break;
                }
            }
            disk.log.tail = waiting.isEmpty() ? disk.log.position : waiting.peek()[LoggedVhdx.CELLS];
            disk.log.write();
            if (!torn) {
                expected = next;
                int[] remembered = Arrays.copyOf(next, LoggedVhdx.CELLS + 2);
                remembered[LoggedVhdx.CELLS] = disk.log.entryAt;
                remembered[LoggedVhdx.CELLS + 1] = length;
                waiting.add(remembered);
                used += length;
            }
        }
        assertArrayEquals(expected, disk.cells(), label);
    }
}
