package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.chunk.Compression;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that are not frozen: warned of, recorded, or refused. */
class FrozenWatchTest {
    private static final Disturbance IN_USE = new Disturbance(Disturbance.IN_USE, "open for writing by somebody");
    private static final Disturbance CHANGED = new Disturbance(Disturbance.CHANGED, "was modified");

    @TempDir
    Path folder;

    private final byte[] content = Backups.content(10 * Backups.BLOCK, 3);
    private final List<Disturbance> disturbances = new ArrayList<>();
    private final Backups.Log log = new Backups.Log();
    private Repository repository;
    private MemoryDisk disk;
    private boolean cutOff;

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(folder.resolve("repo"));
        disk = new MemoryDisk(content, null) {
            @Override
            public List<Disturbance> disturbances() throws IOException {
                if (cutOff) {
                    throw new IOException("cut off");
                }
                return List.copyOf(disturbances);
            }
        };
    }

    private Snapshot backUp(boolean requireFrozen) throws IOException {
        BackupOptions options = new BackupOptions(
                1, 16 << 10, 0, 1, Compression.LZ4, Pace.UNLIMITED, 1, requireFrozen, java.util.Set.of());
        // The second disk is read after the first; until then nobody may have written to the first.
        CheckpointDisk second =
                Backups.disk("second", new MemoryDisk(content, null).beforeRead(this::whileTheSecondIsRead), none());
        return Backups.backUp(
                repository,
                options,
                log,
                new Cancellation(),
                new Backups.TestCheckpoint(List.of(Backups.disk("first", disk, none()), second)));
    }

    private Runnable later = () -> {};

    private void whileTheSecondIsRead() {
        later.run();
        later = () -> {};
    }

    private static ChangeTracker none() {
        return ChangeTracker.none();
    }

    private void assertNothingCommitted() throws IOException {
        assertTrue(repository.snapshots().newest("machine", e -> {}).isEmpty());
    }

    @Test
    void frozenDisksMakeNoWords() throws IOException {
        assertEquals("offline", backUp(true).manifest().consistency());
        assertEquals(List.of(), log.warnings);
    }

    @Test
    void aDiskInUseIsToldOnceAndMakesTheSnapshotFuzzy() throws IOException {
        disturbances.add(IN_USE);
        assertEquals("fuzzy", backUp(false).manifest().consistency());
        assertEquals(List.of("source-in-use"), log.warnings);
    }

    @Test
    void aWriteIsSeenUntilTheLastDiskWasRead() throws IOException {
        later = () -> disturbances.add(CHANGED);
        assertEquals("fuzzy", backUp(false).manifest().consistency());
        assertEquals(List.of("source-changed"), log.warnings);
    }

    @Test
    void aDiskInUseIsRefusedBeforeItIsRead() throws IOException {
        disturbances.add(IN_USE);
        SourceException refused = assertThrows(SourceException.class, () -> backUp(true));
        assertTrue(refused.getMessage().contains("open for writing by somebody"), refused.getMessage());
        assertEquals(0, disk.bytesRead());
        assertNothingCommitted();
    }

    @Test
    void aWriteIsRefused() throws IOException {
        later = () -> disturbances.add(CHANGED);
        assertThrows(SourceException.class, () -> backUp(true));
        assertNothingCommitted();
    }

    @Test
    void aFileThatWasCutOffIsAFailedRead() throws IOException {
        later = () -> cutOff = true;
        assertThrows(SourceException.class, () -> backUp(false));
        assertNothingCommitted();
    }

    /** What somebody wrote while it was read, no later list names. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNightAfterAFuzzyOneComparesTenTimesAsMuch(boolean fuzzy) throws IOException {
        if (fuzzy) {
            disturbances.add(IN_USE);
        }
        night(TestTracker.tokenOnly("1"));
        disturbances.clear();
        Snapshot next = night(TestTracker.known("1", RangeSet.empty(), "2"));
        assertEquals("offline", next.manifest().consistency());
        DiskRecord record = next.manifest().disks().get(0);
        assertEquals("incremental", record.mode());
        assertEquals(fuzzy, record.audit().orElseThrow().tenfold());
    }

    private Snapshot night(ChangeTracker tracker) throws IOException {
        return Backups.backUp(
                repository,
                new BackupOptions(1, 16 << 10, 0, 1),
                log,
                new Cancellation(),
                new Backups.TestCheckpoint(List.of(Backups.disk("first", disk, tracker))));
    }
}
