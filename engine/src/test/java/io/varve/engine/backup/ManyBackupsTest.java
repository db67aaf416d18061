package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.chunk.Compression;
import io.varve.store.session.WriteSession;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that backs up again and again, as an agent does. Fifty times in each build; for more:
 *
 * <pre>mvn verify -pl store,engine -Dtest=ManyBackupsTest -DargLine="… -Dvarve.backups=1000"</pre>
 */
@Tag("long")
class ManyBackupsTest {
    private static final int BACKUPS = Integer.getInteger("varve.backups", 50);

    /**
     * The JDK keeps small buffers per thread; the smallest of ours, kept once per backup, would be six times as much.
     */
    private static final long SLACK = 64 << 10;

    @TempDir
    Path temp;

    /** Says that the first block has changed. */
    private record FirstBlock(int night) implements ChangeTracker {
        @Override
        public Optional<String> token() {
            return Optional.of("night-" + night);
        }

        @Override
        public Changes changesSince(String token) {
            return new Changes.Known(RangeSet.of(new Range(0, 4096)));
        }
    }

    private static BufferPoolMXBean directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findAny()
                .orElseThrow();
    }

    /**
     * What is no longer in use has to be found by the collector; a few rounds, since it frees buffers in the
     * background.
     */
    private static long usedAfterCollection(long enough) throws InterruptedException {
        for (int round = 0; round < 50 && directBuffers().getMemoryUsed() > enough; round++) {
            System.gc();
            Thread.sleep(20);
        }
        return directBuffers().getMemoryUsed();
    }

    private void backUp(Path root, int night) throws Exception {
        byte[] content = new byte[16 << 10];
        content[0] = (byte) night;
        content[1] = (byte) (night >> 8);
        Compression compression = night % 2 == 0 ? Compression.LZ4 : Compression.zstd(1);
        try (Repository repository = Repository.open(root);
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            CheckpointDisk disk = Backups.disk("disk", new MemoryDisk(content, null), new FirstBlock(night));
            BackupOptions options = new BackupOptions(2, 16 << 10, 0, 1, compression, Pace.UNLIMITED, 1);
            new BackupJob(session, options, new Backups.Log(), new Cancellation(), "test")
                    .run("machine", previous -> new Backups.TestCheckpoint(List.of(disk)));
        }
    }

    @Test
    void directMemoryDoesNotGrow() throws Exception {
        Path root = temp.resolve("repository");
        Backups.init(root).close();
        for (int night = 0; night < 10; night++) {
            backUp(root, night);
        }
        long before = usedAfterCollection(0);
        for (int night = 10; night < BACKUPS; night++) {
            backUp(root, night);
            if (night % 20 == 0) { // as gc does: what all must list would else make this test quadratic
                try (var snapshots = java.nio.file.Files.list(root.resolve("snapshots"))) {
                    for (Path manifest : snapshots.sorted().limit(19).toList()) {
                        java.nio.file.Files.delete(manifest);
                    }
                }
            }
        }
        long most = before + SLACK;
        assertTrue(
                usedAfterCollection(most) <= most,
                directBuffers().getMemoryUsed() + " bytes of direct buffers, " + before + " before");
    }
}
