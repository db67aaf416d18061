package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.store.MemoryLocation;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.coordination.RepositoryBusyException;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionReport;
import io.varve.store.repair.Repair;
import io.varve.store.session.IndexMaintenance;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that is done with a repository, done with one that is in no folder. */
class InMemoryRepositoryTest {
    private static final int SIZE = 400_000;
    private static final CollectionOptions ALL = new CollectionOptions(10, 100, false);

    @TempDir
    Path temp;

    private MemoryLocation location;
    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        location = new MemoryLocation(temp.resolve("home"));
        repository = Backups.init(location);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private CollectionReport collect(List<String> notices) throws IOException {
        Warnings quiet = (code, message) -> {};
        try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, notices::add)) {
            return Collection.run(session, ALL, quiet, 7);
        }
    }

    private void assertClean() throws IOException {
        FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
        assertFalse(report.hasErrors() || report.hasWarnings(), () -> "" + report.findings());
    }

    @Test
    void whatIsForgottenIsCollectedAndTheRestStays() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        byte[] second = Backups.content(SIZE, 2);
        Snapshot old = Backups.backUp(repository, Backups.disk("disk", first));
        Snapshot kept = Backups.backUp(repository, Backups.disk("disk", second));
        new SnapshotShelf(repository.backend()).forget(old);
        assertTrue(collect(new ArrayList<>()).condemnedPacks() > 0);
        assertTrue(collect(new ArrayList<>()).deletedPacks() > 0);
        Backups.assertRestores(repository, kept, second);
        assertClean();
    }

    @Test
    void anotherOneOpensItAndFindsAll() throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", content));
        MemoryLocation elsewhere =
                new MemoryLocation(location.backend(), location.coordination(), temp.resolve("other home"));
        try (Repository other = Repository.open(elsewhere)) {
            Backups.assertRestores(other, snapshot, content);
            assertTrue(IndexMaintenance.rebuild(other, Duration.ZERO, (done, total) -> {}, notice -> {})
                            .chunks()
                    > 0);
        }
    }

    @Test
    void writersBesideEachOtherHoldUpTheSweepAndTheOneAlone() throws IOException {
        Snapshot old = Backups.backUp(repository, Backups.disk("disk", Backups.content(SIZE, 1)));
        Backups.backUp(repository, Backups.disk("disk", Backups.content(SIZE, 2)));
        new SnapshotShelf(repository.backend()).forget(old);
        try (WriteSession writer = WriteSession.open(repository, "a long night", Duration.ZERO, notice -> {})) {
            assertTrue(collect(new ArrayList<>()).condemnedPacks() > 0);
            assertEquals(0, collect(new ArrayList<>()).deletedPacks(), "a session that lives may rely on them");
            RepositoryBusyException busy = assertThrows(
                    RepositoryBusyException.class,
                    () -> WriteSession.openAlone(repository, "repair", Duration.ZERO, notice -> {}));
            assertTrue(busy.getMessage().contains("a long night"), busy.getMessage());
            assertTrue(writer.entry().description().contains("a long night"));
        }
        assertTrue(collect(new ArrayList<>()).deletedPacks() > 0);
        assertClean();
    }

    @Test
    void aCrashedSessionIsClearedByTheNext() throws IOException {
        WriteSession crashed = WriteSession.open(repository, "crash", Duration.ZERO, notice -> {});
        String record = crashed.entry().name();
        location.coordination().kill(record.replaceAll("sessions/|\\.json", ""));
        List<String> notices = new ArrayList<>();
        collect(notices);
        assertTrue(notices.stream().anyMatch(notice -> notice.contains(record)), "" + notices);
        assertFalse(location.backend().exists(record));
        crashed.close();
        assertClean();
    }

    @Test
    void damageIsFoundAndPutAside() throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", content));
        List<String> packs = new ArrayList<>();
        location.backend().list("packs", (name, size) -> packs.add(name));
        byte[] pack = location.backend().get(packs.get(0));
        pack[pack.length / 2] ^= 1;
        assertTrue(Backups.fsck(repository, FsckOptions.Level.READ_DATA).hasErrors());
        try (WriteSession alone = WriteSession.openAlone(repository, "repair", Duration.ZERO, notice -> {})) {
            Repair repair = Backups.repair(alone);
            List<Repair.DamagedPack> damaged = repair.plan();
            assertEquals(1, damaged.size());
            repair.apply(damaged);
        }
        assertFalse(location.backend().exists(packs.get(0)));
        assertTrue(location.backend().exists(packs.get(0).replaceFirst("packs/../", "quarantine/")));
        // The next night brings back what the disk still has.
        Backups.backUp(repository, Backups.disk("disk", content));
        Backups.assertRestores(repository, snapshot, content);
        assertClean();
    }

    @Test
    void aCopyNeedsNoFolderEither() throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", content));
        SnapshotCopy.Listener quiet = new SnapshotCopy.Listener() {
            @Override
            public void bytesDone(long bytes) {}

            @Override
            public void check() {}
        };
        try (Repository to = Backups.init(new MemoryLocation(temp.resolve("second")))) {
            try (ReadSession reading = ReadSession.open(repository, notice -> {});
                    WriteSession writing = WriteSession.open(to, "copy", Duration.ZERO, notice -> {})) {
                new SnapshotCopy(reading, writing, quiet).copy(snapshot);
            }
            Snapshot copied = to.snapshots().list().snapshots().get(0);
            assertArrayEquals(
                    content, Backups.restore(to, copied.manifest().disks().get(0)));
            assertEquals(List.of(), Backups.fsck(to, FsckOptions.Level.DEEP).findings());
        }
    }
}
