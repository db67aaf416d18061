package io.varve.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** In which order a benchmark reads runs of a disk. Public for JMH's generated code. */
public enum RunOrder {
    /** One behind the other. */
    SEQUENTIAL,
    /** As a night's change list leads: ascending, in clusters of one to eight neighbours with gaps between them. */
    SCATTERED;

    private static final int LONGEST_CLUSTER = 8;

    /** @return {@code count} offsets of runs, each a multiple of {@code runSize} and inside {@code size} */
    long[] offsets(long size, int runSize, int count) {
        long[] offsets = new long[count];
        long runs = size / runSize;
        SplittableRandom random = new SplittableRandom(1);
        long run = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (this == SCATTERED && left-- == 0) {
                run = random.nextLong(runs);
                left = random.nextInt(LONGEST_CLUSTER);
            }
            offsets[i] = run++ % runs * runSize;
        }
        if (this == SCATTERED) {
            Arrays.sort(offsets);
        }
        return offsets;
    }
}
