package io.varve.bench;

import io.varve.store.parity.StripeCode;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Parity of a pack of 64 MiB, and what it takes to compute lost sectors: operations per second, times 64 MiB for
 * {@code encode}, times 4 × 4 KiB lost ones for {@code decode}, which adds up all of a stripe first.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx256m"})
public class ParityBenchmark {
    private static final int SECTOR = 4096;
    private static final int PACK = 64 << 20;

    /** Columns: 40 is ten per cent of parity. */
    @Param({"10", "40", "200"})
    private int columns;

    private StripeCode code;
    private byte[] pack;
    private int[] sums;
    private int[] stripe;
    private byte[][] parity;

    @Setup
    public void fill() {
        code = new StripeCode(columns);
        pack = new byte[PACK];
        new SplittableRandom(1).nextBytes(pack);
        sums = new int[PACK / columns / SECTOR * SECTOR + SECTOR];
        stripe = new int[SECTOR];
        parity = new byte[4][SECTOR];
    }

    @Benchmark
    public int[] encode() {
        int run = sums.length;
        for (int column = 0; column * (long) run < PACK; column++) {
            int from = column * run;
            code.add(column, pack, from, Math.min(run, PACK - from), sums, 0);
        }
        return sums;
    }

    @Benchmark
    public byte[][] decode() {
        for (int column = 4; column < columns; column++) {
            code.add(column, pack, column * SECTOR, SECTOR, stripe, 0);
        }
        return code.solve(new int[] {0, 1, 2, 3}, new int[] {0, 1, 2, 3}, stripe, parity);
    }
}
