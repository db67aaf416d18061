package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails, or is interrupted, when the work is done already or given up. */
class EndOfBackupTest {
    @TempDir
    Path root;

    /** A checkpoint that cannot be taken away. */
    private static Backups.TestCheckpoint leftBehind(byte[] content) {
        return new Backups.TestCheckpoint(List.of(Backups.disk("disk", content))) {
            @Override
            public void close() throws IOException {
                closed = true;
                throw new IOException("cannot delete the checkpoint");
            }
        };
    }

    @Test
    void aSourceThatIsLeftUncleanIsAWarningOnceTheSnapshotExists() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Backups.Log log = new Backups.Log();
            Backups.TestCheckpoint checkpoint = leftBehind(Backups.content(100_000, 1));
            Snapshot snapshot = Backups.backUp(repository, 0, log, checkpoint);
            assertEquals(List.of("source-not-clean"), log.warnings);
            assertTrue(checkpoint.committed);
            assertEquals(
                    snapshot.id(),
                    repository.snapshots().list().snapshots().get(0).id());
        }
    }

    @Test
    void aSourceOfNothingIsNotCommitted() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Backups.TestCheckpoint checkpoint = new Backups.TestCheckpoint(List.of());
            SourceException failure = assertThrows(
                    SourceException.class, () -> Backups.backUp(repository, 0, new Backups.Log(), checkpoint));
            assertTrue(failure.getMessage().contains("nothing to back up"), failure.getMessage());
            assertTrue(checkpoint.closed && !checkpoint.committed);
            assertEquals(List.of(), repository.snapshots().list().snapshots());
        }
    }

    /** A source that names the frozen state only when it gives it up. */
    private static final class LateNames extends Backups.TestCheckpoint implements ChangeTracker {
        private final boolean fails;
        private boolean finished;

        LateNames(MemoryDisk disk, boolean fails) {
            super(new ArrayList<>());
            this.fails = fails;
            disks.add(Backups.disk("disk", disk, this));
        }

        @Override
        public void finishReading() throws IOException {
            assertFalse(committed || closed || finished);
            finished = true;
            if (fails) {
                throw new IOException("the checkpoint vanished");
            }
        }

        @Override
        public Changes changesSince(String token) {
            return new Changes.Unknown("test", "test");
        }

        @Override
        public Optional<String> token() {
            return finished ? Optional.of("late") : Optional.empty();
        }

        @Override
        public Optional<String> sourceState() {
            return finished ? Optional.of("late state") : Optional.empty();
        }

        @Override
        public String consistency() {
            return finished ? "application" : "crash";
        }
    }

    @Test
    void whatASourceKnowsOnlyAfterReadingIsInTheManifest() throws IOException {
        try (Repository repository = Backups.init(root)) {
            LateNames source = new LateNames(new MemoryDisk(Backups.content(100_000, 1), null), false);
            Manifest manifest =
                    Backups.backUp(repository, 0, new Backups.Log(), source).manifest();
            assertEquals(Optional.of("late"), manifest.disks().get(0).changeToken());
            assertEquals(Optional.of("late state"), manifest.sourceState());
            assertEquals("application", manifest.consistency());
            assertTrue(source.committed && source.closed);
        }
    }

    @Test
    void aSourceThatSaysNoAfterReadingCommitsNothing() throws IOException {
        try (Repository repository = Backups.init(root)) {
            LateNames source = new LateNames(new MemoryDisk(Backups.content(100_000, 1), null), true);
            SourceException failure =
                    assertThrows(SourceException.class, () -> Backups.backUp(repository, 0, new Backups.Log(), source));
            assertTrue(failure.getMessage().contains("vanished"), failure.getMessage());
            assertEquals(List.of(), repository.snapshots().list().snapshots());
            assertTrue(source.closed);
            assertFalse(source.committed);
        }
    }

    @Test
    void theFirstFailureIsToldAndTheSourceClosed() throws IOException {
        try (Repository repository = Repository.init(new Folder(root, failing("snapshots/")), Backups.config())) {
            Backups.TestCheckpoint checkpoint = leftBehind(Backups.content(100_000, 1));
            TargetException failure = assertThrows(
                    TargetException.class, () -> Backups.backUp(repository, 0, new Backups.Log(), checkpoint));
            assertTrue(failure.getMessage().contains("nothing was committed"), failure.getMessage());
            assertEquals(1, failure.getSuppressed().length);
            assertTrue(checkpoint.closed);
            assertFalse(checkpoint.committed);
        }
    }

    private ForwardingBackend failing(String prefix) {
        return new ForwardingBackend(new LocalBackend(root)) {
            @Override
            protected void publish(ObjectWriter object, String name) throws IOException {
                if (name.startsWith(prefix)) {
                    throw new IOException("disk full");
                }
                super.publish(object, name);
            }
        };
    }

    @Test
    void aParentFromTheFutureIsAWarning() throws IOException {
        try (Repository repository = Backups.init(root)) {
            Backups.Log log = new Backups.Log();
            backUpAt(repository, Instant.now().plusSeconds(3600), log);
            backUpAt(repository, null, log);
            assertEquals(List.of(), log.warnings);
            backUpAt(repository, Instant.now().plus(Duration.ofDays(400)), log);
            assertEquals(List.of(), log.warnings);
            backUpAt(repository, null, log);
            assertEquals(List.of("clock"), log.warnings);
        }
    }

    private static void backUpAt(Repository repository, Instant time, BackupListener listener) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            BackupJob job =
                    new BackupJob(session, new BackupOptions(1, 16 << 10, 0, 1), listener, new Cancellation(), "test");
            CheckpointSource source =
                    previous -> new Backups.TestCheckpoint(List.of(Backups.disk("disk", Backups.content(100_000, 1))));
            if (time == null) {
                job.run("machine", source);
            } else {
                job.runFor(time, "machine", source);
            }
        }
    }

    /** What the publisher uses is native memory: whoever closes it under its hands ends the process. */
    @Test
    void anInterruptedCloseWaitsForThePackThatIsBeingPublished() throws Exception {
        CountDownLatch publishing = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        ForwardingBackend slow = new ForwardingBackend(new LocalBackend(root)) {
            @Override
            protected void publish(ObjectWriter object, String name) throws IOException {
                if (name.startsWith("packs/")) {
                    publishing.countDown();
                    awaitQuietly(mayGoOn);
                }
                super.publish(object, name);
            }
        };
        try (Repository repository = Repository.init(new Folder(root, slow), Backups.config())) {
            WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {});
            put(session, 40);
            publishing.await();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread closing = new Thread(() -> {
                Thread.currentThread().interrupt();
                try {
                    session.close();
                } catch (IOException e) {
                    // Interruptions end some files' reading; nothing hangs on that here.
                }
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            closing.start();
            closing.join(500);
            boolean waited = closing.isAlive();
            mayGoOn.countDown();
            closing.join(TimeUnit.MINUTES.toMillis(1));
            assertTrue(waited, "closed while a pack was being published");
            assertTrue(interrupted.get(), "the interruption was forgotten");
            Backups.backUp(repository, Backups.disk("disk", Backups.content(100_000, 2)));
            assertEquals(
                    List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void put(WriteSession session, int blocks) throws IOException {
        ChunkWriter writer = session.newChunkWriter(Backups.BLOCK);
        SplittableRandom random = new SplittableRandom(7);
        byte[] block = new byte[Backups.BLOCK];
        for (int i = 0; i < blocks; i++) {
            random.nextBytes(block);
            ByteBuffer content =
                    ByteBuffer.allocateDirect(Backups.BLOCK).put(block).flip();
            writer.put(ChunkKind.BLOCK, writer.id(content), content);
        }
    }

    /** Half a frame may be in the pack when memory runs out: nobody may complete and index it. */
    @Test
    void afterAnErrorTheSessionStaysFailed() throws IOException {
        AtomicBoolean scarce = new AtomicBoolean(true);
        ForwardingBackend backend = new ForwardingBackend(new LocalBackend(root)) {
            @Override
            public ObjectWriter create() throws IOException {
                if (Thread.currentThread().getName().equals("main-worker") && scarce.getAndSet(false)) {
                    throw new OutOfMemoryError("played");
                }
                return super.create();
            }
        };
        try (Repository repository = Repository.init(new Folder(root, backend), Backups.config());
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            Thread thread = Thread.currentThread();
            String name = thread.getName();
            thread.setName("main-worker");
            try {
                assertThrows(OutOfMemoryError.class, () -> put(session, 1));
                IOException again = assertThrows(IOException.class, () -> put(session, 2));
                assertTrue(again.getMessage().contains("already failed"), again.getMessage());
                assertThrows(IOException.class, session::finishPacks);
            } finally {
                thread.setName(name);
            }
        }
    }
}
