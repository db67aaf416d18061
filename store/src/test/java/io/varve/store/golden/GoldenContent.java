package io.varve.store.golden;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What the golden repository holds: two machines, three snapshots. Blocks of 4 KiB. Never changed: the files under
 * {@code golden/v1} were made from this once, and the table of digests beside the test says what it was.
 */
final class GoldenContent {
    static final int BLOCK = 4096;

    private GoldenContent() {}

    /** One disk of one night. */
    static final class Disk {
        private final String name;
        private final byte[] content;

        Disk(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        String name() {
            return name;
        }

        byte[] content() {
            return content;
        }
    }

    /** A night of a machine. */
    record Night(String machine, String time, List<Disk> disks) {}

    static List<Night> nights() {
        byte[] system = system();
        byte[] later = system.clone();
        fill(later, 3, 5);
        Arrays.fill(later, 7 * BLOCK, 8 * BLOCK, (byte) 0);
        random(later, 299, 17);
        return List.of(
                night("alpha", "2026-01-02T03:04:05Z", new Disk("system", system), new Disk("empty", new byte[9000])),
                night("alpha", "2026-01-03T03:04:05Z", new Disk("system", later), new Disk("empty", new byte[9000])),
                night("beta", "2026-01-03T04:00:00Z", new Disk("data", data(system))));
    }

    private static Night night(String machine, String time, Disk... disks) {
        return new Night(machine, time, List.of(disks));
    }

    /** 300 blocks and 1,234 bytes: two leaves. */
    private static byte[] system() {
        byte[] content = new byte[300 * BLOCK + 1234];
        for (int block = 0; block < 12; block++) {
            fill(content, block, block);
        }
        for (int block = 20; block < 24; block++) {
            random(content, block, block);
        }
        for (int block = 250; block < 262; block++) {
            fill(content, block, 3); // the same content often, on both sides of a leaf's border
        }
        Arrays.fill(content, 300 * BLOCK, content.length, (byte) 'z');
        return content;
    }

    /** Another machine with some of the same blocks elsewhere, in one leaf. */
    private static byte[] data(byte[] system) {
        byte[] content = new byte[10 * BLOCK + 7];
        System.arraycopy(system, 20 * BLOCK, content, BLOCK, 2 * BLOCK);
        random(content, 5, 99);
        fill(content, 9, 42);
        content[content.length - 1] = 1;
        return content;
    }

    private static void fill(byte[] content, int block, int seed) {
        for (int i = 0; i < BLOCK; i++) {
            content[block * BLOCK + i] = (byte) (seed + i % 13);
        }
    }

    private static void random(byte[] content, int block, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < BLOCK; i++) {
            content[block * BLOCK + i] = (byte) random.nextInt(256);
        }
    }
}
