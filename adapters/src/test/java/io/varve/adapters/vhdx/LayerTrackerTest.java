package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.LayerTracker;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.RangeSet;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers as change lists, through whole backups. */
class LayerTrackerTest {
    private static final int MIB = 1 << 20;
    private static final int BLOCK = 4096;

    @TempDir
    Path folder;

    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), BLOCK, 1 << 20, Instant.now());
        repository = Repository.init(folder.resolve("repo"), config);
    }

    private static VhdxChain open(Path leaf) throws IOException {
        return VhdxChain.open(new LocalFile(leaf, Reader.AUTO), ParentSearch.sameFolder());
    }

    private Snapshot backUp(Path leaf) throws IOException {
        return backUp(open(leaf));
    }

    /** Closes the chain. */
    private Snapshot backUp(VhdxChain chain) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, text -> {})) {
            BackupOptions options = new BackupOptions(2, MIB, 0, 1);
            CheckpointDisk disk = new CheckpointDisk("disk", false, chain, new LayerTracker(chain));
            return new BackupJob(session, options, new NoWarnings(), new Cancellation(), "test")
                    .run("vm", previous -> new FileCheckpoint(List.of(disk)));
        }
    }

    /** Falling back to a full read is what nobody asked for a change list expects; it is no warning. */
    private static final class NoWarnings implements BackupListener {
        @Override
        public void on(BackupEvent event) {
            // That of a file that was written comes before the failure; disks made at random may be nothing but zeros.
            if (event instanceof BackupEvent.Warning warning && !warning.code().equals(Disturbance.CHANGED)) {
                throw new AssertionError("" + warning);
            }
        }
    }

    private static DiskRecord disk(Snapshot snapshot) {
        return snapshot.manifest().disks().get(0);
    }

    private byte[] content(Snapshot snapshot) throws IOException {
        try (ReadSession session = ReadSession.open(repository, text -> {});
                SnapshotImage image = new SnapshotImage(session, disk(snapshot), "snapshot")) {
            ByteBuffer content = ByteBuffer.allocate((int) image.size());
            image.read(0, content);
            return content.array();
        }
    }

    /** Each night reads the blocks that its layer touches and nothing else, and comes back as the model has it. */
    @Test
    void tenNightsOfOneLayerEach() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int size = 9 * MIB - 512;
        List<LayerModel> models = new ArrayList<>();
        List<Snapshot> nights = new ArrayList<>();
        long read = 0;
        for (int night = 0; night < 10; night++) {
            String label = "seed " + seed + ", night " + night;
            LayerModel parent = night == 0 ? null : models.get(night - 1);
            Path file = folder.resolve("night" + night + ".avhdx");
            models.add(LayerModel.random(random, parent, size, 512, MIB << random.nextInt(3), file));
            nights.add(backUp(file));
            DiskRecord record = disk(nights.get(night));
            if (night > 0) {
                assertEquals("incremental", record.mode(), label + ": " + record.reason());
                assertTrue(record.counters().read() <= touchedBytes(models.get(night), size), label);
                read += record.counters().read();
            }
        }
        assertTrue(read > 0, "seed " + seed);
        for (int night = 0; night < 10; night++) {
            assertArrayEquals(models.get(night).content, content(nights.get(night)), "seed " + seed + ", " + night);
        }
    }

    private static long touchedBytes(LayerModel layer, int size) {
        RangeSet.Builder touched = new RangeSet.Builder();
        layer.touched.stream().forEach(sector -> touched.add(sector * 512L, sector * 512L + 512));
        return new BlockGrid(size, BLOCK).roundOut(touched.build()).totalLength();
    }

    @Test
    void severalLayersAtOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        List<LayerModel> models = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            LayerModel parent = number == 0 ? null : models.get(number - 1);
            models.add(LayerModel.random(random, parent, 4 * MIB, 512, MIB, folder.resolve("l" + number + ".avhdx")));
        }
        backUp(models.get(1).file);
        Snapshot last = backUp(models.get(3).file);
        assertEquals("incremental", disk(last).mode());
        assertArrayEquals(models.get(3).content, content(last));
    }

    @Test
    void theSameFileAgainIsReadWhole() throws IOException {
        Path file = LayerModel.random(new SplittableRandom(1), null, 4 * MIB, 512, MIB, folder.resolve("a.vhdx")).file;
        Snapshot first = backUp(file);
        Snapshot second = backUp(file);
        assertEquals("full", disk(second).mode());
        assertEquals(disk(first).mapRoot(), disk(second).mapRoot());
    }

    @Test
    void mergedAwayBaseIsReadWhole() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        LayerModel a = LayerModel.random(random, null, 4 * MIB, 512, MIB, folder.resolve("a.vhdx"));
        LayerModel b = LayerModel.random(random, a, 4 * MIB, 512, MIB, folder.resolve("b.avhdx"));
        LayerModel c = LayerModel.random(random, a, 4 * MIB, 512, MIB, folder.resolve("c.avhdx"));
        backUp(b.file);
        Snapshot last = backUp(c.file);
        assertEquals("full", disk(last).mode());
        assertTrue(
                disk(last).reason().contains("no longer in the chain"),
                disk(last).reason());
        assertArrayEquals(c.content, content(last));
    }

    @Test
    void tokensOfOtherTrackersAreNoBase() throws IOException {
        Path file = LayerModel.random(new SplittableRandom(1), null, 4 * MIB, 512, MIB, folder.resolve("a.vhdx")).file;
        try (VhdxChain chain = open(file)) {
            for (String token : List.of("", "night-1", "vhdx-layer:", "vhdx-layer:zz")) {
                Changes.Unknown answer = (Changes.Unknown) new LayerTracker(chain).changesSince(token);
                assertEquals(Changes.NO_TRACKING, answer.code());
            }
        }
    }

    /** Its DataWriteGuid says nothing, since who has it open may write on without renewing it. */
    @Test
    void aFileThatIsOpenElsewhereHasNoToken() throws IOException {
        LoggedVhdx image = new LoggedVhdx();
        image.log.data(LoggedVhdx.target(1), LoggedVhdx.page(5)).write();
        Path file = LayerModel.write(folder.resolve("open.vhdx"), image.file);
        try (VhdxChain chain = open(file)) {
            assertTrue(new LayerTracker(chain).token().isEmpty());
        }
    }

    @Test
    void aFileWrittenWhileItIsReadEndsTheBackup() throws IOException {
        Path file = LayerModel.random(new SplittableRandom(1), null, 4 * MIB, 512, MIB, folder.resolve("a.vhdx")).file;
        try (VhdxChain chain = open(file)) {
            chain.checkUnchanged();
            try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
                writer.seek((128 << 10) + 4); // the checksum of the second header
                writer.write(1 ^ writer.read());
            }
            IOException refused = assertThrows(IOException.class, chain::checkUnchanged);
            assertTrue(refused.getMessage().contains("written while it was read"), refused.getMessage());
        }
        VhdxChain chain = open(file);
        try (RandomAccessFile writer = new RandomAccessFile(file.toFile(), "rw")) {
            writer.seek((64 << 10) + 4);
            writer.write(1 ^ writer.read());
        }
        assertThrows(SourceException.class, () -> backUp(chain));
        assertEquals(0, repository.snapshots().list().snapshots().size());
    }
}
