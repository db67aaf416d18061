package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.gc.Turns.Turn;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.export.ExportFile;
import io.varve.store.export.SnapshotExport;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.repair.MissingParity;
import io.varve.store.session.ReadSession;
import io.varve.store.session.Sessions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program itself under schedules: a backup whose content lies in packs of a forgotten snapshot, beside collections
 * that condemn and delete these. A small sample of schedules, another one each time; {@link MoreInterleavingsTest} runs
 * more. What the protocol allows in principle, {@code ProtocolModelTest} searches.
 */
class InterleavingTest {
    private static final int SIZE = 60_000;

    @TempDir
    Path temp;

    private final Map<SnapshotId, byte[]> contents = new ConcurrentHashMap<>();
    private final byte[] first = Backups.content(SIZE, 1);
    private final byte[] second = Backups.content(SIZE, 2);
    private static final Quiet QUIET = new Quiet();

    private boolean condemnedBefore;
    private Turns turns;

    /** One of them is stopped once at every so manieth place. */
    int stride() {
        return 27;
    }

    /** How many schedules in which both are stopped several times. */
    int samples() {
        return 12;
    }

    /** What one actor does with a repository of its own. */
    @FunctionalInterface
    private interface Act {
        void run(Repository repository) throws IOException;
    }

    private void prepare(Path root) throws IOException {
        Files.createDirectories(root);
        try (Repository repository = Backups.init(root)) {
            Snapshot old = Backups.backUp(repository, Backups.disk("disk", first));
            contents.put(
                    Backups.backUp(repository, Backups.disk("disk", second)).id(), second);
            new SnapshotShelf(repository.backend()).forget(old);
            if (condemnedBefore) {
                collect(repository);
            }
        }
    }

