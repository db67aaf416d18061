package io.varve.tools.bench;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.Lz4;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.ChunkSealer;
import io.varve.store.crypt.RepositoryKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/**
 * The highest speeds of this computer, in bytes per second of wall time. In-memory figures use blocks of the
 * benchmarked disk.
 *
 * @param one speeds with one thread
 * @param all speeds of all workers together
 * @param notes remarks on the measurement for the operator; may be empty
 */
record BenchLimits(Map<Limit, Double> one, Map<Limit, Double> all, String notes) {
    /** In the order of the table. */
    enum Limit {
        DISK_WRITE("disk write in DIR"),
        DISK_READ("disk read in DIR"),
        COPY("memory copy"),
        HASH("SHA-256"),
        COMPRESS("LZ4"),
        DECODE("LZ4 decode, compare"),
        SEAL("AES-256-GCM, checked"),
        XXH3("XXH3");

        private final String title;

        Limit(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** The name in JSON, without blanks: {@code disk-write}. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** Processes block {@code number} of the sample. */
    @FunctionalInterface
    private interface Work {
        void block(int number);
    }

    @FunctionalInterface
    private interface NewWork {
        Work make();
    }

    static BenchLimits measure(
            Path directory,
            BenchSample sample,
            boolean encrypt,
            int workers,
            long limitFile,
            int millis,
            Cancellation cancellation)
            throws IOException {
        Map<Limit, Double> one = new EnumMap<>(Limit.class);
        Map<Limit, Double> all = new EnumMap<>(Limit.class);
        Map<Limit, NewWork> works = new EnumMap<>(Limit.class);
        works.put(Limit.COPY, () -> copy(sample));
        works.put(Limit.HASH, () -> hash(sample, new ChunkHasher()));
        works.put(Limit.COMPRESS, () -> compress(sample));
        works.put(Limit.DECODE, () -> decode(sample));
        works.put(Limit.XXH3, () -> number -> XxHash.hash64(sample.plain(number)));
        if (encrypt) {
            RepositoryKeys keys = RepositoryKeys.generate(UUID.randomUUID());
            works.put(Limit.HASH, () -> hash(sample, keys.newHasher()));
            works.put(Limit.SEAL, () -> seal(sample, keys.newSealer(BenchSample.BLOCK)));
        }
        for (Map.Entry<Limit, NewWork> work : works.entrySet()) {
            rate(work.getValue(), sample, 1, millis / 2, cancellation); // warm-up, so that it is compiled
            one.put(work.getKey(), rate(work.getValue(), sample, 1, millis, cancellation));
            all.put(work.getKey(), rate(work.getValue(), sample, workers, millis, cancellation));
        }
        DiskSpeed disk = DiskSpeed.measure(directory, limitFile, workers, millis, cancellation);
        one.put(Limit.DISK_WRITE, disk.write());
        all.put(Limit.DISK_WRITE, disk.write());
        one.put(Limit.DISK_READ, disk.read());
        all.put(Limit.DISK_READ, disk.readByAll());
        return new BenchLimits(
                one, all, disk.cached() ? "the file system has no O_DIRECT: disk read came from the page cache" : "");
    }

    /** Measures the rate of {@code threads} threads together, each for about {@code millis} ms. */
    private static double rate(NewWork work, BenchSample sample, int threads, int millis, Cancellation cancellation)
            throws IOException {
        return Workers.run(threads, "varve-bench", cancellation, () -> {
                    Work mine = work.make();
                    return () -> {
                        long started = System.nanoTime();
                        long end = started + millis * 1_000_000L;
                        long blocks = 0;
                        long now = started;
                        while (now < end) {
                            cancellation.check();
                            for (int number = 0; number < sample.count(); number++) {
                                mine.block(number);
                            }
                            blocks += sample.count();
                            now = System.nanoTime();
                        }
                        return blocks * BenchSample.BLOCK * 1e9 / (now - started);
                    };
                })
                .stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static Work copy(BenchSample sample) {
        ByteBuffer target = ByteBuffer.allocateDirect(BenchSample.BLOCK);
        return number -> target.clear().put(sample.plain(number));
    }

    private static Work hash(BenchSample sample, ChunkHasher hasher) {
        return number -> hasher.id(sample.plain(number));
    }

    private static Work compress(BenchSample sample) {
        ByteBuffer target = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(BenchSample.BLOCK));
        return number -> Lz4.compress(sample.plain(number), target.clear());
    }

    private static Work decode(BenchSample sample) {
        ByteBuffer target = ByteBuffer.allocateDirect(BenchSample.BLOCK);
        return number -> {
            ByteBuffer payload = sample.compressed(number);
            if (payload != null
                    && (!Lz4.decompress(payload, target.clear()) || target.mismatch(sample.plain(number)) >= 0)) {
                throw new IllegalStateException("LZ4 did not return what it was given");
            }
        };
    }

    private static Work seal(BenchSample sample, ChunkSealer sealer) {
        return number -> {
            ByteBuffer payload = sample.compressed(number);
            sealer.seal(
                    ChunkKind.BLOCK,
                    ChunkId.ZERO,
                    BenchSample.BLOCK,
                    payload == null
                            ? new ChunkCodec.Encoded(Codec.RAW, sample.plain(number))
                            : new ChunkCodec.Encoded(Codec.LZ4, payload));
        };
    }

    /** Returns the rate of all cores if each byte goes through these steps one after the other. */
    double inARow(Limit... limits) {
        double secondsPerByte = 0;
        for (Limit limit : limits) {
            secondsPerByte += all.containsKey(limit) ? 1 / all.get(limit) : 0;
        }
        return 1 / secondsPerByte;
    }
}
