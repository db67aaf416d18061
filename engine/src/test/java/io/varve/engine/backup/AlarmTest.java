package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.store.Repository;
import io.varve.store.chunk.Compression;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that lost content since last night is told, with the snapshot committed all the same. */
class AlarmTest {
    private static final int SIZE = 10 * Backups.BLOCK;

    @TempDir
    Path folder;

    private Repository repository;
    private final List<Alarm> told = new ArrayList<>();

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(folder.resolve("repo"));
    }

    private List<String> alarms(CheckpointDisk... disks) throws IOException {
        return alarms(Set.of(), disks);
    }

    private List<String> alarms(Set<String> gone, CheckpointDisk... disks) throws IOException {
        told.clear();
        Backups.Log log = new Backups.Log() {
            @Override
            public synchronized void on(BackupEvent event) {
                if (event instanceof BackupEvent.Raised raised) {
                    told.add(raised.alarm());
                }
                super.on(event);
            }
        };
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            BackupOptions options =
                    new BackupOptions(1, 16 << 10, 0, 1, Compression.LZ4, Pace.UNLIMITED, 2, false, gone);
            BackupJob job = new BackupJob(session, options, log, new Cancellation(), "test");
            Snapshot snapshot = job.run("machine", previous -> new Backups.TestCheckpoint(List.of(disks)));
            assertEquals(disks.length, snapshot.manifest().disks().size(), "committed all the same");
            assertEquals(told, job.alarms());
        }
        assertEquals(told.stream().map(Alarm::code).toList(), log.warnings);
        return told.stream().map(alarm -> alarm.disk() + " " + alarm.code()).toList();
    }

    @Test
    void lossesAreToldOnceAndOrdinaryNightsAreSilent() throws IOException {
        byte[] full = Backups.content(SIZE, 1);
        byte[] half = Backups.content(SIZE / 2, 1);
        byte[] zeros = new byte[SIZE];
        assertEquals(List.of(), alarms(Backups.disk("a", full)), "the first night");
        assertEquals(List.of(), alarms(Backups.disk("a", Backups.content(SIZE, 2))), "other content");
        assertEquals(List.of(), alarms(Backups.disk("a", Backups.content(SIZE + 1, 2))), "larger");
        assertEquals(List.of("a disk-shrunk"), alarms(Backups.disk("a", full)));
        assertEquals(List.of("a disk-all-zero"), alarms(Backups.disk("a", zeros)));
        assertEquals(List.of(), alarms(Backups.disk("a", zeros)), "as last night");
        assertEquals(List.of(), alarms(Backups.disk("a", full)), "back again");
        assertEquals(List.of("a disk-shrunk"), alarms(Backups.disk("a", half)));
        assertEquals(List.of("a disk-empty"), alarms(Backups.disk("a", new byte[0])));
        assertEquals(List.of(), alarms(Backups.disk("a", new byte[0])), "as last night");
        assertEquals(List.of(), alarms(Backups.disk("a", full)));
        assertEquals(List.of("a disk-shrunk"), alarms(Backups.disk("a", new byte[SIZE / 2])));
        assertTrue(
                told.get(0).message().contains(SIZE / 2 + " bytes, " + SIZE),
                told.get(0).message());
        assertTrue(told.get(0).message().contains("is all zeros"), told.get(0).message());
    }

    @Test
    void eachDiskHasItsOwn() throws IOException {
        byte[] full = Backups.content(SIZE, 1);
        alarms(Backups.disk("a", full), Backups.disk("b", full), Backups.disk("c", full));
        assertEquals(
                List.of("c disk-empty", "a disk-all-zero"),
                alarms(Backups.disk("c", new byte[0]), Backups.disk("b", full), Backups.disk("a", new byte[SIZE])));
    }

    @Test
    void aDiskThatIsMissingIsToldOnceAndPlacesAHold() throws IOException {
        byte[] full = Backups.content(SIZE, 1);
        alarms(Backups.disk("a", full), Backups.disk("b", full));
        assertEquals(List.of("b disk-missing"), alarms(Backups.disk("a", full)));
        assertTrue(told.get(0).message().contains("--gone b"), told.get(0).message());
        assertEquals(
                List.of("b disk-missing"),
                repository.holds().list().holds().stream()
                        .map(hold -> hold.disk().orElseThrow() + " " + hold.code())
                        .toList());
        assertEquals(List.of(), alarms(Backups.disk("a", full)), "as last night");
        assertEquals(List.of(), alarms(Backups.disk("a", full), Backups.disk("b", full)), "back again");
        assertEquals(List.of(), alarms(Set.of("b"), Backups.disk("a", full)), "said to be gone");
    }

    /** One that has got another name, and is known by its GUID, is not missing. */
    @Test
    void aDiskUnderAnotherNameIsNotMissing() throws IOException {
        UUID guid = UUID.randomUUID();
        byte[] full = Backups.content(SIZE, 1);
        alarms(Backups.disk("a", full), unnamed("x", full, guid));
        assertEquals(List.of(), alarms(Backups.disk("a", full), unnamed("y", full, guid)));
    }

    /** A disk that nobody named is known by the GUID in its content; an emptied one has none any more. */
    @Test
    void anEmptiedDiskIsKnownByItsName() throws IOException {
        UUID guid = UUID.randomUUID();
        byte[] full = Backups.content(SIZE, 1);
        alarms(unnamed("x", full, guid), unnamed("y", full, UUID.randomUUID()));
        assertEquals(List.of("x disk-empty"), alarms(unnamed("x", new byte[0], null), unnamed("y", full, null)));
    }

    private static CheckpointDisk unnamed(String name, byte[] content, UUID guid) {
        return new CheckpointDisk(
                name, false, new MemoryDisk(content, guid), io.varve.engine.port.ChangeTracker.none());
    }

    /** The only disk gives way to another one: it is as gone as one of several would be. */
    @Test
    void anOnlyDiskThatIsAnotherNowIsMissing() throws IOException {
        byte[] full = Backups.content(SIZE, 8);
        byte[] other = Backups.content(SIZE, 9);
        assertEquals(List.of(), alarms(Backups.disk("sys", full)));
        assertEquals(List.of("sys disk-missing"), alarms(Backups.disk("data", other)));
        assertEquals(List.of(), alarms(Set.of("data"), Backups.disk("sys", full)));
        assertEquals(List.of(), alarms(new CheckpointDisk("derived", false, new MemoryDisk(full, null), none())));
        MemoryDisk first = withId(full, new UUID(0, 1));
        MemoryDisk second = withId(full, new UUID(0, 2));
        alarms(new CheckpointDisk("night-1", false, first, none()));
        assertEquals(List.of("night-1 disk-missing"), alarms(new CheckpointDisk("night-2", false, second, none())));
    }

    private static ChangeTracker none() {
        return ChangeTracker.none();
    }

    private static MemoryDisk withId(byte[] content, UUID id) {
        return new MemoryDisk(content, id) {
            @Override
            public String format() {
                return "vhdx-dynamic";
            }
        };
    }
}
