package io.varve.bench;

import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * What the steps that no backup of new data can leave out cost on this machine: read, SHA-256, LZ4, decode and compare,
 * write. Their sum is the limit that the pipeline is measured against. Run by {@code bench/night/compare}, or by hand:
 *
 * <pre>
 * java --add-exports java.base/sun.nio.ch=ALL-UNNAMED -cp tools/target/varve-linux-x64.jar:bench/target/classes \
 *     io.varve.bench.RawCosts [--json] DISK.raw DIRECTORY
 * </pre>
 *
 * <p>The data are the blocks of 64 KiB of DISK.raw that are not all zeros; the write goes to a temporary file in
 * DIRECTORY. One thread, CPU time of that thread: what one idle core delivers, whatever else the machine does. The time
 * that the disk needs is not in it, and reads come from the page cache. Each figure is the median of the rounds after a
 * warm-up; throughput is in bytes of plaintext, also for the write, which writes what LZ4 made of it.
 */
public final class RawCosts {
    private static final int BLOCK_SIZE = 64 << 10;
    private static final int RUN_SIZE = 1 << 20;
    private static final int ROUNDS = 5;
    private static final long WARM_UP_BYTES = 256L << 20;

    private enum Step {
        READ("read, FileChannel, direct, 1 MiB"),
        HASH("SHA-256, 64 KiB"),
        COMPRESS("LZ4 compress, 64 KiB"),
        CHECK("LZ4 decompress and compare, 64 KiB"),
        WRITE("write, FileChannel, direct, 1 MiB");

        private final String title;

        Step(String title) {
            this.title = title;
        }
    }

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    private final LZ4Factory lz4 = LZ4Factory.fastestInstance();
    private final LZ4Compressor compressor = lz4.fastCompressor();
    private final LZ4SafeDecompressor decompressor = lz4.safeDecompressor();
    private final ByteBuffer run = ByteBuffer.allocateDirect(RUN_SIZE);
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(compressor.maxCompressedLength(BLOCK_SIZE));
    private final ByteBuffer check = ByteBuffer.allocateDirect(BLOCK_SIZE);
    private final ByteBuffer out = ByteBuffer.allocateDirect(RUN_SIZE + BLOCK_SIZE);
    private final byte[] digest = new byte[sha256.getDigestLength()];
    private final Map<Step, Long> nanos = new EnumMap<>(Step.class);
    private long stored;

