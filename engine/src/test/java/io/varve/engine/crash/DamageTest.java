package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.range.Range;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One flipped bit in any file of a repository, or a file that is gone: fsck names it and what it costs. */
class DamageTest {
    private static final int DISK_SIZE = 200 * 1024;
    private static final int FLIPS_PER_FILE = 24;

    @TempDir
    Path root;

    private final byte[] first = Backups.content(DISK_SIZE, 1);
    private final byte[] second = first.clone();
    private final byte[] other = Backups.content(DISK_SIZE / 2, 7);

    @BeforeEach
    void twoNights() throws IOException {
        System.arraycopy(Backups.content(40_000, 3), 0, second, 70_000, 40_000);
        try (Repository repository = Backups.init(root)) {
            Backups.backUp(repository, Backups.disk("a", first), Backups.disk("b", other));
            Backups.backUp(repository, Backups.disk("a", second), Backups.disk("b", other));
        }
    }

    private List<Path> files(String directory) throws IOException {
        try (var tree = Files.walk(root.resolve(directory))) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void aFlippedBitInAPackIsNamedWithWhatItAffects() throws IOException {
        for (Path file : files("packs")) {
            byte[] sound = Files.readAllBytes(file);
            SplittableRandom random = new SplittableRandom(sound.length);
            for (int i = 0; i < FLIPS_PER_FILE; i++) {
                int offset = i < 4 ? i * 10 : i < 8 ? sound.length - 1 - (i - 4) * 10 : random.nextInt(sound.length);
                flip(file, sound, offset, random.nextInt(8));
                checkNamed(file, offset);
            }
            Files.write(file, sound);
        }
        assertClean();
    }

    private static void flip(Path file, byte[] sound, int offset, int bit) throws IOException {
        byte[] damaged = sound.clone();
        damaged[offset] = (byte) (damaged[offset] ^ (1 << bit));
        Files.write(file, damaged);
    }

    private void checkNamed(Path file, int offset) throws IOException {
        String name = root.relativize(file).toString();
        try (Repository repository = Repository.open(root)) {
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.READ_DATA);
            String where = name + " at " + offset + ": " + report.findings();
            assertTrue(report.hasErrors(), where);
            assertTrue(
                    report.findings().stream()
                            .anyMatch(finding -> finding.file().equals(name)),
                    where);
            boolean header = offset < 40; // no data is lost with the header
            assertEquals(!header, !report.affected().isEmpty(), where);
            restoreRefusesOrIsRight(repository, report);
        }
    }

    private void restoreRefusesOrIsRight(Repository repository, FsckReport report) throws IOException {
        List<Snapshot> snapshots = repository.snapshots().list().snapshots();
        byte[][] expected = {first, second};
        for (int i = 0; i < snapshots.size(); i++) {
            Snapshot snapshot = snapshots.get(i);
            List<Range> damaged = new ArrayList<>();
            byte[] restored =
                    Backups.restore(repository, snapshot.manifest().disks().get(0), true, damaged);
            byte[] wanted = expected[i].clone();
            for (Range range : damaged) {
                java.util.Arrays.fill(wanted, (int) range.offset(), (int) range.endOffset(), (byte) 0);
            }
            assertArrayEquals(wanted, restored, "everything but the ranges reported as damaged");
            if (!damaged.isEmpty()) {
                assertThrows(
                        CorruptDataException.class,
                        () -> Backups.restore(
                                repository, snapshot.manifest().disks().get(0)));
                assertTrue(report.affected().stream()
                        .anyMatch(disk -> disk.snapshot().equals(snapshot.id()) && disk.number() == 1));
            }
        }
    }

