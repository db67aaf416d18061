package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.fuzz.FuzzInput;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A whole VHDX, alone or over a parent: the input says what to change in a sound one, checksums are made right again.
 * Whatever opens reads as a naive reader reads it, its address map goes both ways, and the check agrees with the
 * reader.
 */
public final class VhdxFuzz {
    private static final PatchedFile PLAIN = new PatchedFile(SmallVhdx.builder().build());
    private static final PatchedFile CHILD =
            new PatchedFile(DamageCatalogue.childBuilder().build());
    private static final byte[] PARENT = SmallVhdx.builder().build();

    private VhdxFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzInput input = new FuzzInput(data);
        int mode = input.u8();
        PatchedFile file = (mode & 1) == 0 ? PLAIN : CHILD;
        try {
            int size = (mode & 2) == 0
                    ? file.bytes().length
                    : (int) Math.min(file.bytes().length, input.value() & 0x7FFFFF);
            int changes = 1 + (mode >>> 4);
            for (int change = 0; change < changes && input.hasMore(); change++) {
                change(file, input);
            }
            if ((mode & 4) == 0) {
                for (int at = DamageCatalogue.HEADER_1; at < 320 << 10; at += 64 << 10) {
                    file.seal(at, at < DamageCatalogue.REGIONS_1 ? 4096 : 65536);
                }
            }
            judge(file.source(size), input);
        } finally {
            file.takeBack();
        }
    }

    private static void change(PatchedFile file, FuzzInput input) {
        int where = input.u8();
        int offset = (where & 8) == 0 ? input.u8() : input.u16();
        int at = switch (where & 7) {
            case 0 -> DamageCatalogue.HEADER_1 + offset % 4096;
            case 1 -> DamageCatalogue.HEADER_2 + offset % 4096;
            case 2 -> DamageCatalogue.REGIONS_1 + offset;
            case 3 -> DamageCatalogue.REGIONS_2 + offset;
            case 4 -> DamageCatalogue.METADATA + offset;
            case 5 -> DamageCatalogue.ITEMS + offset;
            case 6 -> DamageCatalogue.BAT + offset * 8 % (64 << 10);
            default -> (offset * 4096) % file.bytes().length;
        };
        file.put(at, 1 << (where >>> 4 & 3), input.value());
        if ((where & 7) == 2 && where >= 128) {
            // The same in both tables, or the other one counts.
            file.put(
                    at + 65536,
                    8,
                    java.nio.ByteBuffer.wrap(file.bytes())
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .getLong(at));
        }
    }

    private static void judge(MemoryByteSource source, FuzzInput input) throws IOException {
        VhdxDescription.of(source);
        if (!VhdxCheckTest.agree(source, "fuzzed")) {
            return;
        }
        List<VhdxLayer> layers = new ArrayList<>();
        layers.add(VhdxLayer.open(source));
        if (layers.get(0).parameters().hasParent()) {
            layers.add(VhdxLayer.open(new MemoryByteSource(PARENT)));
            if (layers.get(0).parameters().logicalSectorSize() != 512) {
                return;
            }
        }
        try (VhdxChain chain = new VhdxChain(layers)) {
            NaiveChain naive = new NaiveChain(layers);
            long size = chain.size();
            for (int block = 0; block < 5; block++) {
                compare(chain, naive, Math.max(0, block * (1L << 20) - 700), layers);
            }
            compare(chain, naive, Math.max(0, size - 3000), layers);
            compare(chain, naive, Math.floorMod(input.value(), size), layers);
        }
    }

    private static void compare(VhdxChain chain, NaiveChain naive, long offset, List<VhdxLayer> layers)
            throws IOException {
        int length = (int) Math.min(3000, chain.size() - offset);
        if (length <= 0) {
            return;
        }
        byte[] expected = naive.read(offset, length);
        ByteBuffer found = ByteBuffer.allocate(length);
        chain.read(offset, found);
        assertArrayEquals(expected, found.array());
        Range range = new Range(offset, length);
        RangeSet allocated = chain.allocated(range);
        for (Range hole : RangeSet.of(range).minus(allocated)) {
            int from = (int) (hole.offset() - offset);
            int end = from + (int) hole.length();
            assertEquals(-1, Arrays.mismatch(expected, from, end, new byte[end - from], 0, end - from));
        }
        long next = offset;
        for (Segment segment : chain.addressMap().segments(range)) {
            assertEquals(next, segment.virtualOffset());
            next = segment.endOffset();
            if (segment.isPresent()) {
                ByteBuffer there = ByteBuffer.allocate((int) segment.length());
                layers.get(segment.layer()).source().read(segment.fileOffset(), there);
                int from = (int) (segment.virtualOffset() - offset);
                int end = from + there.limit();
                assertEquals(-1, Arrays.mismatch(expected, from, end, there.array(), 0, there.limit()));
                List<Segment> back = chain.addressMap()
                        .segmentsAt(segment.layer(), new Range(segment.fileOffset(), segment.length()));
                assertTrue(back.contains(segment), () -> segment + " is not in " + back);
            }
        }
        assertEquals(range.endOffset(), next);
    }
}