    private RawCosts() throws NoSuchAlgorithmException {}

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException, DigestException {
        boolean json = args.length == 3 && args[0].equals("--json");
        if (!json && args.length != 2) {
            System.err.println("usage: RawCosts [--json] DISK.raw DIRECTORY");
            System.exit(2);
        }
        Path disk = Path.of(args[args.length - 2]);
        Path scratch = Files.createTempFile(Path.of(args[args.length - 1]), "raw-costs", ".tmp");
        try (FileChannel source = FileChannel.open(disk, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
            new RawCosts().measure(runsWithData(disk), source, target, json);
        } finally {
            Files.delete(scratch);
        }
    }

    private void measure(List<Range> runs, FileChannel source, FileChannel target, boolean json)
            throws IOException, DigestException {
        long bytes = runs.stream().mapToLong(Range::length).sum();
        if (bytes == 0) {
            throw new IOException("the disk holds nothing but zeros");
        }
        round(source, target, runs, WARM_UP_BYTES);
        Map<Step, double[]> rounds = new EnumMap<>(Step.class);
        for (int i = 0; i < ROUNDS; i++) {
            round(source, target, runs, Long.MAX_VALUE);
            for (Map.Entry<Step, Long> step : nanos.entrySet()) {
                rounds.computeIfAbsent(step.getKey(), any -> new double[ROUNDS])[i] = (double) step.getValue() / bytes;
            }
        }
        Map<Step, Double> nanosPerByte = new EnumMap<>(Step.class);
        rounds.forEach((step, values) -> nanosPerByte.put(step, median(values)));
        System.out.print(json ? json(nanosPerByte, bytes) : table(nanosPerByte, bytes));
    }

    /**
     * One pass over the data, or over its first {@code limit} bytes, which leaves what each step took in the fields.
     */
    private void round(FileChannel source, FileChannel target, List<Range> runs, long limit)
            throws IOException, DigestException {
        nanos.clear();
        stored = 0;
        target.truncate(0);
        long done = 0;
        for (int i = 0; i < runs.size() && done < limit; i++) {
            long start = threads.getCurrentThreadCpuTime();
            readRun(source, runs.get(i));
            charge(Step.READ, start);
            out.clear();
            for (int offset = 0; offset < run.limit(); offset += BLOCK_SIZE) {
                block(run.slice(offset, Math.min(BLOCK_SIZE, run.limit() - offset)));
            }
            stored += out.position();
            start = threads.getCurrentThreadCpuTime();
            out.flip();
            while (out.hasRemaining()) {
                target.write(out);
            }
            charge(Step.WRITE, start);
            done += run.limit();
        }
        long start = threads.getCurrentThreadCpuTime();
        target.force(false);
        charge(Step.WRITE, start);
    }

    private void block(ByteBuffer block) throws DigestException {
        long start = threads.getCurrentThreadCpuTime();
        sha256.update(block.duplicate());
        sha256.digest(digest, 0, digest.length);
        start = charge(Step.HASH, start);
        int length = compressor.compress(block, 0, block.limit(), compressed, 0, compressed.capacity());
        start = charge(Step.COMPRESS, start);
        boolean pays = length <= block.limit() - block.limit() / 16;
        if (pays) {
            int restored = decompressor.decompress(compressed, 0, length, check, 0, block.limit());
            if (restored != block.limit() || check.clear().limit(restored).mismatch(block) >= 0) {
                throw new IllegalStateException("LZ4 did not return what it was given");
            }
            charge(Step.CHECK, start);
        }
        out.put(pays ? compressed.slice(0, length) : block.duplicate());
    }

    private long charge(Step step, long start) {
        long now = threads.getCurrentThreadCpuTime();
        nanos.merge(step, now - start, Long::sum);
        return now;
    }

    private void readRun(FileChannel source, Range part) throws IOException {
        run.clear().limit((int) part.length());
        while (run.hasRemaining()) {
            if (source.read(run, part.offset() + run.position()) < 0) {
                throw new IOException("the disk became shorter while it was read");
            }
        }
        run.flip();
    }

    /** Consecutive blocks that are not all zeros, at most 1 MiB together. Holes of the file are not even read. */
    private static List<Range> runsWithData(Path disk) throws IOException {
        RangeSet.Builder data = new RangeSet.Builder();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_SIZE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_SIZE);
        try (ByteSource source = ByteSources.open(disk, Reader.DIRECT)) {
            BlockGrid grid = new BlockGrid(source.size(), BLOCK_SIZE);
            for (Range range : grid.roundOut(source.dataRanges(new Range(0, source.size())))) {
                for (Range part : cut(range, BLOCK_SIZE)) {
                    source.read(part.offset(), block.clear().limit((int) part.length()));
                    if (block.flip().mismatch(zeros.clear().limit(block.limit())) >= 0) {
                        data.add(part.offset(), part.endOffset());
                    }
                }
            }
        }
        List<Range> runs = new ArrayList<>();
        data.build().forEach(range -> runs.addAll(cut(range, RUN_SIZE)));
        return runs;
    }

    private static List<Range> cut(Range range, int size) {
        List<Range> parts = new ArrayList<>();
        for (long offset = range.offset(); offset < range.endOffset(); offset += size) {
            parts.add(Range.between(offset, Math.min(offset + size, range.endOffset())));
        }
        return parts;
    }

    private String table(Map<Step, Double> nanosPerByte, long bytes) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%d MiB of data, %s, stored %.3f%n%n", bytes >> 20, lz4, ratio(bytes)));
        text.append(String.format("| step | MB per CPU-second |%n|---|---:|%n"));
        nanosPerByte.forEach((step, cost) -> row(text, step.title, cost));
        row(text, "**all of them: the limit of one core**", sum(nanosPerByte));
        return text.toString();
    }

    private static void row(StringBuilder text, String title, double nanosPerByte) {
        text.append(String.format(Locale.ROOT, "| %s | %.0f |%n", title, megabytesPerSecond(nanosPerByte)));
    }

    private String json(Map<Step, Double> nanosPerByte, long bytes) {
        StringBuilder text = new StringBuilder("{");
        text.append(String.format(Locale.ROOT, "\"bytes\": %d, \"lz4\": \"%s\"", bytes, lz4));
        text.append(String.format(Locale.ROOT, ", \"storedRatio\": %.4f, \"mbPerCpuSecond\": {", ratio(bytes)));
        for (Map.Entry<Step, Double> step : nanosPerByte.entrySet()) {
            String name = step.getKey().name().toLowerCase(Locale.ROOT);
            text.append(String.format(Locale.ROOT, "\"%s\": %.1f, ", name, megabytesPerSecond(step.getValue())));
        }
        double limit = megabytesPerSecond(sum(nanosPerByte));
        return text.append(String.format(Locale.ROOT, "\"limit\": %.1f}}%n", limit))
                .toString();
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static double sum(Map<Step, Double> nanosPerByte) {
        return nanosPerByte.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private double ratio(long bytes) {
        return (double) stored / bytes;
    }

    private static double megabytesPerSecond(double nanosPerByte) {
        return 1000 / nanosPerByte;
    }
}
