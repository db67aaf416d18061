package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that name no moment, and disks that are not what they are called: read whole, with a warning. */
class TokenTest {
    private static final int SIZE = 40 * Backups.BLOCK;

    @TempDir
    Path root;

    private Repository repository;
    private final byte[] content = Backups.content(SIZE, 1);

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(root);
    }

    private Snapshot backUp(String expected, CheckpointDisk... disks) throws IOException {
        Backups.Log log = new Backups.Log();
        Snapshot snapshot = Backups.backUp(repository, 0, log, disks);
        DiskRecord first = snapshot.manifest().disks().get(0);
        assertEquals(expected, first.mode() + " " + first.reasonCode(), first.reason());
        assertEquals(first.mode().equals("demoted"), log.warnings.contains(first.reasonCode()), "loud");
        Backups.assertRestores(repository, snapshot, ((MemoryDisk) disks[0].image()).content());
        return snapshot;
    }

    private CheckpointDisk disk(ChangeTracker tracker) {
        return Backups.disk("disk", new MemoryDisk(content.clone(), null), tracker);
    }

    /** Writes a block, and gives the list of it. */
    private RangeSet write(int block) {
        content[block * Backups.BLOCK] ^= 1;
        return RangeSet.of(new Range((long) block * Backups.BLOCK, Backups.BLOCK));
    }

    /** Night 2 failed after its list was consumed. */
    @Test
    void aTokenThatIsTheSameEveryNight() throws IOException {
        backUp("full first-backup", disk(TestTracker.tokenOnly("nightly")));
        write(2);
        Snapshot night = backUp("demoted token-repeated", disk(TestTracker.known("nightly", write(3), "nightly")));
        assertTrue(night.manifest().disks().get(0).reason().contains("'nightly'"));
        backUp("demoted token-reused", disk(TestTracker.known("nightly", RangeSet.empty(), "nightly")));
    }

    /** Of a content that nothing was written to, however long the list. */
    @Test
    void aTokenThatNamesAContentMayComeBack() throws IOException {
        record ContentTracker(RangeSet list) implements ChangeTracker {
            @Override
            public Changes changesSince(String token) {
                return new Changes.Known(list);
            }

            @Override
            public Optional<String> token() {
                return Optional.of("content-1");
            }

            @Override
            public boolean tokensNameContent() {
                return true;
            }
        }
        RangeSet longer = RangeSet.of(new Range(0, Backups.BLOCK));
        backUp("full first-backup", disk(new ContentTracker(longer)));
        backUp("incremental change-list", disk(new ContentTracker(longer)));
        write(0);
        backUp("incremental change-list", disk(new ContentTracker(longer)));
        backUp("demoted token-reused", disk(new ContentTracker(longer)));
    }

    /** Tokens that are days of the week: the list is since some Monday. Also where nights between were forgotten. */
    @Test
    void aTokenOfAnOlderNight() throws IOException {
        backUp("full first-backup", disk(TestTracker.tokenOnly("mon")));
        Snapshot tuesday = backUp("incremental change-list", disk(TestTracker.known("mon", write(1), "tue")));
        backUp("incremental change-list", disk(TestTracker.known("tue", write(2), "mon")));
        new SnapshotShelf(repository.backend()).forget(tuesday);
        write(3);
        Snapshot last = backUp("demoted token-reused", disk(TestTracker.known("mon", write(4), "tue")));
        assertTrue(last.manifest().disks().get(0).reason().contains("disk 'disk' of snapshot 2"));
    }

    /** It may stand for as many nights as it likes, as long as they are equal: a list since any of them is right. */
    @Test
    void aTokenThatCameBackWithNothingWritten() throws IOException {
        backUp("full first-backup", disk(TestTracker.tokenOnly("17")));
        backUp("incremental change-list", disk(TestTracker.known("17", RangeSet.empty(), "17")));
        backUp("incremental change-list", disk(TestTracker.known("17", write(1), "18")));
    }

    @Test
    void aTokenOfAnotherDiskOrNightIsNamed() throws IOException {
        CheckpointDisk other =
                Backups.disk("other", new MemoryDisk(Backups.content(SIZE, 2), null), TestTracker.tokenOnly("o1"));
        Snapshot first = backUp("full first-backup", disk(TestTracker.tokenOnly("d1")), other);
        Snapshot second =
                backUp("demoted token-mismatch", disk(TestTracker.known("o1", RangeSet.empty(), "d2")), other);
        assertTrue(reason(second).contains("stored with disk 'other' of snapshot " + first.id()), reason(second));
        Snapshot third = backUp("demoted token-mismatch", disk(TestTracker.known("d1", RangeSet.empty(), "d3")), other);
        assertTrue(reason(third).contains("stored with disk 'disk' of snapshot " + first.id()), reason(third));
    }

    private static String reason(Snapshot snapshot) {
        return snapshot.manifest().disks().get(0).reason();
    }

    /** The case that was found: two disks that differ in one block, their files exchanged, everything else right. */
    @Test
    void exchangedDisksAreReadWhole() throws IOException {
        UUID a = UUID.randomUUID();
        UUID b = UUID.randomUUID();
        byte[] other = content.clone();
        other[SIZE - 1] ^= 1;
        Backups.backUp(
                repository,
                Backups.disk("system", new MemoryDisk(content, a), TestTracker.tokenOnly("n1")),
                Backups.disk("data", new MemoryDisk(other, b), TestTracker.tokenOnly("n1")));
        Backups.Log log = new Backups.Log();
        Snapshot night = Backups.backUp(
                repository,
                0,
                log,
                Backups.disk("system", new MemoryDisk(other, b), TestTracker.known("n1", RangeSet.empty(), "n2")),
                Backups.disk("data", new MemoryDisk(content, a), TestTracker.known("n1", RangeSet.empty(), "n2")));
        assertEquals(List.of(Doubt.MISMATCH, Doubt.MISMATCH), log.warnings);
        Backups.assertRestores(repository, night, other, content);
        assertEquals(0, night.manifest().disks().get(0).counters().changed(), "compared with the disk of its GUID");
    }

    @Test
    void aNewPartitionTableWithoutAListIsANotice() throws IOException {
        class Raw extends MemoryDisk {
            Raw(UUID guid) {
                super(content.clone(), guid);
            }

            @Override
            public String format() {
                return "raw";
            }
        }
        backUp("full first-backup", Backups.disk("disk", new Raw(UUID.randomUUID()), ChangeTracker.none()));
        backUp("full no-change-list", Backups.disk("disk", new Raw(UUID.randomUUID()), TestTracker.tokenOnly("t")));
        write(1);
        backUp(
                "demoted identity-mismatch",
                Backups.disk("disk", new Raw(UUID.randomUUID()), TestTracker.known("t", RangeSet.empty(), "u")));
    }

    @Test
    void copiesAreWarnedOf() throws IOException {
        UUID guid = UUID.randomUUID();
        CheckpointDisk original = Backups.disk("x", new MemoryDisk(content, guid), TestTracker.tokenOnly("t"));
        backUp("full first-backup", original);
        Backups.Log log = new Backups.Log();
        byte[] written = content.clone();
        written[0] ^= 1;
        Snapshot both = Backups.backUp(
                repository,
                0,
                log,
                Backups.disk("x", new MemoryDisk(written, guid), TestTracker.known("t", RangeSet.empty(), "u")),
                Backups.disk("copy", new MemoryDisk(content, guid), TestTracker.tokenOnly("c")));
        assertEquals(List.of("duplicate-guid", Doubt.AMBIGUOUS), log.warnings);
        Backups.assertRestores(repository, both, written, content);
    }
}
