package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.AlignedBuffer;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack that is read in several pieces: no frame is forgotten between them, and none is blamed for another. */
class LargePackTest {
    private static final int LARGEST = PackFormat.MAX_RAW_LENGTH;

    @TempDir
    Path root;

    /** A drive that gives up on large reads, and only on those, once it is told to. */
    private static final class WeakDrive extends MemoryBackend {
        private boolean weak;

        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            if (weak && target.remaining() > LARGEST + 1000) {
                throw new CorruptDataException(name, offset, "readable bytes", "Input/output error");
            }
            super.read(name, offset, target);
        }
    }

    private final WeakDrive backend = new WeakDrive();
    private final List<byte[]> contents = new ArrayList<>();
    private Repository repository;
    private PackWriter.SealedPack pack;

    @BeforeEach
    void write() throws IOException {
        repository = Repository.init(
                new Folder(root, backend), new RepositoryConfig(Packs.REPOSITORY, 4096, 64 << 20, Instant.EPOCH));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 12; i++) {
            contents.add(Packs.random(i % 4 == 1 ? LARGEST : 1 + random.nextInt(1 << 20), i));
        }
        pack = Packs.publish(backend, contents);
    }

    private List<String> check(FsckOptions.Level level) throws IOException {
        List<Finding> findings = new ArrayList<>();
        ChunkTable table = new ChunkTable(1 << 20, 1);
        PagePlaces places = new PagePlaces(1 << 20);
        PackCheck check = new PackCheck(
                repository, table, places, new OddLengths(places, 1 << 20), ReadRate.unlimited(), findings::add);
        String object = PackFormat.objectName(pack.id());
        long read = check.check(new CheckedPack(pack.id(), backend.get(object).length), level);
        PackFooter footer = pack.footer();
        assertEquals(footer.endOffset(footer.frameCount() - 1), read);
        List<String> said = new ArrayList<>(
                findings.stream().map(f -> f.code() + " " + f.offset()).toList());
        for (int i = 0; i < contents.size(); i++) {
            if (table.use(Packs.id(contents.get(i))) == ChunkTable.State.ABSENT) {
                said.add("lost " + i);
            }
        }
        return said;
    }

    @Test
    void everyFrameIsReadOnceAndBlamedForItselfOnly() throws IOException {
        byte[] file = backend.get(PackFormat.objectName(pack.id()));
        for (FsckOptions.Level level : List.of(FsckOptions.Level.READ_DATA, FsckOptions.Level.DEEP)) {
            assertEquals(List.of(), check(level));
        }
        PackFooter footer = pack.footer();
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            int payload = (int) footer.offset(frame) + PackFormat.FRAME_HEADER_SIZE;
            for (int at : new int[] {payload, (int) footer.endOffset(frame) - 1}) {
                file[at] ^= 1;
                assertEquals(List.of("chunk-damaged " + payload, "lost " + frame), check(FsckOptions.Level.READ_DATA));
                file[at] ^= 1;
            }
        }
    }

    /** The chunks are there, but the drive did not give them at once: whoever keeps backups on it wants to know. */
    @Test
    void aPieceThatCannotBeReadAtOnceIsReportedAlthoughItsFramesAreSound() throws IOException {
        backend.weak = true;
        List<String> said = check(FsckOptions.Level.READ_DATA);
        assertEquals(
                List.of(),
                said.stream().filter(line -> !line.startsWith("read-failed ")).toList());
        long sectors = said.stream()
                .mapToLong(line -> Long.parseLong(line.substring("read-failed ".length())))
                .filter(offset -> offset % AlignedBuffer.ALIGNMENT == 0)
                .count();
        assertEquals(said.size(), sectors);
        assertEquals(true, said.size() > 1, "" + said);
    }
}
