package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.Backups;
import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
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
        Arrays.fill(wanted, 500_000, 600_000, (byte) 0);
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

    /** Holes of the target that are holes of the disk too cost no reading; those that are not are written. */
    @Test
    void holesAreNotRead() throws IOException {
        int block = Backups.BLOCK;
        byte[] wanted = Backups.content(1 << 20, 1);
        Arrays.fill(wanted, 100 * block, 200 * block, (byte) 0);
        byte[] present = wanted.clone();
        Arrays.fill(present, 50 * block, 60 * block, (byte) 0);
        present[180 * block] = 1;
        RangeSet data = RangeSet.of(
                new Range(0, 50L * block - 100),
                new Range(60L * block, 45L * block),
                new Range(180L * block + 5, 76L * block - 5));
        MemoryDisk target = new MemoryDisk(present, null).allocated(data);
        try (Repository repository = Backups.init(root)) {
            Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", wanted.clone()));
            try (ReadSession session = ReadSession.open(repository, message -> {})) {
                RestoreJob.Result result = new RestoreJob(
                                session, snapshot.manifest().disks().get(0), 2, false, QUIET, new Cancellation())
                        .run(target);
                assertEquals(wanted.length, result.written() + result.unchanged());
            }
        }
        assertArrayEquals(wanted, present);
        assertEquals((50L + 45 + 76) * block, target.bytesRead());
    }

    @Test
    void aSnapshotReadsLikeADisk() throws IOException {
        byte[] wanted = Backups.content(300_001, 1);
        Arrays.fill(wanted, 8192, 200_000, (byte) 0);
        try (Repository repository = Backups.init(root)) {
            Snapshot snapshot = Backups.backUp(repository, Backups.disk("disk", wanted));
            try (ReadSession session = ReadSession.open(repository, message -> {});
                    SnapshotImage image = new SnapshotImage(
                            session, snapshot.manifest().disks().get(0), "test")) {
                ByteBuffer part = ByteBuffer.allocate(110_001);
                image.read(190_000, part);
                assertArrayEquals(Arrays.copyOfRange(wanted, 190_000, 300_001), part.array());
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