    @Test
    void aFlippedBitInAManifestCostsThatSnapshotOnly() throws IOException {
        List<Path> manifests = files("snapshots");
        for (Path file : manifests) {
            byte[] sound = Files.readAllBytes(file);
            for (int offset = 0; offset < sound.length; offset++) {
                flip(file, sound, offset, offset % 7);
                try (Repository repository = Repository.open(root)) {
                    String name = root.relativize(file).toString();
                    var listing = repository.snapshots().list();
                    assertEquals(1, listing.snapshots().size(), name + " at " + offset);
                    assertEquals(name, listing.damaged().get(0).file());
                }
            }
            try (Repository repository = Repository.open(root)) {
                FsckReport report = Backups.fsck(repository, FsckOptions.Level.STRUCTURE);
                assertTrue(report.hasErrors());
                assertEquals(1, report.affected().size());
                assertTrue(file.getFileName()
                        .toString()
                        .startsWith(report.affected().get(0).snapshot().text()));
            }
            Files.write(file, sound);
        }
        assertClean();
    }

    @Test
    void aFlippedBitInTheConfigurationIsNamed() throws IOException {
        Path file = root.resolve("repository.json");
        byte[] sound = Files.readAllBytes(file);
        for (int offset = 0; offset < sound.length; offset++) {
            flip(file, sound, offset, offset % 7);
            CorruptDataException e = assertThrows(
                    CorruptDataException.class, () -> Repository.open(root).close(), "at " + offset);
            assertEquals("repository.json", e.file());
        }
    }

    /** The index is a cache: whatever is flipped in it, no snapshot suffers, and the next backup mends it. */
    @Test
    void aFlippedBitInTheIndexLosesNothing() throws IOException {
        Map<Path, byte[]> sound = new TreeMap<>();
        for (Path file : files("index")) {
            sound.put(file, Files.readAllBytes(file));
        }
        for (Path file : sound.keySet()) {
            for (int i = 0; i < 6 && sound.get(file).length > 0; i++) {
                for (Path left : files("index")) {
                    Files.delete(left); // what a mended index consists of now
                }
                for (Map.Entry<Path, byte[]> entry : sound.entrySet()) {
                    Files.write(entry.getKey(), entry.getValue());
                }
                flip(file, sound.get(file), (int) ((long) sound.get(file).length * i / 6), i);
                try (Repository repository = Repository.open(root)) {
                    FsckReport report = Backups.fsck(repository, FsckOptions.Level.READ_DATA);
                    assertFalse(report.hasErrors(), () -> file + ": " + report.findings());
                    assertEquals(List.of(), report.affected());
                    Snapshot snapshot =
                            repository.snapshots().list().snapshots().get(1);
                    Backups.assertRestores(repository, snapshot, second, other);
                }
            }
        }
    }

    @Test
    void losingTheIndexLosesTimeNotData() throws IOException {
        for (int round = 0; round < 2; round++) {
            for (Path file : files("index")) {
                Files.delete(file);
            }
            try (Repository repository = Repository.open(root)) {
                List<Snapshot> snapshots = repository.snapshots().list().snapshots();
                if (round == 0) {
                    Backups.assertRestores(repository, snapshots.get(0), first, other);
                } else {
                    Snapshot again = Backups.backUp(repository, Backups.disk("a", second), Backups.disk("b", other));
                    assertEquals(0, again.manifest().disks().get(0).counters().stored(), "everything was there");
                }
                assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasWarnings());
            }
        }
    }

    /**
     * A pack that is gone: the next backup reads what it held from the disk again, and the newest snapshot is whole.
     */
    @Test
    void aVanishedPackIsHealedFromTheDisk() throws IOException {
        for (Path file : files("packs")) {
            Files.delete(file);
            try (Repository repository = Repository.open(root)) {
                assertTrue(Backups.fsck(repository, FsckOptions.Level.STRUCTURE).hasErrors());
                Backups.Log log = new Backups.Log();
                Snapshot healed =
                        Backups.backUp(repository, 0, log, Backups.disk("a", second), Backups.disk("b", other));
                Backups.assertRestores(repository, healed, second, other);
                assertTrue(Backups.fsck(repository, FsckOptions.Level.DEEP).affected().stream()
                        .noneMatch(disk -> disk.snapshot().equals(healed.id())));
            }
        }
    }

    private void assertClean() throws IOException {
        try (Repository repository = Repository.open(root)) {
            assertEquals(
                    List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        }
    }
}
