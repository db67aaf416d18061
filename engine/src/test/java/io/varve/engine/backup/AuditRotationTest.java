package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.plan.AuditSlices;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.snapshot.AuditRecord;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Night by night the audit comes by everything, whatever is written meanwhile, and says truly since when. */
@Tag("long")
class AuditRotationTest {
    private static final int BLOCKS = 700;
    private static final Instant START = Instant.parse("2026-01-01T02:00:00Z");

    @TempDir
    Path root;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static DiskRecord record(Mode mode, Optional<AuditRecord> audit) {
        return new DiskRecord(
                1,
                "disk",
                true,
                Optional.empty(),
                Optional.empty(),
                "",
                "raw",
                BLOCKS * 512L,
                512,
                512,
                512,
                ChunkId.ZERO,
                Optional.of("t"),
                mode.word(),
                "",
                "",
                DiskCounters.NONE,
                audit);
    }

    private static BackupOptions audit(double fraction) {
        return new BackupOptions(1, 1 << 20, fraction, 77);
    }

    private static Instant night(int number) {
        return START.plus(Duration.ofDays(number));
    }

    /**
     * A disk of which allocated and changed blocks are others each night, and shares that vary: each unchanged
     * allocated block is compared once in every round, an omission within the nights of one round, and
     * {@code comparedSince} is never later than the night in which some block was last looked at.
     */
    @Test
    void everyUnchangedBlockIsComparedOnceARound() {
        for (int life = 0; life < 40; life++) {
            BlockGrid grid = new BlockGrid(BLOCKS * 512L, 512);
            RangeSet all = RangeSet.of(new Range(0, grid.diskSize()));
            double fraction = 1.0 / (1 + random.nextInt(60));
            int nightsOfARound = 0;
            int[] looked = new int[BLOCKS]; // the night in which it was compared, or read since it changed
            int[] compared = new int[BLOCKS];
            DiskRecord before = record(Mode.FULL, Optional.empty());
            for (int night = 1; night < 200; night++) {
                String where = "seed " + seed + ", life " + life + ", night " + night;
                RangeSet changed = blocks(random.nextInt(20), grid);
                RangeSet free = blocks(random.nextInt(20), grid).minus(changed);
                RangeSet unchanged = all.minus(changed).minus(free);
                AuditTurn turn = AuditTurn.incremental(
                        before,
                        night(night - 1),
                        new AuditTurn.Given(audit(fraction), night(night), grid.diskSize(), changed.totalLength()));
                RangeSet chosen = turn.slices().choose(unchanged, grid);
                RangeSet due = turn.slices().choose(all, grid);
                AuditRecord after = turn.after().orElseThrow();
                nightsOfARound = (after.slices() + after.taken() - 1) / after.taken();
                for (int block = 0; block < BLOCKS; block++) {
                    boolean passed = due.contains(grid.offset(block));
                    assertEquals(
                            passed && unchanged.contains(grid.offset(block)),
                            chosen.contains(grid.offset(block)),
                            where + ": all that is due and unchanged");
                    looked[block] = passed || changed.contains(grid.offset(block)) ? night : looked[block];
                    compared[block] = passed ? night : compared[block];
                    assertTrue(night - compared[block] <= nightsOfARound, where + ", block " + block);
                    assertTrue(
                            !after.comparedSince().orElseThrow().isAfter(night(looked[block])),
                            where + ": block " + block + " was looked at in night " + looked[block] + " last, but "
                                    + after.comparedSince());
                }
                assertTrue(
                        !after.comparedSince().orElseThrow().isBefore(night(night - 2 * nightsOfARound)),
                        where + ": it gets on");
                before = record(Mode.INCREMENTAL, turn.after());
            }
        }
    }

    private RangeSet blocks(int ranges, BlockGrid grid) {
        RangeSet set = RangeSet.empty();
        for (int i = 0; i < ranges; i++) {
            int first = random.nextInt(BLOCKS);
            int count = 1 + random.nextInt(Math.min(30, BLOCKS - first));
            set = set.union(RangeSet.of(new Range(grid.offset(first), count * 512L)));
        }
        return set;
    }

