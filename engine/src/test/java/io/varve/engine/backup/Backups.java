package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.varve.engine.Cancellation;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.Range;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.Folder;
import io.varve.store.Location;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.repair.Repair;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** What tests of the whole way need: small repositories, disks, backups, restores. */
public final class Backups {
    public static final int BLOCK = 4096;

    private Backups() {}

    public static RepositoryConfig config() {
        return new RepositoryConfig(UUID.randomUUID(), BLOCK, 64 << 10, Instant.now());
    }

    public static Repository init(Path root) throws IOException {
        return init(new Folder(root));
    }

    public static Repository init(Location location) throws IOException {
        return Repository.init(location, config());
    }

    /** Half compressible, half random, some zeros and some repeated blocks. */
    public static byte[] content(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = new byte[size];
        for (int block = 0; block * BLOCK < size; block++) {
            int from = block * BLOCK;
            int to = Math.min(size, from + BLOCK);
            switch (random.nextInt(5)) {
                case 0 -> {}
                case 1 -> java.util.Arrays.fill(content, from, to, (byte) (1 + random.nextInt(3)));
                default -> {
                    for (int i = from; i < to; i++) {
                        content[i] = (byte) random.nextInt(random.nextBoolean() ? 256 : 4);
                    }
                }
            }
        }
        return content;
    }

    /** What happened during a backup. */
    public static class Log implements BackupListener {
        public final List<String> warnings = new ArrayList<>();
        public final List<DiskRecord> disks = new ArrayList<>();

        @Override
        public synchronized void on(BackupEvent event) {
            if (event instanceof BackupEvent.DiskDone done) {
                disks.add(done.disk());
            } else if (event instanceof BackupEvent.Warning warning) {
                warnings.add(warning.code());
            } else if (event instanceof BackupEvent.Raised raised) {
                warnings.add(raised.alarm().code());
            }
        }
    }

    public static CheckpointDisk disk(String name, MemoryDisk image, ChangeTracker tracker) {
        return new CheckpointDisk(name, true, image, tracker);
    }

    public static CheckpointDisk disk(String name, byte[] content) {
        return disk(name, new MemoryDisk(content, null), ChangeTracker.none());
    }

    public static Snapshot backUp(Repository repository, CheckpointDisk... disks) throws IOException {
        return backUp(repository, 0, new Log(), disks);
    }

    public static Snapshot backUp(Repository repository, double audit, BackupListener listener, CheckpointDisk... disks)
            throws IOException {
        return backUp(repository, audit, listener, new TestCheckpoint(List.of(disks)));
    }

    public static Snapshot backUp(Repository repository, double audit, BackupListener listener, Checkpoint checkpoint)
            throws IOException {
        return backUp(repository, new BackupOptions(2, 16 << 10, audit, 1), listener, new Cancellation(), checkpoint);
    }

    public static Snapshot backUp(
            Repository repository,
            BackupOptions options,
            BackupListener listener,
            Cancellation cancellation,
            Checkpoint checkpoint)
            throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            return new BackupJob(session, options, listener, cancellation, "test")
                    .run("machine", previous -> checkpoint);
        }
    }

    /** Records whether it was committed and closed. */
    public static class TestCheckpoint implements Checkpoint {
        protected final List<CheckpointDisk> disks;
        public boolean committed;
        public boolean closed;

        public TestCheckpoint(List<CheckpointDisk> disks) {
            this.disks = disks;
        }

        @Override
        public List<CheckpointDisk> disks() {
            return disks;
        }

        @Override
        public String consistency() {
            return "offline";
        }

        @Override
        public void commit(String snapshotId) {
            committed = true;
        }

        @Override
        public void close() throws IOException {
            closed = true;
        }
    }

    /** The content of a disk of a snapshot. */
    public static byte[] restore(Repository repository, DiskRecord disk) throws IOException {
        return restore(repository, disk, false, new ArrayList<>());
    }

    public static byte[] restore(Repository repository, DiskRecord disk, boolean allowDamaged, List<Range> damaged)
            throws IOException {
        byte[] content = new byte[Math.toIntExact(disk.size())];
        try (ReadSession session = ReadSession.open(repository, message -> {})) {
            RestoreListener listener = new RestoreListener() {
                @Override
                public void bytesDone(long bytes) {}

                @Override
                public synchronized void damaged(Range range, CorruptDataException why) {
                    damaged.add(range);
                }
            };
            new RestoreJob(session, disk, 2, allowDamaged, listener, new Cancellation())
                    .run(MemoryDisk.newTarget(content));
        }
        return content;
    }

    public static void assertRestores(Repository repository, Snapshot snapshot, byte[]... contents) throws IOException {
        for (int i = 0; i < contents.length; i++) {
            assertArrayEquals(
                    contents[i], restore(repository, snapshot.manifest().disks().get(i)));
        }
    }

    /** A repair that tells nobody. */
    public static Repair repair(WriteSession session) {
        return new Repair(session, new Repair.Listener() {
            @Override
            public void started(int packs) {}

            @Override
            public void packDone() {}

            @Override
            public void damaged(Repair.DamagedPack pack) {}
        });
    }

    public static FsckReport fsck(Repository repository, FsckOptions.Level level) throws IOException {
        if (Files.isDirectory(Path.of(repository.location()))
                && Files.getFileStore(Path.of(repository.location())).supportsFileAttributeView("posix")) {
            // A copy has the modes that the umask gave it, which is worth a notice of its own.
            Files.setPosixFilePermissions(Path.of(repository.location()), PosixFilePermissions.fromString("rwx------"));
        }
        FsckListener quiet = new FsckListener() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advanced(long units) {}

            @Override
            public void found(Finding finding) {}
        };
        return new Fsck(repository, FsckOptions.of(level, 2), quiet).run();
    }
}
