package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every byte flipped, every length cut off: the reader refuses or reads right, and the description never fails. */
class DamagedVhdxTest {
    private final byte[] file = SmallVhdx.builder().build();
    private final byte[] content = SmallVhdx.content();

    /** What came of opening a damaged file. */
    private enum Outcome {
        REFUSED,
        WHOLE,
        OTHER_CONTENT
    }

    private Outcome outcome(int length, String label) throws IOException {
        try (VhdxDisk disk = VhdxDisk.open(new MemoryByteSource(file, length))) {
            return isWhole(disk) ? Outcome.WHOLE : Outcome.OTHER_CONTENT;
        } catch (CorruptDataException e) {
            assertEquals("memory.bin", e.file(), label);
            assertTrue(e.offset() >= 0 && e.offset() <= file.length, label + ": " + e);
            return Outcome.REFUSED;
        } catch (UnsupportedImageException e) {
            assertTrue(e.getMessage().startsWith("memory.bin"), label + ": " + e);
            return Outcome.REFUSED;
        } catch (RuntimeException | Error e) {
            return fail(label, e);
        }
    }

    /** Compares a few bytes of every quarter MiB: blocks can only be right or wrong as a whole. */
    private boolean isWhole(VhdxDisk disk) throws IOException {
        boolean whole = disk.size() == SmallVhdx.SIZE;
        byte[] found = new byte[64];
        for (int at = 0; at + found.length <= Math.min(disk.size(), SmallVhdx.SIZE); at += SmallVhdx.MIB / 4) {
            disk.read(at, ByteBuffer.wrap(found));
            whole &= Arrays.mismatch(found, 0, 64, content, at, at + 64) < 0;
        }
        return whole;
    }

    /** Flips a bit of each byte in {@code [from, to)}; the file is whole again afterwards. */
    private Map<Outcome, Integer> flip(int from, int to, boolean describe) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Map<Outcome, Integer> count = new EnumMap<>(Outcome.class);
        for (int at = from; at < to; at++) {
            int bit = 1 << random.nextInt(8);
            file[at] = (byte) (file[at] ^ bit);
            String label = "seed " + seed + ", offset " + at + ", bit " + bit;
            Outcome outcome = outcome(file.length, label);
            count.merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.OTHER_CONTENT) {
                assertTrue(isUnprotected(at), label + " went unnoticed");
            }
            if (describe && at % 7 == 0) {
                assertTrue(VhdxDescription.of(new MemoryByteSource(file)).size() > 10, label);
            }
            file[at] = (byte) (file[at] ^ bit);
        }
        return count;
    }

    /** Contents of metadata items and BAT entries: nothing in the file tells a wrong one from a right one. */
    private static boolean isUnprotected(int at) {
        return at >= 2 * SmallVhdx.MIB + 65536;
    }

    @Test
    void oneHeaderOrRegionTableIsEnough() throws IOException {
        for (int at : new int[] {64 << 10, 128 << 10}) {
            Map<Outcome, Integer> count = flip(at, at + 4096, true);
            assertEquals(4096, count.get(Outcome.WHOLE), count.toString());
        }
        Map<Outcome, Integer> count = flip(192 << 10, (192 << 10) + 65536, false);
        assertEquals(65536, count.get(Outcome.WHOLE));
    }

    @Test
    void withoutTheTwinEveryFlipIsRefused() throws IOException {
        byte[] header = Arrays.copyOfRange(file, 128 << 10, (128 << 10) + 4096);
        Arrays.fill(file, 128 << 10, (128 << 10) + 4096, (byte) 0);
        assertEquals(4096, flip(64 << 10, (64 << 10) + 4096, true).get(Outcome.REFUSED));
        System.arraycopy(header, 0, file, 128 << 10, 4096);
        Arrays.fill(file, 192 << 10, (192 << 10) + 65536, (byte) 0);
        assertEquals(65536, flip(256 << 10, (256 << 10) + 65536, false).get(Outcome.REFUSED));
    }

    @Test
    void identifier() throws IOException {
        assertEquals(8, flip(0, 8, true).get(Outcome.REFUSED));
        assertEquals(1000, flip(8, 1008, true).get(Outcome.WHOLE), "the creator decides nothing");
    }

    @Test
    void metadataAndBatNeverFailUnchecked() throws IOException {
        int metadata = 2 * SmallVhdx.MIB;
        for (int round = 0; round < 20; round++) {
            flip(metadata, metadata + 32 + 6 * 32, round == 0);
            flip(metadata + 65536, metadata + 65536 + 48, round == 0);
            flip(3 * SmallVhdx.MIB, 3 * SmallVhdx.MIB + 40, round == 0);
        }
        flip(metadata, metadata + 65536, false);
    }

    @Test
    void cutOffAnywhere() throws IOException {
        // The last block is the third; the disk needs all of it but the sector behind its end.
        int needed = 6 * SmallVhdx.MIB;
        for (int length = 0; length < needed; length += length < 2000 ? 1 : 4093) {
            assertEquals(Outcome.REFUSED, outcome(length, "length " + length), "length " + length);
            if (length % 3 == 0) {
                assertTrue(
                        VhdxDescription.of(new MemoryByteSource(file, length)).stream()
                                .anyMatch(VhdxDescription.Row::isProblem),
                        "length " + length);
            }
        }
        for (int boundary = 64 << 10; boundary < needed; boundary += 64 << 10) {
            for (int length = boundary - 1; length <= boundary + 1; length++) {
                assertEquals(Outcome.REFUSED, outcome(length, "length " + length), "length " + length);
            }
        }
        assertEquals(Outcome.REFUSED, outcome(needed - 1, "one byte short"));
        assertEquals(Outcome.WHOLE, outcome(needed, "whole"));
    }

    @Test
    void noiseIsRefused() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            byte[] before = file.clone();
            int at = random.nextInt(4 * SmallVhdx.MIB);
            byte[] noise = new byte[random.nextInt(1, 5000)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, file, at, noise.length);
            outcome(file.length, "seed " + seed + " round " + round);
            VhdxDescription.of(new MemoryByteSource(file));
            System.arraycopy(before, 0, file, 0, file.length);
        }
    }
}
