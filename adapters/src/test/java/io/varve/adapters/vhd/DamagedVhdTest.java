package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every byte flipped, every length cut off: the reader refuses or reads right. */
class DamagedVhdTest {
    private final byte[] file = SmallVhd.builder().build();
    private final int footer = file.length - 512;

    /** What came of opening a damaged file. */
    private enum Outcome {
        REFUSED,
        WHOLE,
        OTHER_CONTENT
    }

    private static Outcome outcome(byte[] bytes, int length, String label) throws IOException {
        try (VhdChain disk = SmallVhd.open(new MemoryByteSource(bytes, length))) {
            disk.allocated(new Range(0, SmallVhd.SIZE));
            disk.read(0, ByteBuffer.allocate((int) Math.min(disk.size(), 1 << 20)));
            return SmallVhd.isWhole(disk) ? Outcome.WHOLE : Outcome.OTHER_CONTENT;
        } catch (CorruptDataException e) {
            assertEquals("memory.bin", e.file(), label);
            assertTrue(e.offset() >= 0 && e.offset() <= length, label + ": " + e);
            return Outcome.REFUSED;
        } catch (UnsupportedImageException e) {
            assertTrue(e.getMessage().startsWith("memory.bin"), label + ": " + e);
            return Outcome.REFUSED;
        } catch (RuntimeException | Error e) {
            return fail(label, e);
        }
    }

    /** Flips each bit in {@code [from, to)}, one at a time; the file is whole again afterwards. */
    private Map<Outcome, Integer> flip(int from, int to) throws IOException {
        Map<Outcome, Integer> count = new EnumMap<>(Outcome.class);
        for (int at = from; at < to; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                file[at] = (byte) (file[at] ^ bit);
                count.merge(outcome(file, file.length, "offset " + at + ", bit " + bit), 1, Integer::sum);
                file[at] = (byte) (file[at] ^ bit);
            }
        }
        return count;
    }

    @Test
    void oneFooterIsEnough() throws IOException {
        assertEquals(Map.of(Outcome.WHOLE, 512 * 8), flip(0, 512));
        assertEquals(Map.of(Outcome.WHOLE, 512 * 8), flip(footer, file.length));
    }

    @Test
    void withoutItsCopyEveryFlipOfTheFooterIsRefused() throws IOException {
        System.arraycopy(new byte[512], 0, file, 0, 512);
        assertEquals(Map.of(Outcome.REFUSED, 512 * 8), flip(footer, file.length));
    }

    @Test
    void withoutTheFooterEveryFlipOfItsCopyIsRefused() throws IOException {
        System.arraycopy(new byte[512], 0, file, footer, 512);
        assertEquals(Map.of(Outcome.REFUSED, 512 * 8), flip(0, 512));
    }

    @Test
    void everyFlipOfTheHeaderIsRefused() throws IOException {
        assertEquals(Map.of(Outcome.REFUSED, 1024 * 8), flip(512, 1536));
    }

    /** Nothing protects the BAT, but few of its damages are possible places. */
    @Test
    void mostFlipsOfTheTableAreRefused() throws IOException {
        Map<Outcome, Integer> count = flip(1536, 1536 + 16);
        assertTrue(count.get(Outcome.REFUSED) > 100, count.toString());
        assertEquals(Map.of(Outcome.WHOLE, 496 * 8), flip(1536 + 16, 2048), "entries that mean nothing");
    }

    @Test
    void bitmapsOfADynamicDiskDecideNothing() throws IOException {
        int first = SmallVhd.builder().blocksOffset();
        assertEquals(Map.of(Outcome.WHOLE, 512 * 8), flip(first, first + 512));
    }

    @Test
    void dynamicDiskCutOffAnywhere() throws IOException {
        int last = file.length - 512;
        // Only the footer may be missing, which has a copy.
        for (int length = 0; length < file.length; length++) {
            Outcome expected = length < last ? Outcome.REFUSED : Outcome.WHOLE;
            assertEquals(expected, outcome(file, length, "length " + length), "length " + length);
        }
    }

    @Test
    void fixedDiskCutOffAnywhere() throws IOException {
        byte[] fixed = VhdBuilder.fixed(SmallVhd.content()).build();
        for (int length = 0; length < fixed.length; length++) {
            // The last byte of a footer is zero, and Virtual PC's had 511.
            Outcome expected = length < fixed.length - 1 ? Outcome.REFUSED : Outcome.WHOLE;
            assertEquals(expected, outcome(fixed, length, "length " + length), "length " + length);
        }
    }

    @Test
    void everyFlipOfAFixedDisksFooterIsRefused() throws IOException {
        byte[] fixed = VhdBuilder.fixed(SmallVhd.content()).build();
        for (int at = SmallVhd.SIZE; at < fixed.length; at++) {
            for (int bit = 1; bit < 256; bit <<= 1) {
                fixed[at] = (byte) (fixed[at] ^ bit);
                String label = "offset " + at + ", bit " + bit;
                assertEquals(Outcome.REFUSED, outcome(fixed, fixed.length, label), label);
                fixed[at] = (byte) (fixed[at] ^ bit);
            }
        }
    }

    @Test
    void lastBlockMayLackWhatIsBehindTheDisk() throws IOException {
        VhdBuilder builder = new VhdBuilder(SmallVhd.SIZE, SmallVhd.BLOCK)
                .block(1, SmallVhd.block(1))
                .block(3, SmallVhd.block(3));
        byte[] bytes = builder.build();
        // Without the footer: the disk lacks a sector of its last block, and so may the file.
        int end = bytes.length - 512;
        assertEquals(Outcome.WHOLE, outcome(bytes, end - 512, "one sector short"));
        assertEquals(Outcome.REFUSED, outcome(bytes, end - 513, "a byte more"));
    }

    @Test
    void noiseIsRefused() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = file.clone();
            int at = random.nextInt(damaged.length);
            byte[] noise = new byte[random.nextInt(1, damaged.length - at + 1)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, damaged, at, noise.length);
            // Checksums that are right make the lies go deeper.
            if (random.nextBoolean()) {
                seal(damaged, 512, 1024, 36);
                seal(damaged, footer, 512, 64);
            }
            outcome(damaged, damaged.length, "seed " + seed + " round " + round);
        }
    }

    /** Numbers at the edges of their types, in every field of footer and header and in every entry. */
    @Test
    void extremeNumbersAreRefusedOrRead() throws IOException {
        long[] values = {0, 1, 0xFF, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL, Long.MAX_VALUE, Long.MIN_VALUE, -1};
        for (int at = 0; at < 1552; at += 2) {
            for (long value : values) {
                byte[] damaged = file.clone();
                ByteBuffer bytes = ByteBuffer.wrap(damaged);
                if (at < 504) {
                    bytes.putLong(footer + at, value);
                } else if (at >= 512) {
                    bytes.putInt(at, (int) value);
                }
                seal(damaged, 512, 1024, 36);
                seal(damaged, footer, 512, 64);
                outcome(damaged, damaged.length, "offset " + at + " value " + value);
            }
        }
    }

    private static void seal(byte[] bytes, int at, int length, int field) {
        ByteBuffer part = ByteBuffer.allocate(length).put(bytes, at, length);
        System.arraycopy(VhdBuilder.seal(part, field).array(), 0, bytes, at, length);
    }
}
