package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.store.Location;
import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.coordination.ClaimCoordination;
import io.varve.store.coordination.Coordination;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.home.LocalHome;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Refusal;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A computer is frozen at each of its requests in turn, declared dead, and goes on when others have collected and
 * backed up: it may lose its work, and nothing else is lost.
 */
class FrozenTest {
    private static final int SIZE = 60_000;
    private static final CollectionOptions ALL = new CollectionOptions(10, 100, false);
    private static final byte[] FORGOTTEN = Backups.content(SIZE, 1);
    private static final byte[] KEPT = Backups.content(SIZE, 2);

    @TempDir
    Path temp;

    private MemoryBackend objects;
    private SnapshotId kept;
    private SnapshotId forgotten;
    private int places;

    /** What the computer does that is frozen. */
    enum Work {
        BACK_UP(0),
        BACK_UP_WHAT_IS_CONDEMNED(1),
        CONDEMN(0),
        SWEEP(1),
        BRING_BACK(0),
        BRING_BACK_WHAT_IS_CONDEMNED(1);

        private final int collections;

        /** @param collections that went before */
        Work(int collections) {
            this.collections = collections;
        }
    }

    /** A computer: its caches and its locks. */
    private record Place(Backend backend, Coordination coordination, Path directory) implements Location {
        @Override
        public LocalHome home(UUID repositoryId) {
            return LocalHome.onThisComputer(repositoryId, directory.resolve("home"));
        }

        @Override
        public void prepare() {
            // A map has room for everybody.
        }
    }

    private Place place(Backend backend) throws IOException {
        Path directory = Files.createDirectories(temp.resolve("computer-" + ++places));
        return new Place(backend, new ClaimCoordination(backend, directory.resolve("claims")), directory);
    }

    /** Freezes the request of a number, and all that follow wait for what happens meanwhile. */
    private final class Freezing extends ForwardingBackend {
        private final int at;
        private final Meanwhile meanwhile;
        private int requests;

        Freezing(int at, Meanwhile meanwhile) {
            super(objects);
            this.at = at;
            this.meanwhile = meanwhile;
        }

        private void request() throws IOException {
            if (requests++ == at) {
                meanwhile.happens();
            }
        }

        @Override
        protected void publish(ObjectWriter object, String name) throws IOException {
            request();
            super.publish(object, name);
        }

        @Override
        public void delete(String name) throws IOException {
            request();
            super.delete(name);
        }

        @Override
        public void list(String directory, ObjectVisitor visitor) throws IOException {
            request();
            super.list(directory, visitor);
        }
    }

    private interface Meanwhile {
        void happens() throws IOException;
    }

