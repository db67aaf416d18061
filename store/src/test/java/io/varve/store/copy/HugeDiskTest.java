package io.varve.store.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kilobytes of pages that map a disk of 2 EiB: each page stands 256 times in the one above it. */
class HugeDiskTest {
    private static final int BLOCK = 64 << 10;
    private static final long SIZE = 1L << 61;

    private static final SnapshotCopy.Listener QUIET = new SnapshotCopy.Listener() {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void check() {}
    };

    @TempDir
    Path temp;

    private Repository repository(String name) throws IOException {
        return Repository.init(
                temp.resolve(name), new RepositoryConfig(UUID.randomUUID(), BLOCK, 1 << 20, Instant.EPOCH));
    }

    private static void night(Repository repository, int number, Optional<Snapshot> parent) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            ChunkWriter writer = session.newChunkWriter(BLOCK);
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).put(0, (byte) number);
            ChunkId id = writer.id(block);
            writer.put(ChunkKind.BLOCK, id, block);
            MapShape shape = MapShape.of(SIZE, BLOCK);
            for (int level = 0; level <= shape.rootLevel(); level++) {
                MapPage page = MapPage.zero(level);
                long entries = level < shape.rootLevel()
                        ? MapShape.FAN_OUT
                        : shape.blockCount() / MapShape.blocksBelow(level - 1);
                for (int entry = 0; entry < entries; entry++) {
                    page.set(entry, id);
                }
                id = writer.store(page);
            }
            session.commit(manifest(repository, id, number, parent));
        }
    }

    private static Manifest manifest(Repository repository, ChunkId root, int number, Optional<Snapshot> parent) {
        DiskRecord disk = new DiskRecord(
                1,
                "d",
                true,
                Optional.empty(),
                "s",
                "raw",
                SIZE,
                512,
                512,
                BLOCK,
                root,
                Optional.empty(),
                "full",
                "first-backup",
                "",
                new DiskCounters(0, 0, 0, 0, 0, 0));
        return new Manifest(
                repository.config().repositoryId(),
                "m",
                Optional.empty(),
                "h",
                Instant.EPOCH.plusSeconds(number),
                Instant.EPOCH.plusSeconds(number),
                "offline",
                List.of(disk),
                List.of(),
                "test",
                parent.map(Snapshot::id),
                parent.map(Snapshot::digest),
                Optional.empty());
    }

    @Test
    void copyingTakesAsLongAsThereArePages() throws IOException {
        try (Repository from = repository("from");
                Repository to = repository("to")) {
            night(from, 1, Optional.empty());
            night(from, 2, from.snapshots().newest("m", damaged -> {}));
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> copy(from, to));
            List<ChunkId> roots = new ArrayList<>();
            for (Repository repository : List.of(from, to)) {
                for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                    roots.add(snapshot.manifest().disks().get(0).mapRoot());
                }
            }
            assertEquals(roots.subList(0, 2), roots.subList(2, 4));
        }
    }

    private static void copy(Repository from, Repository to) throws IOException {
        try (ReadSession reading = ReadSession.open(from, notice -> {});
                WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
            SnapshotCopy copy = new SnapshotCopy(reading, writing, QUIET);
            for (Snapshot snapshot : from.snapshots().list().snapshots()) {
                copy.copy(snapshot);
                // Asked again of a map that is not known to be complete, all of it is walked.
                writing.isComplete(writing.map(snapshot.manifest().disks().get(0)));
            }
        }
    }
}
