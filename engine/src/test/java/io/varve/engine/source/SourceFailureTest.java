package io.varve.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.Previous;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a source throws, wherever: the source failed, or a list cannot be had. Never the repository, never Varve.
 */
class SourceFailureTest {
    /** Calls into a source. */
    enum At {
        TAKE,
        DISKS,
        CONSISTENCY,
        MACHINE,
        FILES,
        STATE,
        FINISH_READING,
        SIZE,
        LOGICAL_SECTOR,
        PHYSICAL_SECTOR,
        UNCLEAN,
        GUID,
        FORMAT,
        LOCATION,
        DISTURBANCES,
        ALLOCATED,
        READ,
        CHECK_UNCHANGED,
        OPEN_FILE,
        READ_FILE,
        CLOSE_FILE,
        CHANGES_SINCE,
        TOKEN,
        BASE_TOKEN,
        NAMES_CONTENT,
        READS_UNCHANGED,
        COMMIT,
        CLOSE;

        boolean isAboutTheList() {
            return this == CHANGES_SINCE || this == TOKEN || this == BASE_TOKEN || this == NAMES_CONTENT;
        }

        boolean isAfterTheCommit() {
            return this == COMMIT || this == CLOSE;
        }
    }

    private static final List<Supplier<Throwable>> FAILURES = List.of(
            () -> new IOException("played"),
            () -> new CorruptDataException("played.vhdx", 7, "a table", "none"),
            () -> new InterruptedIOException("played"),
            () -> new SocketTimeoutException("played"),
            () -> new IllegalStateException("played"),
            () -> new UnsatisfiedLinkError("played"),
            () -> new InternalError("played"));

    private static final byte[] CONTENT = Backups.content(100_000, 1);

    @TempDir
    Path root;

