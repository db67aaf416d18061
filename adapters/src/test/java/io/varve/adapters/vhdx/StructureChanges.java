package io.varve.adapters.vhdx;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Random changes where a VHDX of {@link VhdxBuilder} has its structures, with checksums made right again. */
final class StructureChanges {
    private static final long[] VALUES = {
        0,
        1,
        2,
        3,
        6,
        7,
        8,
        255,
        512,
        4096,
        65536,
        1 << 20,
        2 << 20,
        3 << 20,
        4 << 20,
        5 << 20,
        6 << 20,
        1L << 31,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MIN_VALUE,
        -1,
        -(1 << 20),
        4 << 20 | 6,
        5 << 20 | 7,
        6 << 20 | 6
    };

    private StructureChanges() {}

    /** Changes {@code file} in place, and sometimes cuts it off. */
    static MemoryByteSource random(byte[] file, SplittableRandom random) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            int place = random.nextInt(6);
            int at = switch (place) {
                case 0 -> DamageCatalogue.HEADER_1 + random.nextInt(96);
                case 1 -> DamageCatalogue.HEADER_2 + random.nextInt(96);
                case 2 -> DamageCatalogue.REGIONS_1 + random.nextInt(128) + random.nextInt(2) * 65536;
                case 3 -> DamageCatalogue.METADATA + random.nextInt(260);
                case 4 -> DamageCatalogue.ITEMS + random.nextInt(200);
                default -> DamageCatalogue.BAT + 8 * random.nextInt(5) + random.nextInt(2) * 4096 * 8;
            };
            long value = VALUES[random.nextInt(VALUES.length)];
            switch (random.nextInt(4)) {
                case 0 -> bytes.put(at, (byte) (bytes.get(at) ^ 1 << random.nextInt(8)));
                case 1 -> bytes.putInt(at & -4, (int) value);
                case 2 -> bytes.putLong(at & -8, value);
                default -> bytes.putShort(at & -2, (short) value);
            }
        }
        for (int at = DamageCatalogue.HEADER_1; at < 320 << 10; at += 64 << 10) {
            if (random.nextInt(20) > 0) {
                VhdxBuilder.seal(file, at, at < DamageCatalogue.REGIONS_1 ? 4096 : 65536);
            }
        }
        return new MemoryByteSource(file, random.nextInt(10) == 0 ? random.nextInt(file.length) : file.length);
    }
}
