package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.crash.CrashedFileSystem.Unsynced;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.pack.PackListing;
import io.varve.store.repair.Repair;
import io.varve.store.repair.Rescue;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every pack is damaged, and repaired with the help of a second repository: for every prefix of the file operations of
 * that, cut the power there, and let the same repair go on to the same end.
 */
@Tag("long")
class RepairCrashTest {
    private static final int SIZE = 50_000;

    @TempDir
    Path temp;

    private static long repair(Repository repository, Repository second) throws IOException {
        try (ReadSession from = ReadSession.open(second, notice -> {});
                WriteSession session = WriteSession.open(repository, "repair", Duration.ZERO, notice -> {})) {
            Repair repair = Backups.repair(session);
            repair.apply(repair.plan());
            Rescue.Result result = Rescue.run(session, from, repair::isLost, true);
            assertEquals(result.lost(), result.taken());
            return result.taken() + repair.rebuiltPacks();
        }
    }

    /** A flipped bit in the first payload of each; in every second one in the footer, too. */
    private static void damage(Backend backend) throws IOException {
        List<String> packs = new ArrayList<>();
        backend.list("packs", (name, size) -> packs.add(name));
        packs.sort(null);
        for (String pack : packs) {
            byte[] bytes = new byte[(int) backend.size(pack)];
            backend.read(pack, 0, ByteBuffer.wrap(bytes));
            bytes[40 + 64 + 1] ^= 1;
            if (packs.indexOf(pack) % 2 == 1) {
                bytes[bytes.length - 60] ^= 1;
            }
            backend.delete(pack);
            try (ObjectWriter object = backend.create()) {
                object.append(ByteBuffer.wrap(bytes));
                object.publish(pack);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Unsynced.class)
    void everyPrefixCanBeRepairedFromAnotherRepository(Unsynced unsynced) throws IOException {
        everyPrefixCanBeRepairedToTheEnd(unsynced, Backups.config());
    }

    /** What parity gives back needs no other repository; that one is asked for nothing. */
    @Test
    void everyPrefixCanBeRepairedFromParity() throws IOException {
        UUID id = UUID.randomUUID();
        everyPrefixCanBeRepairedToTheEnd(
                Unsynced.TORN, new RepositoryConfig(id, Backups.BLOCK, 64 << 10, Instant.now(), false, id, 10));
    }

    private void everyPrefixCanBeRepairedToTheEnd(Unsynced unsynced, RepositoryConfig config) throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        Path root = temp.resolve("recorded");
        Files.createDirectories(root);
        RecordedOperations recorder = new RecordedOperations(root);
        int damaged;
        try (Repository second = Backups.init(temp.resolve("second"))) {
            try (Repository repository = Repository.init(new Folder(root, new LocalBackend(root, recorder)), config)) {
                Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", content));
                copy(repository, second, snapshot);
                damage(repository.backend());
                damaged = recorder.operations().size();
                long packs = repository.config().parityPercent() > 0
                        ? PackListing.all(repository.backend()).size()
                        : 0;
                long repaired = repair(repository, second);
                assertTrue(packs == 0 ? repaired > 0 : repaired == packs, repaired + " repaired of " + packs);
                Backups.assertRestores(repository, snapshot, content);
            }
            SplittableRandom random = new SplittableRandom(unsynced.name().hashCode());
            for (int length = damaged; length <= recorder.operations().size(); length++) {
                Path crashed = temp.resolve("crashed");
                Files.createDirectories(crashed);
                new CrashedFileSystem(recorder.operations().subList(0, length)).materialize(crashed, unsynced, random);
                check(
                        crashed,
                        second,
                        content,
                        unsynced + ", " + length + " of "
                                + recorder.operations().size());
                delete(crashed);
            }
        }
    }

    private static void copy(Repository from, Repository to, Snapshot snapshot) throws IOException {
        SnapshotCopy.Listener quiet = new SnapshotCopy.Listener() {
            @Override
            public void bytesDone(long bytes) {}

            @Override
            public void check() {}
        };
        try (ReadSession reading = ReadSession.open(from, notice -> {});
                WriteSession writing = WriteSession.open(to, "copy", Duration.ZERO, notice -> {})) {
            new SnapshotCopy(reading, writing, quiet).copy(snapshot);
        }
    }

    private static void check(Path root, Repository second, byte[] content, String where) throws IOException {
        try (Repository repository = Repository.open(root)) {
            repair(repository, second);
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(report.hasErrors() || report.hasWarnings(), () -> where + ": " + report.findings());
            Snapshot snapshot = repository.snapshots().list().snapshots().get(0);
            assertArrayEquals(
                    content,
                    Backups.restore(repository, snapshot.manifest().disks().get(0)),
                    where);
        }
    }

    private static void delete(Path root) throws IOException {
        try (var tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
