package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The difference of two snapshots, written over the first. */
class DifferenceTest {
    @TempDir
    Path root;

    /** A target that has a parent: what nobody writes stays what it was. */
    private static final class Child implements DiskTarget {
        final byte[] content;

        Child(byte[] content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public String location() {
            return "child";
        }

        @Override
        public synchronized void write(long offset, ByteBuffer source) {
            source.get(content, (int) offset, source.remaining());
        }

        @Override
        public synchronized void zero(Range range) {
            Arrays.fill(content, (int) range.offset(), (int) range.endOffset(), (byte) 0);
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }

    private static final RestoreListener QUIET = new RestoreListener() {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void damaged(Range range, CorruptDataException why) {
            throw new AssertionError(why);
        }
    };

    @Test
    void writesWhatDiffersAndNothingElse() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int leaf = 256 * Backups.BLOCK;
        try (Repository repository = Backups.init(root)) {
            for (int round = 0; round < 20; round++) {
                int size = leaf + random.nextInt(5 * leaf);
                byte[] before = Backups.content(size, random.nextLong());
                int newSize = round % 3 == 0 ? leaf + random.nextInt(5 * leaf) : size;
                byte[] after = Arrays.copyOf(before, newSize);
                for (int change = random.nextInt(5); change > 0; change--) {
                    int at = random.nextInt(newSize);
                    after[at] ^= 5;
                }
                if (random.nextBoolean()) {
                    int from = random.nextInt(newSize);
                    Arrays.fill(after, from, Math.min(newSize, from + random.nextInt(2 * leaf)), (byte) 0);
                }
                check(repository, before, after, "seed " + seed + ", round " + round);
            }
        }
    }

    private static void check(Repository repository, byte[] before, byte[] after, String label) throws IOException {
        DiskRecord a = Backups.backUp(repository, Backups.disk("a", before))
                .manifest()
                .disks()
                .get(0);
        DiskRecord b = Backups.backUp(repository, Backups.disk("a", after))
                .manifest()
                .disks()
                .get(0);
        Child child = new Child(Arrays.copyOf(before, after.length));
        RestoreJob.Result result;
        try (ReadSession session = ReadSession.open(repository, message -> {})) {
            result = new RestoreJob(session, b, 2, false, QUIET, new Cancellation()).runDifference(a, child);
        }
        assertArrayEquals(after, child.content, label);
        long differing = 0;
        for (int at = 0; at < after.length; at += Backups.BLOCK) {
            int end = Math.min(after.length, at + Backups.BLOCK);
            int oldEnd = Math.min(Math.max(before.length, at), at + Backups.BLOCK);
            byte[] old = Arrays.copyOfRange(before, Math.min(at, before.length), Math.min(oldEnd, before.length));
            byte[] now = Arrays.copyOfRange(after, at, end);
            boolean bothZero = isZero(old) && isZero(now);
            differing += Arrays.equals(old, now) || bothZero ? 0 : end - at;
        }
        assertEquals(differing, result.written(), label);
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }
}