    @Test
    void distrustLastsForOneRound() {
        BackupOptions byDefault = audit(-1);
        long allocated = 100L << 30;
        DiskRecord before = record(Mode.INCREMENTAL, Optional.empty());
        AuditTurn demoted =
                AuditTurn.whole(Mode.DEMOTED, Optional.of(before), Optional.empty(), given(byDefault, 0, allocated));
        assertEquals(AuditSlices.NONE.isEmpty(), demoted.slices().isEmpty());
        AuditRecord audit = demoted.after().orElseThrow();
        assertTrue(audit.tenfold());
        assertEquals(Optional.of(night(0)), audit.comparedSince(), "it was read whole");
        AuditTurn full = AuditTurn.whole(
                Mode.FULL,
                Optional.of(record(Mode.DEMOTED, demoted.after())),
                Optional.empty(),
                given(byDefault, 1, allocated));
        assertTrue(full.after().orElseThrow().tenfold(), "a full read says nothing of the lists to come");
        DiskRecord last = record(Mode.FULL, full.after());
        int nights = 0;
        int usual = 0;
        while (last.audit().orElseThrow().tenfold()) {
            nights++;
            last = record(
                    Mode.INCREMENTAL,
                    AuditTurn.incremental(last, night(nights), given(byDefault, nights + 1, allocated))
                            .after());
            usual = last.audit().orElseThrow().taken();
        }
        assertEquals(160, nights, 1, "640 MiB a night");
        AuditTurn after = AuditTurn.incremental(last, night(50), given(byDefault, 51, allocated));
        assertEquals(usual / 10.0, after.after().orElseThrow().taken(), 1);
        assertEquals(
                Optional.empty(),
                AuditTurn.whole(Mode.FULL, Optional.of(before), Optional.empty(), given(byDefault, 0, allocated))
                        .after());
    }

    private static AuditTurn.Given given(BackupOptions options, int night, long allocated) {
        return new AuditTurn.Given(options, night(night), allocated, 0);
    }

    private Snapshot backUp(Repository repository, double share, Backups.Log log, byte[] disk, TestTracker tracker)
            throws IOException {
        return Backups.backUp(
                repository,
                new BackupOptions(2, 16 << 10, share, random.nextLong()),
                log,
                new Cancellation(),
                new Backups.TestCheckpoint(List.of(Backups.disk("disk", new MemoryDisk(disk.clone(), null), tracker))));
    }

    /** One block of a whole backup is left out some night: by the end of the round it is caught, and the rest told. */
    @Test
    void plantedOmissionsAreCaughtWithinARound() throws IOException {
        try (Repository repository = Backups.init(root)) {
            byte[] disk = Backups.content(BLOCKS * Backups.BLOCK, 1);
            int night = 0;
            String proven = backUp(repository, 0.25, new Backups.Log(), disk, TestTracker.tokenOnly("0"))
                    .id()
                    .text();
            for (int life = 0; life < 5; life++) {
                disk[random.nextInt(disk.length)] ^= 1; // nobody hears of it
                Backups.Log log = new Backups.Log();
                int nights = 0;
                Snapshot snapshot = null;
                while (log.warnings.isEmpty()) {
                    assertTrue(++nights <= 4, "seed " + seed + ": the fifth night of four");
                    int written = random.nextInt(BLOCKS) * Backups.BLOCK;
                    RangeSet list = RangeSet.of(new Range(written, Backups.BLOCK));
                    Arrays.fill(disk, written, written + Backups.BLOCK, (byte) random.nextInt());
                    TestTracker tracker = TestTracker.known("" + night, list, "" + ++night);
                    snapshot = backUp(repository, 0.25, log, disk, tracker);
                    if (log.warnings.isEmpty()
                            && Arrays.equals(
                                    disk,
                                    Backups.restore(
                                            repository,
                                            snapshot.manifest().disks().get(0)))) {
                        disk[random.nextInt(disk.length)] ^= 1; // the list came by it: another one
                        nights = 0;
                    }
                }
                assertEquals(List.of("audit-mismatch"), log.warnings, "seed " + seed);
                DiskRecord caught = snapshot.manifest().disks().get(0);
                assertTrue(caught.reason().contains("in doubt"), caught.reason());
                assertTrue(life > 0 || caught.reason().contains("later than " + proven), caught.reason());
                assertTrue(caught.audit().orElseThrow().doubtedSince().isPresent(), "life " + life);
                assertTrue(caught.audit().orElseThrow().tenfold());
                Backups.assertRestores(repository, snapshot, disk);
            }
        }
    }
}
