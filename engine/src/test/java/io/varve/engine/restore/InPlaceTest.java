package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.Backups;
import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.range.Range;
import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InPlaceTest {
    private static final RestoreListener QUIET = new RestoreListener() {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void damaged(Range range, CorruptDataException why) {
            throw new AssertionError(why);
        }
    };

    @TempDir
    Path root;

    @Test
    void onlyBlocksThatDifferAreWritten() throws IOException {
        byte[] wanted = Backups.content(1 << 20, 1);
        java.util.Arrays.fill(wanted, 500_000, 600_000, (byte) 0);
        byte[] present = wanted.clone();
        present[3] ^= 1;
        present[550_000] = 1;
        try (Repository repository = Backups.init(root)) {
            Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", wanted.clone()));
            try (ReadSession session = ReadSession.open(repository, message -> {})) {
                RestoreJob.Result result = new RestoreJob(
                                session, snapshot.manifest().disks().get(0), 2, false, QUIET, new Cancellation())
                        .run(new MemoryDisk(present, null));
                assertEquals(2 * Backups.BLOCK, result.written());
                assertEquals(wanted.length - 2 * Backups.BLOCK, result.unchanged());
            }
        }
        assertArrayEquals(wanted, present);
    }

    @Test
    void aSnapshotReadsLikeADisk() throws IOException {
        byte[] wanted = Backups.content(300_001, 1);
        java.util.Arrays.fill(wanted, 8192, 200_000, (byte) 0);
        try (Repository repository = Backups.init(root)) {
            Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", wanted));
            try (ReadSession session = ReadSession.open(repository, message -> {});
                    SnapshotImage image = new SnapshotImage(
                            session, snapshot.manifest().disks().get(0), "test")) {
                ByteBuffer part = ByteBuffer.allocate(110_001);
                image.read(190_000, part);
                assertArrayEquals(java.util.Arrays.copyOfRange(wanted, 190_000, 300_001), part.array());
                for (Range range : image.allocated(new Range(0, wanted.length))) {
                    assertEquals(0, range.offset() % Backups.BLOCK);
                }
                assertEquals(List.of(), zerosOutside(wanted, image));
            }
        }
    }

    /** Positions that hold data although the image calls them unallocated. */
    private static List<Integer> zerosOutside(byte[] content, SnapshotImage image) throws IOException {
        var allocated = image.allocated(new Range(0, content.length));
        return java.util.stream.IntStream.range(0, content.length)
                .filter(i -> content[i] != 0 && !allocated.contains(i))
                .boxed()
                .toList();
    }
}
