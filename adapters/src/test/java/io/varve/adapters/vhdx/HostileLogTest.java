package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxLogWriter;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Logs with right checksums that lie, and logs with every byte flipped. */
class HostileLogTest {
    private static final int MIB = LoggedVhdx.MIB;

    private final LoggedVhdx image = new LoggedVhdx();

    private void refused(String reason) {
        IOException refusal = assertThrows(CorruptDataException.class, image::open, reason);
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }

    /** The next entry is the only one that is replayed. */
    private VhdxLogWriter alone() {
        image.log.tail = image.log.position;
        return image.log;
    }

    @Test
    void targetsThatNoLogMayHave() {
        for (long target : new long[] {0, 64 << 10, 128 << 10, (192 << 10) - 4096, -4096, Long.MIN_VALUE}) {
            alone().data(target, new byte[4096]).write();
            refused("a target of the log");
            alone().zero(target, 4096).write();
            refused("a target of the log");
        }
        for (long target : new long[] {MIB, 2 * MIB - 4096}) {
            alone().data(target, new byte[4096]).write();
            refused("outside the log itself");
        }
        alone().zero(MIB - 4096, 8192).write();
        refused("outside the log itself");
        alone().data(image.file.length, new byte[4096]).write();
        refused("a target of the log");
    }

    @Test
    void absurdZeros() {
        for (long length : new long[] {1L << 60, Long.MAX_VALUE & -4096, -4096, Long.MIN_VALUE}) {
            alone().zero(3 * MIB, length).write();
            refused("a target of the log");
        }
        image.log.last = 1L << 61;
        alone().zero(19 * MIB, 1L << 60).write();
        IOException refusal = assertThrows(IOException.class, image::open);
        assertTrue(refusal.getMessage().contains("a file of at most"), refusal.getMessage());
        image.log.last = Long.MIN_VALUE;
        alone().write();
        refused("a log entry with a file size");
    }

    @Test
    void payloadIsNeverLogged() throws IOException {
        image.apply(0, 3);
        image.log.data(LoggedVhdx.place(4), new byte[4096]).write();
        assertEquals(3, image.cells()[0]);
        image.log.data(LoggedVhdx.place(3) + MIB - 4096, new byte[4096]).write();
        refused("a place that the log does not write to for block 0");
    }

    @Test
    void claimsOfEveryLengthAreBounded() {
        // Every sector claims to begin an entry of nearly the whole ring.
        ByteBuffer file = ByteBuffer.wrap(image.file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = LoggedVhdx.LOG; at < LoggedVhdx.LOG + LoggedVhdx.LOG_LENGTH; at += 4096) {
            file.put(at, new byte[] {'l', 'o', 'g', 'e'})
                    .putInt(at + 8, LoggedVhdx.LOG_LENGTH - 4096)
                    .putLong(at + 16, 1)
                    .putInt(at + 24, at % 8192 == 0 ? 0 : 30000)
                    .put(at + 32, LoggedVhdx.GUID);
        }
        assertTimeout(Duration.ofSeconds(5), () -> refused("no complete run of entries"));
        for (int descriptors : new int[] {-1, Integer.MAX_VALUE, 1 << 27}) {
            file.putInt(LoggedVhdx.LOG + 24, descriptors);
            VhdxBuilder.seal(image.file, LoggedVhdx.LOG, 4096);
            refused("no complete run of entries");
        }
    }

    @Test
    void manyRunsWithUselessTails() throws IOException {
        for (int entry = 0; entry < 200; entry++) {
            image.log.tail = (image.log.position + 4096) % LoggedVhdx.LOG_LENGTH;
            image.log.write();
        }
        assertTimeout(Duration.ofSeconds(5), () -> refused("no complete run of entries"));
    }

    /** A flipped bit ends the run before the entry it is in, or is in no entry; nothing else may come of it. */
    @Test
    void everyFlipEndsTheRunEarlier() throws IOException {
        image.log.data(LoggedVhdx.target(0), LoggedVhdx.page(1)).write();
        int second = image.log.position;
        image.log.data(LoggedVhdx.target(0), LoggedVhdx.page(2)).zero(LoggedVhdx.target(1), 4096);
        image.log.data(LoggedVhdx.target(2), LoggedVhdx.page(3)).write();
        int third = image.log.position;
        image.log.data(LoggedVhdx.target(0), LoggedVhdx.page(4)).write();
        int end = image.log.position;
        int[][] after = {{1, 0, 0}, {2, 0, 3}, {4, 0, 3}};
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int at = 0; at < end; at++) {
            int bit = 1 << random.nextInt(8);
            String label = "seed " + seed + ", byte " + at + ", bit " + bit;
            image.file[LoggedVhdx.LOG + at] = (byte) (image.file[LoggedVhdx.LOG + at] ^ bit);
            if (at < second) {
                // What follows needs the first entry, so nothing can be used.
                CorruptDataException refusal = assertThrows(CorruptDataException.class, image::open, label);
                assertTrue(refusal.getMessage().contains("no complete run of entries"), label);
            } else {
                int[] found = image.cells();
                assertArrayEquals(after[at < third ? 0 : 1], Arrays.copyOf(found, 3), label);
            }
            image.file[LoggedVhdx.LOG + at] = (byte) (image.file[LoggedVhdx.LOG + at] ^ bit);
        }
        assertArrayEquals(after[2], Arrays.copyOf(image.cells(), 3));
    }

    @Test
    void noiseInTheLog() throws IOException {
        image.log.data(LoggedVhdx.target(0), LoggedVhdx.page(1)).write();
        image.log.data(LoggedVhdx.target(1), LoggedVhdx.page(2)).write();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            byte[] saved = Arrays.copyOfRange(image.file, LoggedVhdx.LOG, LoggedVhdx.LOG + LoggedVhdx.LOG_LENGTH);
            byte[] noise = new byte[random.nextInt(1, 9000)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, image.file, LoggedVhdx.LOG + random.nextInt(20000), noise.length);
            try {
                int[] found = image.cells();
                assertTrue(found[0] == 1 && (found[1] == 0 || found[1] == 2), "seed " + seed);
            } catch (CorruptDataException e) {
                assertTrue(e.offset() >= 0, "seed " + seed);
            }
            System.arraycopy(saved, 0, image.file, LoggedVhdx.LOG, saved.length);
        }
    }
}
