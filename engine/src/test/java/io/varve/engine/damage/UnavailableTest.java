package io.varve.engine.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.gc.Warnings;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.range.Range;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.fault.UnavailableException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.index.ChunkIndex;
import io.varve.store.repair.Repair;
import io.varve.store.session.IndexMaintenance;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A place that cannot be read for a moment, at each read, look and listing in turn: nothing is taken for damaged,
 * nothing is written in its stead, nothing is put aside.
 */
class UnavailableTest {
    private static final int SIZE = 120_000;

    @TempDir
    Path temp;

    private Path root;
    private final byte[] content = Backups.content(SIZE, 3);
    private final byte[] next = Backups.content(SIZE, 4);
    private List<Snapshot> snapshots;

    /** What fails. */
    private enum Kind {
        /** Reading a part of an object. */
        READ,
        /** Length, existence, lists. */
        LOOK
    }

    /** Fails one call. */
    private static final class Failing extends ForwardingBackend {
        final AtomicInteger calls = new AtomicInteger();
        final Kind kind;
        final int failing;
        volatile boolean failed;

        /** @param failing number of the call of this kind that fails, from 0; -1 for none */
        Failing(Path root, Kind kind, int failing) {
            super(new LocalBackend(root));
            this.kind = kind;
            this.failing = failing;
        }

        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            reach(Kind.READ, name);
            super.read(name, offset, target);
        }

        @Override
        public long size(String name) throws IOException {
            reach(Kind.LOOK, name);
            return super.size(name);
        }

        @Override
        public boolean exists(String name) throws IOException {
            reach(Kind.LOOK, name);
            return super.exists(name);
        }

        @Override
        public void list(String directory, ObjectVisitor visitor) throws IOException {
            reach(Kind.LOOK, directory);
            super.list(directory, visitor);
        }

        @Override
        public void listTop(NameVisitor visitor) throws IOException {
            reach(Kind.LOOK, "/");
            super.listTop(visitor);
        }

