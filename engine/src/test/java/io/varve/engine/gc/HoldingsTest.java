package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.RefusedException;
import io.varve.store.gc.Holdings;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.pack.PackFormat;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each snapshot and machine alone needs, against sets of chunks. */
class HoldingsTest {
    @TempDir
    Path root;

    private static final Holdings.Listener QUIET = new Holdings.Listener() {
        @Override
        public void snapshotDone() {}

        @Override
        public void damaged(Snapshot snapshot, CorruptDataException why) {
            throw new AssertionError(why);
        }

        @Override
        public void check() {}
    };

    private static void backUp(Repository repository, String machine, byte[] content) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            BackupOptions options = new BackupOptions(2, 16 << 10, 0, 1);
            new BackupJob(session, options, new Backups.Log(), new Cancellation(), "test")
                    .run(machine, previous -> new Backups.TestCheckpoint(List.of(Backups.disk("d", content))));
        }
    }

    private static Set<ChunkId> chunks(ReadSession session, Snapshot snapshot) throws IOException {
        Set<ChunkId> chunks = new HashSet<>();
        for (DiskRecord disk : snapshot.manifest().disks()) {
            BlockMap map = session.map(disk);
            collect(map, map.shape().rootLevel(), 0, map.root(), chunks);
        }
        return chunks;
    }

    private static void collect(BlockMap map, int level, long index, ChunkId id, Set<ChunkId> chunks)
            throws IOException {
        if (id.isZero()) {
            return;
        }
        chunks.add(id);
        MapPage page = map.read(id, level, index);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            if (level > 0) {
                collect(map, level - 1, index * MapShape.FAN_OUT + entry, page.id(entry), chunks);
            } else if (!page.id(entry).isZero()) {
                chunks.add(page.id(entry));
            }
        }
    }

    private static long bytes(ReadSession session, Set<ChunkId> chunks) throws IOException {
        long sum = 0;
        for (ChunkId id : chunks) {
            sum += PackFormat.FRAME_HEADER_SIZE + session.find(id).storedLength();
        }
        return sum;
    }

    @Test
    void areWhatSetsSay() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int leaf = MapShape.FAN_OUT * Backups.BLOCK;
        byte[] content = Backups.content(2 * leaf + 5000, random.nextLong());
        try (Repository repository = Backups.init(root)) {
            for (int night = 0; night < 10; night++) {
                int from = random.nextInt(content.length);
                byte[] other = Backups.content(content.length, random.nextLong());
                System.arraycopy(other, from, content, from, Math.min(300_000, content.length - from));
                backUp(repository, "machine " + random.nextInt(3), content);
            }
            List<Snapshot> snapshots = repository.snapshots().list().snapshots();
            try (ReadSession session = ReadSession.open(repository, message -> {})) {
                Holdings.Result result = new Holdings(session, snapshots, 1 << 30, QUIET).compute();
                List<Set<ChunkId>> all = new ArrayList<>();
                for (Snapshot snapshot : snapshots) {
                    all.add(chunks(session, snapshot));
                }
                Set<ChunkId> distinct = new HashSet<>();
                all.forEach(distinct::addAll);
                long ofMachines = 0;
                for (int i = 0; i < snapshots.size(); i++) {
                    Set<ChunkId> alone = new HashSet<>(all.get(i));
                    Set<ChunkId> machine = new HashSet<>();
                    Set<ChunkId> others = new HashSet<>();
                    for (int j = 0; j < snapshots.size(); j++) {
                        if (j != i) {
                            alone.removeAll(all.get(j));
                        }
                        boolean same = snapshots
                                .get(j)
                                .manifest()
                                .machine()
                                .equals(snapshots.get(i).manifest().machine());
                        (same ? machine : others).addAll(all.get(j));
                    }
                    machine.removeAll(others);
                    String name = snapshots.get(i).manifest().machine();
                    assertEquals(bytes(session, alone), result.ofSnapshots().get(i), "seed " + seed);
                    assertEquals(bytes(session, machine), result.ofMachines().get(name), "seed " + seed);
                }
                for (long bytes : result.ofMachines().values()) {
                    ofMachines += bytes;
                }
                assertEquals(bytes(session, distinct), ofMachines + result.shared(), "seed " + seed);
                RefusedException refused = assertThrows(
                        RefusedException.class, () -> new Holdings(session, snapshots, 1000, QUIET).compute());
                assertTrue(refused.getMessage().contains("VARVE_JAVA_OPTS"), refused.getMessage());
            }
        }
    }
}
