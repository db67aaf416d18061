package io.varve.engine.damage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.engine.range.Range;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackListing;
import io.varve.store.pack.PackReader;
import io.varve.store.pack.PackWriter;
import io.varve.store.repair.Repair;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a drive refuses costs what lies there and nothing else; what is no fault of the drive is no damage. */
class UnreadableTest {
    private static final int SIZE = 200_000;

    @TempDir
    Path root;

    private final byte[] content = Backups.content(SIZE, 3);
    private String refused;
    private long from;
    private long to = Long.MAX_VALUE;
    private IOException failure = new CorruptDataException("it", 0, "readable bytes", "Input/output error");
    private Snapshot snapshot;
    private ChunkId packId; // the largest

    /** Refuses to read a range of the files whose names contain something. */
    private final class Refusing extends ForwardingBackend {
        Refusing() {
            super(new LocalBackend(root));
        }

        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            if (refused != null && name.contains(refused) && offset < to && offset + target.remaining() > from) {
                throw failure;
            }
            super.read(name, offset, target);
        }
    }

    @BeforeEach
    void backUp() throws IOException {
        try (Repository repository = Backups.init(root)) {
            snapshot = Backups.backUp(repository, Backups.disk("disk", content));
        }
    }

    private Repository open() throws IOException {
        return Repository.open(new Folder(root, new Refusing()));
    }

    private DiskRecord disk() {
        return snapshot.manifest().disks().get(0);
    }

    /** The pack with most chunks. */
    private PackFooter largest(Repository repository) throws IOException {
        PackFooter largest = null;
        for (ChunkId pack : PackListing.all(repository.backend())) {
            PackFooter footer = PackReader.footer(repository.backend(), pack);
            if (largest == null || footer.frameCount() > largest.frameCount()) {
                largest = footer;
                packId = pack;
            }
        }
        assertTrue(largest.frameCount() > 8, "a pack with several chunks");
        return largest;
    }

    private static List<Repair.DamagedPack> repair(Repository repository) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "repair", Duration.ZERO, notice -> {})) {
            Repair repair = Backups.repair(session);
            List<Repair.DamagedPack> damaged = repair.plan();
            repair.apply(damaged);
            return damaged;
        }
    }

    private static void flip(Path file, long offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) offset] ^= 1;
        Files.write(file, bytes);
    }

    private int damagedBlocks(Repository repository) throws IOException {
        List<Range> damaged = new ArrayList<>();
        byte[] found = Backups.restore(repository, disk(), true, damaged);
        for (int at = 0; at < SIZE; at++) {
            int place = at;
            if (damaged.stream().noneMatch(range -> range.contains(place))) {
                assertEquals(content[at], found[at], "at " + at);
            }
        }
        return damaged.size();
    }

    @Test
    void repairingLosesTheChunkInAnUnreadableSectorAndNoOther() throws IOException {
        try (Repository repository = open()) {
            PackFooter pack = largest(repository);
            refused = packId.hex();
            from = pack.offset(4) + PackFormat.FRAME_HEADER_SIZE;
            to = from + 1;
            assertEquals(1, damagedBlocks(repository));
            List<Repair.DamagedPack> damaged = repair(repository);
            assertEquals(List.of(pack.id(4)), damaged.get(0).lost());
        }
        try (Repository repository = open()) {
            assertEquals(1, damagedBlocks(repository));
        }
    }

    @Test
    void anEarlierStateInQuarantineIsNotTakenForTheDamagedPack() throws IOException {
        try (Repository repository = open()) {
            PackFooter pack = largest(repository);
            try (ObjectWriter earlier = repository.backend().create()) {
                earlier.append(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                earlier.publish("quarantine/" + packId.hex());
            }
            flip(root.resolve(PackFormat.objectName(packId)), pack.offset(4) + PackFormat.FRAME_HEADER_SIZE);
            assertEquals(1, damagedBlocks(repository));
            repair(repository);
        }
        try (Repository repository = open()) {
            assertEquals(1, damagedBlocks(repository));
        }
    }

    @Test
    void whatCannotBeOpenedForWantOfFilesIsNotDamaged() throws IOException {
        refused = "packs/";
        failure = new FileSystemException("packs/…", null, "Too many open files");
        List<Range> damaged = new ArrayList<>();
        try (Repository repository = open()) {
            assertThrows(FileSystemException.class, () -> Backups.restore(repository, disk(), true, damaged));
            assertThrows(FileSystemException.class, () -> Backups.fsck(repository, FsckOptions.Level.DEEP));
            assertThrows(FileSystemException.class, () -> repair(repository));
        }
        assertEquals(List.of(), damaged);
        assertFalse(Files.exists(root.resolve("quarantine")));
    }

    @Test
    void aDamagedChunkComesFromAnotherCopy() throws IOException {
        try (Repository repository = open()) {
            PackFooter pack = largest(repository);
            copy(repository, pack);
            Path file = root.resolve(PackFormat.objectName(packId));
            for (int frame = 2; frame < 6; frame++) {
                flip(file, pack.offset(frame) + PackFormat.FRAME_HEADER_SIZE);
            }
            assertArrayEquals(content, Backups.restore(repository, disk()));
        }
    }

    /** The same chunks in a second pack, as when two stored them at the same time. */
    private void copy(Repository repository, PackFooter pack) throws IOException {
        String object = PackFormat.objectName(packId);
        try (PackWriter copy = new PackWriter(
                repository.backend(), repository.config().repositoryId(), 0, Set.of(packId), PackBuffers.atOnce())) {
            for (int frame = 0; frame < pack.frameCount(); frame++) {
                ByteBuffer bytes = ByteBuffer.allocate(pack.header(frame).frameLength());
                repository.backend().read(object, pack.offset(frame), bytes);
                copy.append(pack.header(frame), bytes.position(PackFormat.FRAME_HEADER_SIZE));
            }
            copy.publish();
        }
    }

    @Test
    void anUnreadableManifestIsDamagedAndCostsNoOther() throws IOException {
        Snapshot second;
        try (Repository repository = open()) {
            second = Backups.backUp(repository, Backups.disk("disk", Backups.content(SIZE, 4)));
        }
        refused = snapshot.id().objectName();
        try (Repository repository = open()) {
            assertEquals(
                    List.of(second.id()),
                    repository.snapshots().list().snapshots().stream()
                            .map(Snapshot::id)
                            .toList());
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.STRUCTURE);
            assertTrue(report.findings().stream()
                    .anyMatch(finding -> finding.code().equals("manifest-damaged")));
        }
    }

    @Test
    void anUnreadableFooterIsDamageThatRepairMends() throws IOException {
        try (Repository repository = open()) {
            PackFooter pack = largest(repository);
            refused = packId.hex();
            from = pack.endOffset(pack.frameCount() - 1);
            FsckReport report = Backups.fsck(repository, FsckOptions.Level.STRUCTURE);
            assertTrue(report.findings().stream()
                    .anyMatch(finding -> finding.code().equals("pack-footer")));
            refused = "packs/" + packId.hex().substring(0, 2) + "/" + packId.hex();
            repair(repository);
            refused = null;
        }
        try (Repository repository = open()) {
            assertEquals(0, damagedBlocks(repository));
            assertFalse(Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors());
        }
    }
}