    private static void collect(Repository repository) throws IOException {
        Warnings quiet = (code, message) -> {};
        try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, message -> {})) {
            Collection.run(session, ALL, quiet, 7);
        }
    }

    private static void bringBack(Repository repository, SnapshotId id) throws IOException {
        try (WriteSession session =
                WriteSession.openForCollection(repository, "unforget", Duration.ZERO, message -> {})) {
            Collection.undo(session, kept -> {});
            session.bringBack(id, left -> {});
        }
    }

    private void prepare(Work work) throws IOException {
        objects = new MemoryBackend();
        try (Repository repository = Repository.init(place(objects), Backups.config())) {
            Snapshot old = Backups.backUp(repository, Backups.disk("disk", FORGOTTEN));
            kept = Backups.backUp(repository, Backups.disk("disk", KEPT)).id();
            forgotten = old.id();
            new SnapshotShelf(repository.backend()).forget(old);
            for (int i = 0; i < work.collections; i++) {
                collect(repository);
            }
        }
    }

    private void run(Work work, Repository repository) throws IOException {
        switch (work) {
            case BACK_UP, BACK_UP_WHAT_IS_CONDEMNED -> Backups.backUp(repository, Backups.disk("disk", FORGOTTEN));
            case CONDEMN, SWEEP -> collect(repository);
            case BRING_BACK, BRING_BACK_WHAT_IS_CONDEMNED -> bringBack(repository, forgotten);
        }
    }

    /** All that others do while a computer is frozen: it is declared dead, and life goes on. */
    private void others(boolean bringBack) throws IOException {
        objects.list("claims", (name, size) -> objects.delete(name));
        try (Repository repository = Repository.open(place(objects))) {
            if (bringBack) {
                try {
                    bringBack(repository, forgotten);
                } catch (CorruptDataException | NoSuchFileException e) {
                    // Its packs are gone or being deleted, or it is back already.
                }
            }
            collect(repository);
            Backups.backUp(repository, Backups.disk("disk", FORGOTTEN));
            collect(repository);
            collect(repository);
        }
    }

    private void assertNothingIsLost(String when) throws IOException {
        try (Repository repository = Repository.open(place(objects))) {
            for (int round = 0; round < 2; round++) {
                List<Snapshot> snapshots = repository.snapshots().list().snapshots();
                assertTrue(snapshots.stream().anyMatch(each -> each.id().equals(kept)), when);
                for (Snapshot snapshot : snapshots) {
                    Backups.assertRestores(repository, snapshot, snapshot.id().equals(kept) ? KEPT : FORGOTTEN);
                }
                if (round > 0) { // a list that came into force too late is lifted by the next collection
                    FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
                    assertFalse(report.hasErrors(), () -> when + ": " + report.findings());
                }
                collect(repository);
            }
        }
    }

    /** Whether the work made so many requests. */
    private boolean freezeAt(Work work, boolean bringBack, int at) throws IOException {
        prepare(work);
        Freezing backend = new Freezing(at, () -> others(bringBack));
        String outcome = "ended";
        try (Repository repository = Repository.open(place(backend))) {
            run(work, repository);
        } catch (IOException e) {
            outcome = e.getMessage();
        }
        assertNothingIsLost(work + " frozen at " + at + ", " + outcome);
        return backend.requests > at;
    }

    /** Three moments; {@link #atManyRequests} tries more. */
    @ParameterizedTest
    @CsvSource({"BACK_UP_WHAT_IS_CONDEMNED, 27", "SWEEP, 40", "BRING_BACK_WHAT_IS_CONDEMNED, 30"})
    void whoeverIsFrozenLosesTimeAndNothingElse(Work work, int at) throws IOException {
        assertTrue(freezeAt(work, true, at), work + " makes fewer requests");
    }

    /** A snapshot whose commit was refused to an earlier attempt can be brought back and copied by a later one. */
    @Test
    void aRefusedIdCanBeGivenAgain() throws IOException {
        prepare(Work.BRING_BACK);
        assertTrue(Refusal.publish(objects, forgotten, "00000000-0000-0000-0000-000000000000"));
        try (Repository repository = Repository.open(place(objects))) {
            assertEquals(1, repository.snapshots().list().snapshots().size());
            assertEquals(List.of(), repository.snapshots().list().damaged());
            bringBack(repository, forgotten);
            assertEquals(2, repository.snapshots().list().snapshots().size());
        }
        assertNothingIsLost("after a refused id was given again");
    }

    /** Every third; each one, which takes minutes, with {@code -Dvarve.frozen.step=1}. */
    @Tag("long")
    @ParameterizedTest
    @EnumSource(Work.class)
    void atManyRequests(Work work) throws IOException {
        int step = Integer.getInteger("varve.frozen.step", 3);
        int at = 0;
        while (freezeAt(work, at / step % 2 == 0, at)) {
            at += step;
        }
        assertTrue(at > 25, work + " made " + at + " requests");
    }

    @Test
    void aFrozenCommitIsRefused() throws IOException {
        prepare(Work.BACK_UP);
        ForwardingBackend atTheManifest = new ForwardingBackend(objects) {
            @Override
            protected void publish(ObjectWriter object, String name) throws IOException {
                if (name.startsWith("snapshots/")) {
                    others(false);
                }
                super.publish(object, name);
            }
        };
        try (Repository repository = Repository.open(place(atTheManifest))) {
            IOException failure =
                    assertThrows(IOException.class, () -> Backups.backUp(repository, Backups.disk("disk", FORGOTTEN)));
            assertTrue(failure.getMessage().contains("declared dead"), failure::getMessage);
        }
        assertNothingIsLost("after a commit that was refused");
        List<String> left = new ArrayList<>();
        objects.list("sessions", (name, size) -> left.add(name));
        assertEquals(List.of(), left);
    }
}