        private void reach(Kind called, String name) throws UnavailableException {
            if (called == kind && calls.getAndIncrement() == failing) {
                failed = true;
                throw new UnavailableException(name, "Connection timed out", new IOException());
            }
        }
    }

    /** Something that is done with an open repository. */
    private interface Command {
        void run(Repository repository) throws IOException;
    }

    @BeforeEach
    void backUp() throws IOException {
        root = temp.resolve("repository");
        try (Repository repository = Backups.init(root)) {
            snapshots = List.of(
                    Backups.backUp(repository, Backups.disk("disk", content)),
                    Backups.backUp(repository, Backups.disk("disk", next)));
        }
    }

    /**
     * How many looks fail; they are far more than reads, and mostly alike. -Dvarve.failing-looks=1000 is all of them.
     */
    private static final int MOST_LOOKS = Integer.getInteger("varve.failing-looks", 3);

    /**
     * Runs the command on copies of the repository, each time with another call failing: every read, and some looks.
     */
    private void atEachCall(String name, Command command) throws IOException {
        for (int failing = 0; attempt(name, Kind.READ, failing, command); failing++) {
            assertTrue(failing < 10_000, name);
        }
        int looks = count(name, command);
        assertTrue(looks > 1, name + " looks " + looks + " times");
        double step = Math.max(1, (double) looks / MOST_LOOKS);
        for (double failing = 0; failing < looks; failing += step) {
            attempt(name, Kind.LOOK, (int) failing, command);
        }
    }

    private int count(String name, Command command) throws IOException {
        Path copy = temp.resolve(name + "-counted");
        copyTree(root, copy);
        Failing backend = new Failing(copy, Kind.LOOK, -1);
        try (Repository repository = Repository.open(new Folder(copy, backend))) {
            command.run(repository);
        }
        return backend.calls.get();
    }

    /** Runs it with one call failing. @return false if there was no such call */
    private boolean attempt(String name, Kind kind, int failing, Command command) throws IOException {
        Path copy = temp.resolve(name + kind + failing);
        copyTree(root, copy);
        Failing backend = new Failing(copy, kind, failing);
        String where = name + ", " + kind + " " + failing;
        boolean ended = false;
        try (Repository repository = Repository.open(new Folder(copy, backend))) {
            command.run(repository);
        } catch (IOException e) {
            ended = isUnavailable(e);
            assertTrue(ended, where + ": " + e);
        }
        // Whoever only looks, before the work or after it, may do without; nobody goes on with something else.
        assertFalse(Files.exists(copy.resolve("quarantine")), where);
        try (Repository repository = Repository.open(copy)) {
            Backups.assertRestores(repository, snapshots.get(0), content);
            Backups.assertRestores(repository, snapshots.get(1), next);
            assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors(), where);
        }
        assertEquals(backend.failed, ended, where + ": the command went on as if nothing had happened");
        assertTrue(backend.failed || failing > 3 || kind == Kind.LOOK, name + " reads more than that");
        return backend.failed;
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof UnavailableException
                || failure.getCause() != null && isUnavailable(failure.getCause());
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(to.resolve(from.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void aRestoreThatAllowsDamageWritesNoZeros() throws IOException {
        atEachCall("restore", repository -> {
            List<Range> damaged = new ArrayList<>();
            try {
                Backups.restore(repository, snapshots.get(1).manifest().disks().get(0), true, damaged);
            } finally {
                assertEquals(List.of(), damaged);
            }
        });
    }

    @Test
    void aCheckFindsNothing() throws IOException {
        atEachCall(
                "fsck",
                repository -> assertFalse(
                        Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors()));
    }

    @Test
    void aRepairPutsNothingAside() throws IOException {
        atEachCall("repair", repository -> {
            try (WriteSession session = WriteSession.openAlone(repository, "repair", Duration.ZERO, notice -> {})) {
                Repair repair = Backups.repair(session);
                List<Repair.DamagedPack> damaged = repair.plan();
                assertEquals(List.of(), damaged);
                repair.apply(damaged);
            }
        });
    }

    @Test
    void aCollectionCondemnsNothing() throws IOException {
        atEachCall("gc", repository -> {
            Warnings quiet = (code, message) -> {};
            try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, notice -> {})) {
                Collection.run(session, new CollectionOptions(10, 100, false), quiet, 7);
            }
        });
    }

    @Test
    void aCopyCommitsAllOrNothing() throws IOException {
        SnapshotCopy.Listener quiet = new SnapshotCopy.Listener() {
            @Override
            public void bytesDone(long bytes) {}

            @Override
            public void check() {}
        };
        AtomicInteger copies = new AtomicInteger();
        atEachCall("copy", repository -> {
            try (Repository to = Backups.init(temp.resolve("target" + copies.incrementAndGet()))) {
                try (ReadSession reading = ReadSession.open(repository, notice -> {});
                        WriteSession writing = WriteSession.open(to, "copy", Duration.ZERO, notice -> {})) {
                    new SnapshotCopy(reading, writing, quiet).copy(snapshots.get(0));
                } finally {
                    assertEquals(
                            List.of(), Backups.fsck(to, FsckOptions.Level.DEEP).findings());
                }
            }
        });
    }

    /** What cannot be looked up is neither stored again nor taken for lost. */
    @Test
    void aBackupEndsAndIsNotDemoted() throws IOException {
        ChunkIndex.delete(root.resolve("index")); // so that it has footers and maps to read
        atEachCall("backup", repository -> {
            Backups.Log log = new Backups.Log();
            Backups.backUp(repository, 0, log, Backups.disk("disk", new MemoryDisk(next, null), ChangeTracker.none()));
            if (log.warnings.equals(List.of("after-commit"))) { // told, and the snapshot is there
                throw new UnavailableException("after the commit", "told as a warning", new IOException());
            }
            assertEquals(List.of(), log.warnings);
        });
    }

    @Test
    void anIndexIsNotMadeOfHalfThePacks() throws IOException {
        atEachCall(
                "rebuild-index",
                repository -> IndexMaintenance.rebuild(repository, Duration.ZERO, (done, total) -> {}, notice -> {}));
    }
}
