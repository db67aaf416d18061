package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.AuditRecord;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Change lists of Windows, here of its stand-in, that leave out a block, in backups from the first night on. */
class PlantedOmissionsTest {
    private static final int BLOCKS = 128;
    private static final int SIZE = BLOCKS * Backups.BLOCK;
    private static final int ROUND = 4;

    @TempDir
    Path temp;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private StandIn standIn;
    private Path file;
    private byte[] content;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
        file = temp.resolve("disk.raw");
        content = Backups.content(SIZE, 3);
    }

    /** @return the block that was changed */
    private int change() throws IOException {
        int block = random.nextInt(BLOCKS);
        content[block * Backups.BLOCK + random.nextInt(Backups.BLOCK)] ^= (byte) (1 + random.nextInt(255));
        Files.write(file, content);
        return block;
    }

    private DiskRecord night(Repository repository, String machine, int number, String... listed) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "size " + SIZE,
                "id " + StandIn.hex(new UUID(1, 2)),
                "recent rct:" + number,
                "since rct:" + (number - 1),
                "content " + file));
        lines.addAll(List.of(listed));
        StandIn.describe(file, lines.toArray(String[]::new));
        BackupOptions options = new BackupOptions(1, Backups.BLOCK, 1.0 / ROUND, random.nextLong());
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            return new BackupJob(session, options, new Backups.Log(), new Cancellation(), "test")
                    .run(machine, previous -> {
                        DiskImage image = DiskImages.open(file, Reader.DIRECT);
                        RctDisk disk = RctDisk.over(image, file, standIn.virtdisk(), w -> {}, n -> {});
                        return new FileCheckpoint(List.of(new CheckpointDisk("system", true, disk, disk.tracker())));
                    })
                    .manifest()
                    .disks()
                    .get(0);
        }
    }

    /**
     * With a quarter of the disk audited each night: every omission is found within the four nights of a round, a
     * quarter of them in the first night; and the night that finds one restores what is on the disk.
     */
    @Test
    void eachIsFoundInTheNightsOfARoundAndAQuarterInTheFirst() throws IOException {
        areFound(20);
    }

    @Test
    @Tag("long")
    void eachOfManyIsFound() throws IOException {
        areFound(150);
    }

    private void areFound(int lives) throws IOException {
        int[] foundIn = new int[ROUND + 1];
        try (Repository repository = Backups.init(temp.resolve("repository"))) {
            for (int life = 0; life < lives; life++) {
                String machine = "m" + life;
                Files.write(file, content);
                night(repository, machine, 1);
                int left = change();
                int listed = change();
                String range = "range " + listed * Backups.BLOCK + " " + Backups.BLOCK;
                String label = "seed " + seed + ", life " + life;
                foundIn[left == listed ? 0 : nightThatFinds(repository, machine, range, label)]++;
            }
        }
        int planted = lives - foundIn[0];
        String told =
                "seed " + seed + ": of " + planted + " omissions " + foundIn[1] + " were found in the first night";
        System.out.println(told);
        double expected = planted / (double) ROUND;
        double deviation = Math.sqrt(expected * (1 - 1.0 / ROUND));
        assertTrue(Math.abs(foundIn[1] - expected) < 4.5 * deviation, told);
    }

    private int nightThatFinds(Repository repository, String machine, String range, String label) throws IOException {
        for (int night = 1; night <= ROUND; night++) {
            DiskRecord record = night(repository, machine, night + 1, range);
            AuditRecord audit = record.audit().orElseThrow();
            if (audit.doubtedSince().isPresent()) {
                assertEquals("demoted", record.mode(), label);
                assertArrayEquals(content, Backups.restore(repository, record), label);
                return night;
            }
            assertEquals("incremental", record.mode(), label);
            assertEquals(ROUND, (audit.slices() + audit.taken() - 1) / audit.taken(), label);
        }
        throw new AssertionError(label + ": not found within a round of " + ROUND + " nights");
    }
}
