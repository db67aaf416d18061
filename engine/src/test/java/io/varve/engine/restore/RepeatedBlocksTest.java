package io.varve.engine.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.CountingBackend;
import io.varve.engine.range.Range;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that holds few blocks many times, in an order that is not that of the packs. */
class RepeatedBlocksTest {
    private static final int BLOCKS = 200; // within one leaf
    private static final int DISTINCT = 7;

    @TempDir
    Path root;

    private final SplittableRandom random = new SplittableRandom(21);
    private final byte[] disk = new byte[BLOCKS * Backups.BLOCK];
    private Snapshot snapshot;

    @BeforeEach
    void backUp() throws IOException {
        byte[] distinct = new byte[DISTINCT * Backups.BLOCK];
        random.nextBytes(distinct);
        for (int block = 0; block < BLOCKS; block++) {
            int which = block < DISTINCT ? DISTINCT - 1 - block : random.nextInt(DISTINCT);
            System.arraycopy(distinct, which * Backups.BLOCK, disk, block * Backups.BLOCK, Backups.BLOCK);
        }
        try (Repository repository = Backups.init(root)) {
            snapshot = Backups.backUp(repository, Backups.disk("disk", disk));
        }
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("packs"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void eachIsReadOnce() throws IOException {
        CountingBackend backend = new CountingBackend(root);
        try (Repository repository = Repository.open(new Folder(root, backend))) {
            long stored = 0;
            for (Path pack : packs()) {
                stored += Files.size(pack);
            }
            long before = backend.bytes.get();
            assertArrayEquals(
                    disk,
                    Backups.restore(repository, snapshot.manifest().disks().get(0)));
            long read = backend.bytes.get() - before;
            assertTrue(read <= stored, read + " bytes read of " + stored);
        }
    }

    /** Proven once does not mean believed ever after: every place that a damaged chunk has is reported. */
    @Test
    void damageIsReportedForEveryPlace() throws IOException {
        for (Path pack : packs()) {
            byte[] bytes = Files.readAllBytes(pack);
            if (bytes[44] == 1) { // of blocks; all of one frame behind its header
                bytes[40 + 64 + 100] ^= 1;
                Files.write(pack, bytes);
            }
        }
        List<Range> damaged = new ArrayList<>();
        byte[] restored;
        try (Repository repository = Repository.open(root)) {
            restored = Backups.restore(repository, snapshot.manifest().disks().get(0), true, damaged);
        }
        assertTrue(damaged.size() > 10, "" + damaged);
        byte[] lost = block(disk, damaged.get(0).offset());
        for (long at = 0; at < disk.length; at += Backups.BLOCK) {
            boolean isLost = Arrays.equals(lost, block(disk, at));
            assertEquals(isLost, damaged.contains(new Range(at, Backups.BLOCK)), "at " + at);
            assertArrayEquals(isLost ? new byte[Backups.BLOCK] : block(disk, at), block(restored, at), "at " + at);
        }
    }

    private static byte[] block(byte[] disk, long offset) {
        return Arrays.copyOfRange(disk, (int) offset, (int) offset + Backups.BLOCK);
    }
}