    private static void collect(Repository repository) throws IOException {
        Warnings quiet = (code, message) -> assertTrue(code.equals("condemned-pack-needed"), code + ": " + message);
        try (WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, message -> {})) {
            Collection.run(session, new CollectionOptions(10, 100, false), quiet, System.nanoTime());
        }
    }

    private void backUpFirstAgain(Repository repository) throws IOException {
        contents.put(Backups.backUp(repository, Backups.disk("disk", first)).id(), first);
    }

    private static void collectThreeTimes(Repository repository) throws IOException {
        for (int i = 0; i < 3; i++) {
            collect(repository);
        }
    }

    /** What the second night inherits is there, whatever a collection does beside it. */
    private void backUpFirstTwice(Repository repository) throws IOException {
        backUpFirstAgain(repository);
        turns.endTurn();
        Backups.Log log = new Backups.Log();
        contents.put(
                Backups.backUp(repository, 0, log, Backups.disk("disk", first)).id(), first);
        assertEquals(List.of(), log.warnings);
    }

    private void restoreSecond(Repository repository) throws IOException {
        Snapshot snapshot = repository.snapshots().list().snapshots().get(0);
        assertArrayEquals(
                second, Backups.restore(repository, snapshot.manifest().disks().get(0)));
    }

    /** Reads through a collection; what it wrote is opened, and so proven as a whole. */
    private void exportSecond(Repository repository) throws IOException {
        Path file = temp.resolve("beside.varve");
        Snapshot snapshot = repository.snapshots().list().snapshots().get(0);
        try (ReadSession session = ReadSession.open(repository, notice -> {})) {
            assertTrue(export(session, snapshot, file).proven());
        }
        try (Repository export = openExport(file)) {
            Snapshot exported = export.snapshots().list().snapshots().get(0);
            assertArrayEquals(
                    second, Backups.restore(export, exported.manifest().disks().get(0)));
        }
    }

    private void importFirst(Repository repository) throws IOException {
        try (Repository export = openExport(exportOfFirst());
                ReadSession from = ReadSession.open(export, notice -> {});
                WriteSession to = WriteSession.open(repository, "import", Duration.ZERO, notice -> {})) {
            Snapshot snapshot = export.snapshots().list().snapshots().get(0);
            SnapshotCopy.Result result = new SnapshotCopy(from, to, QUIET).copy(snapshot, true);
            assertEquals(SnapshotCopy.Outcome.COPIED, result.outcome());
            contents.put(result.id(), first);
        }
    }

    private void copySecondElsewhere(Repository repository) throws IOException {
        Snapshot snapshot = repository.snapshots().list().snapshots().get(0);
        Path root = temp.resolve("other");
        try (Repository other = Backups.init(root)) {
            SnapshotCopy.Result result;
            try (ReadSession from = ReadSession.open(repository, notice -> {});
                    WriteSession to = WriteSession.open(other, "copy", Duration.ZERO, notice -> {})) {
                result = new SnapshotCopy(from, to, QUIET).copy(snapshot);
            }
            Snapshot copied = other.snapshots().read(result.id());
            assertArrayEquals(
                    second, Backups.restore(other, copied.manifest().disks().get(0)));
        }
        delete(root);
    }

    private static void checkDeeply(Repository repository) throws IOException {
        try (Closeable hold = Sessions.hold(repository, "fsck", Duration.ZERO, notice -> {})) {
            assertNotNull(hold);
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(report.hasErrors(), () -> "" + report.findings());
        }
    }

    /** Of packs, any of which a collection may be condemning or deleting. */
    private static void writeParity(Repository repository) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "parity", Duration.ZERO, notice -> {})) {
            assertEquals(
                    List.of(), MissingParity.write(session, 10, true, QUIET).damaged());
        }
    }

    /** One that any number of repositories of these tests can import: their content has the same ids everywhere. */
    private Path exportOfFirst() throws IOException {
        Path file = temp.resolve("first.varve");
        if (!Files.exists(file)) {
            Path root = temp.resolve("elsewhere");
            try (Repository elsewhere = Backups.init(root)) {
                Snapshot snapshot = Backups.backUp(elsewhere, Backups.disk("disk", first));
                try (ReadSession session = ReadSession.open(elsewhere, notice -> {})) {
                    export(session, snapshot, file);
                }
            }
        }
        return file;
    }

    private static SnapshotExport.Result export(ReadSession session, Snapshot snapshot, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            return new SnapshotExport(session, QUIET).write(snapshot, bytes -> {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            });
        }
    }

    private Repository openExport(Path file) throws IOException {
        return ExportFile.open(file, Files.createTempDirectory(temp, "export"), QUIET);
    }

    /** Told of nothing. */
    private static final class Quiet
            implements SnapshotCopy.Listener, SnapshotExport.Listener, ExportFile.Listener, MissingParity.Listener {
        @Override
        public void started(int packs) {}

        @Override
        public void packDone() {}

        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void bytesRead(long bytes) {}

        @Override
        public void check() {}
    }

    /** Runs a schedule, checks what it leaves, and gives how many steps each actor took. */
    private int[] run(List<Turn> schedule) throws Exception {
        return run(this::backUpFirstAgain, 2, schedule);
    }

    private int[] run(Act writer, int snapshots, List<Turn> schedule) throws Exception {
        Path root = temp.resolve("repository");
        prepare(root);
        Act[] acts = {writer, InterleavingTest::collectThreeTimes};
        turns = new Turns(acts.length, schedule);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int actor = 0; actor < acts.length; actor++) {
            int self = actor;
            Thread thread = new Thread(() -> {
                turns.begin(self);
                try (Repository repository = Repository.open(
                        new Folder(root, new SteppedBackend(new LocalBackend(root), turns, self == 0)))) {
                    acts[self].run(repository);
                } catch (IOException | RuntimeException | AssertionError e) {
                    failure.compareAndSet(null, e);
                } finally {
                    turns.end();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(120_000);
            assertFalse(thread.isAlive(), () -> "stuck in " + schedule);
        }
        if (failure.get() != null) {
            throw new AssertionError("" + schedule, failure.get());
        }
        check(root, snapshots, "" + schedule);
        return new int[] {turns.stepsTaken(0), turns.stepsTaken(1)};
    }

    private void check(Path root, int nights, String where) throws IOException {
        try (Repository repository = Repository.open(root)) {
            for (int round = 0; round < 2; round++) {
                FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
                assertFalse(report.hasErrors(), () -> where + ": " + report.findings());
                List<Snapshot> snapshots = repository.snapshots().list().snapshots();
                assertEquals(nights, snapshots.size(), where);
                for (Snapshot snapshot : snapshots) {
                    byte[] expected = contents.get(snapshot.id());
                    assertNotNull(expected, where);
                    assertArrayEquals(
                            expected,
                            Backups.restore(
                                    repository, snapshot.manifest().disks().get(0)),
                            where);
                }
                collect(repository);
                collect(repository);
            }
        }
        delete(root);
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void stoppedOnceAnywhere() throws Exception {
        stopOnceAnywhere(this::backUpFirstAgain, 2, 20);
    }

    @Test
    void aRestoreBesideACollectionIsWhole() throws Exception {
        stopOnceAnywhere(this::restoreSecond, 1, 5);
    }

    @Test
    void anExportBesideACollectionIsWhole() throws Exception {
        stopOnceAnywhere(this::exportSecond, 1, 5);
    }

    @Test
    void aCopyBesideACollectionIsWhole() throws Exception {
        stopOnceAnywhere(this::copySecondElsewhere, 1, 5);
    }

    @Test
    void aCheckBesideACollectionRaisesNoFalseAlarm() throws Exception {
        stopOnceAnywhere(InterleavingTest::checkDeeply, 1, 5);
    }

    @Test
    void whatIsImportedBesideACollectionStays() throws Exception {
        stopOnceAnywhere(this::importFirst, 2, 5);
    }

    @Test
    void parityIsWrittenBesideACollection() throws Exception {
        stopOnceAnywhere(InterleavingTest::writeParity, 1, 5);
    }

    /**
     * One of them is stopped once, anywhere, and goes on when the other one is done.
     *
     * @param steps the act takes more than that, or the test sees too little of it
     */
    private void stopOnceAnywhere(Act act, int snapshots, int steps) throws Exception {
        for (boolean before : new boolean[] {false, true}) {
            condemnedBefore = before;
            int[] taken = run(act, snapshots, List.of());
            assertTrue(taken[0] > steps && taken[1] > 60, taken[0] + " and " + taken[1] + " steps");
            int from = 1 + (int) (System.nanoTime() % stride());
            for (int at = from; at < taken[0]; at += stride()) {
                run(act, snapshots, List.of(new Turn(0, at), new Turn(1, Integer.MAX_VALUE)));
            }
            for (int at = from; at < taken[1]; at += stride()) {
                run(act, snapshots, List.of(new Turn(1, at), new Turn(0, Integer.MAX_VALUE)));
            }
        }
    }

    /**
     * A night is committed beside a collection that did not see it coming, and the next begins before that one is
     * through: it must not be told that the repository lost what it inherits.
     */
    @Test
    void theNextNightFindsWhatItInherits() throws Exception {
        condemnedBefore = false;
        int from = 1 + (int) (System.nanoTime() % stride());
        for (int before = from; before < 40; before += stride()) {
            for (int between = 1; between < 12; between++) {
                run(
                        this::backUpFirstTwice,
                        3,
                        List.of(
                                new Turn(1, before),
                                new Turn(0, Integer.MAX_VALUE),
                                new Turn(1, between),
                                new Turn(0, Integer.MAX_VALUE)));
            }
        }
    }

    @Test
    void stoppedOftenAtRandom() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < samples(); i++) {
            condemnedBefore = random.nextBoolean();
            List<Turn> schedule = new ArrayList<>();
            int turns = random.nextInt(2, 6);
            int actor = random.nextInt(2);
            for (int turn = 0; turn < turns; turn++) {
                schedule.add(new Turn(actor, random.nextInt(1, actor == 0 ? 30 : 90)));
                actor = 1 - actor;
            }
            try {
                run(schedule);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ", condemned before: " + condemnedBefore, e);
            }
        }
    }
}