    private Repository repository;
    private final Backups.Log log = new Backups.Log();

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(root);
        backUp(new Failing(null, null));
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private Snapshot backUp(Failing source) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            return new BackupJob(session, new BackupOptions(2, 16 << 10, 0, 1), log, new Cancellation(), "test")
                    .run("machine", source);
        }
    }

    static Stream<At> calls() {
        return Stream.of(At.values());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void whateverItThrows(At at) throws IOException {
        for (Supplier<Throwable> failure : FAILURES) {
            log.warnings.clear();
            Failing source = new Failing(at, failure);
            String what = at + " " + failure.get();
            int before = repository.snapshots().list().snapshots().size();
            if (at.isAboutTheList()) {
                assertEquals("demoted", backUp(source).manifest().disks().get(0).mode(), what);
                assertEquals(List.of("change-tracking-failed"), log.warnings, what);
            } else if (at.isAfterTheCommit()) {
                backUp(source);
                assertEquals(
                        List.of(at == At.COMMIT ? "checkpoint-not-advanced" : "source-not-clean"), log.warnings, what);
            } else {
                SourceException e = assertThrows(SourceException.class, () -> backUp(source), what);
                assertTrue(e.getMessage().contains("played"), what + ": " + e.getMessage());
                assertFalse(e.getMessage().contains("repository"), what + ": " + e.getMessage());
                assertEquals(before, repository.snapshots().list().snapshots().size(), what);
            }
            assertEquals(at != At.TAKE, source.closed, what);
            assertTrue(source.fired, what + " was not called");
            backUp(new Failing(null, null)); // brings back the token, and sees that nothing stays behind
        }
    }

    @Test
    void theIncrementalNightAsksForEverything() throws IOException {
        assertEquals(
                "incremental",
                backUp(new Failing(null, null)).manifest().disks().get(0).mode());
        assertEquals(List.of(), log.warnings);
    }

    @Test
    void anImageThatCannotBeClosedIsASourceFailure() throws IOException {
        for (Supplier<Throwable> failure : FAILURES) {
            GuardedImage image = new GuardedImage(new Failing(At.CLOSE, failure).new Image());
            assertTrue(assertThrows(SourceException.class, image::close)
                    .getMessage()
                    .contains("played"));
        }
    }

    @Test
    void aShortReadIsNoData() {
        Failing source = new Failing(null, null);
        source.shortReads = true;
        SourceException e = assertThrows(SourceException.class, () -> backUp(source));
        assertTrue(e.getMessage().contains("missing"), e.getMessage());
    }

    @Test
    void aMachineOfAnotherGuidIsAWarning() throws IOException {
        Failing other = new Failing(null, null);
        other.machine = UUID.randomUUID();
        assertEquals(Optional.of(other.machine), backUp(other).manifest().machineGuid());
        assertEquals(List.of("machine-replaced"), log.warnings);
    }

    @Test
    void badNamesAndStatesAreRefused() {
        for (List<String> names : List.of(List.of("twice", "twice"), List.of(""), List.of("a\nb"))) {
            Failing source = new Failing(null, null);
            source.names = names;
            assertThrows(SourceException.class, () -> backUp(source), "" + names);
            assertTrue(source.closed);
        }
        Failing source = new Failing(null, null);
        source.state = "x".repeat(Checkpoint.MAX_STATE_LENGTH + 1);
        assertThrows(SourceException.class, () -> backUp(source));
        assertTrue(source.closed);
    }

    @Test
    void itIsToldWhatTheSnapshotsSay() throws IOException {
        Failing second = new Failing(null, null);
        second.state = "state 2";
        Snapshot two = backUp(second);
        Failing third = new Failing(null, null);
        backUp(third);
        List<Previous.Night> nights = third.previous.nights();
        assertEquals(2, nights.size());
        assertEquals(two.id().text(), nights.get(0).snapshotId());
        assertEquals(Optional.of("state 2"), nights.get(0).sourceState());
        assertEquals(Optional.of("state"), nights.get(1).sourceState());
        assertEquals(
                List.of(new Previous.Disk("disk", true, Optional.empty(), CONTENT.length, Optional.of(second.token))),
                nights.get(0).disks());
        assertEquals(List.of(two.id().text()), second.committed);
    }

    /** A source with everything that one can have, and one call that fails. */
    private static final class Failing implements CheckpointSource, Checkpoint {
        private final At at;
        private final Supplier<Throwable> failure;
        private final MemoryDisk disk = new MemoryDisk(CONTENT, null);
        private final List<String> committed = new ArrayList<>();
        private List<String> names = List.of("file");
        private String state = "state";
        private final String token = "token " + UUID.randomUUID();
        private UUID machine = MemoryHost.MACHINE;
        private Previous previous;
        private boolean shortReads;
        private boolean closed;
        private volatile boolean fired;

        Failing(At at, Supplier<Throwable> failure) {
            this.at = at;
            this.failure = failure;
        }

        private void reach(At call) {
            if (call == at) {
                fired = true;
                Failing.<RuntimeException>sneak(failure.get());
            }
        }

        /** As a driver called from another language would. */
        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneak(Throwable failure) throws T {
            throw (T) failure;
        }

        @Override
        public Checkpoint take(Previous nights) {
            previous = nights;
            reach(At.TAKE);
            return this;
        }

        @Override
        public List<CheckpointDisk> disks() {
            reach(At.DISKS);
            return List.of(new CheckpointDisk("disk", true, new Image(), new Tracker()));
        }

        @Override
        public String consistency() {
            reach(At.CONSISTENCY);
            return "crash";
        }

        @Override
        public Optional<UUID> machine() {
            reach(At.MACHINE);
            return Optional.of(machine);
        }

        @Override
        public List<CheckpointFile> files() {
            reach(At.FILES);
            return names.stream().<CheckpointFile>map(File::new).toList();
        }

        @Override
        public Optional<String> sourceState() {
            reach(At.STATE);
            return Optional.of(state);
        }

        @Override
        public void finishReading() {
            reach(At.FINISH_READING);
        }

        @Override
        public void commit(String snapshotId) {
            committed.add(snapshotId);
            reach(At.COMMIT);
        }

        @Override
        public void close() {
            closed = true;
            reach(At.CLOSE);
        }

        private final class File implements CheckpointFile {
            private final String name;

            File(String name) {
                this.name = name;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public InputStream open() {
                reach(At.OPEN_FILE);
                return new ByteArrayInputStream(new byte[] {1, 2, 3}) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        reach(At.READ_FILE);
                        return super.read(target, offset, length);
                    }

                    @Override
                    public int readNBytes(byte[] target, int offset, int length) {
                        reach(At.READ_FILE);
                        return super.readNBytes(target, offset, length);
                    }

                    @Override
                    public void close() {
                        reach(At.CLOSE_FILE);
                    }
                };
            }
        }

        private final class Tracker implements ChangeTracker {
            @Override
            public Changes changesSince(String token) {
                reach(At.CHANGES_SINCE);
                return new Changes.Known(RangeSet.of(new Range(0, CONTENT.length)));
            }

            @Override
            public Optional<String> token() {
                reach(At.TOKEN);
                return Optional.of(token);
            }

            @Override
            public Optional<String> baseToken() {
                reach(At.BASE_TOKEN);
                return Optional.empty();
            }

            @Override
            public boolean readsUnchanged() {
                reach(At.READS_UNCHANGED);
                return true;
            }

            @Override
            public boolean tokensNameContent() {
                reach(At.NAMES_CONTENT);
                return false;
            }
        }

        private final class Image implements io.varve.engine.port.DiskImage {
            @Override
            public long size() {
                reach(At.SIZE);
                return disk.size();
            }

            @Override
            public int logicalSectorSize() {
                reach(At.LOGICAL_SECTOR);
                return 512;
            }

            @Override
            public int physicalSectorSize() {
                reach(At.PHYSICAL_SECTOR);
                return 512;
            }

            @Override
            public Optional<UUID> guid() {
                reach(At.GUID);
                return Optional.empty();
            }

            @Override
            public String format() {
                reach(At.FORMAT);
                return "memory";
            }

            @Override
            public String location() {
                reach(At.LOCATION);
                return "memory";
            }

            @Override
            public void read(long offset, ByteBuffer target) throws IOException {
                reach(At.READ);
                if (!shortReads) {
                    disk.read(offset, target);
                }
            }

            @Override
            public RangeSet allocated(Range window) {
                reach(At.ALLOCATED);
                return disk.allocated(window);
            }

            @Override
            public Optional<String> unclean() {
                reach(At.UNCLEAN);
                return Optional.empty();
            }

            @Override
            public void checkUnchanged() {
                reach(At.CHECK_UNCHANGED);
            }

            @Override
            public List<Disturbance> disturbances() {
                reach(At.DISTURBANCES);
                return List.of();
            }

            /** Called by who compares a disk; a backup closes the checkpoint. */
            @Override
            public void close() {
                reach(At.CLOSE);
            }
        }
    }
}
