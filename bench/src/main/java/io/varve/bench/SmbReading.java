package io.varve.bench;

import io.varve.adapters.smb.SmbLogin;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.adapters.smb.SmbSource;
import io.varve.adapters.smb.link.Timings;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads a file on a share from end to end, several times, and prints speed and processor time of each round:
 * {@code SmbReading URL USER PASSWORD THREADS ROUNDS}. For a password that protects nothing.
 */
public final class SmbReading {
    private static final int PIECE = 1 << 20;

    private SmbReading() {}

    public static void main(String[] arguments) throws Exception {
        SmbPath path = SmbPath.parse(arguments[0]);
        SmbLogin login = SmbLogin.byPassword(arguments[1], arguments[2].toCharArray());
        int threads = Integer.parseInt(arguments[3]);
        try (SmbServer server = new SmbServer(path.server(), login, Timings.STANDARD);
                SmbSource source = SmbSource.open(server, path)) {
            for (int round = 0; round < Integer.parseInt(arguments[4]); round++) {
                long cpu = cpu();
                long begin = System.nanoTime();
                read(source, threads);
                double seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf(
                        "%.0f MB/s, %.2f s of processor time per GB%n",
                        source.size() / 1e6 / seconds, (cpu() - cpu) / 1e9 / (source.size() / 1e9));
            }
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void read(SmbSource source, int threads) throws Exception {
        AtomicLong next = new AtomicLong();
        ExecutorService all = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(all.submit(() -> {
                ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
                for (long at = next.getAndAdd(PIECE); at < source.size(); at = next.getAndAdd(PIECE)) {
                    piece.clear().limit((int) Math.min(PIECE, source.size() - at));
                    source.read(at, piece);
                }
                return null;
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        all.shutdown();
    }
}
