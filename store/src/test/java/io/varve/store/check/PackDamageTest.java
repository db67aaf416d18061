package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.pack.PackWriter;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small pack, with every byte flipped and cut at every length: named, and what is sound in it still found. */
class PackDamageTest {
    @TempDir
    Path root;

    private final MemoryBackend backend = new MemoryBackend();
    private Repository repository;
    private final List<byte[]> contents = List.of(Packs.text(300, 1), Packs.random(20, 2), Packs.text(80, 3));
    private ChunkId pack;
    private String object;
    private byte[] sound;
    private PackFooter footer;

    @BeforeEach
    void write() throws IOException {
        RepositoryConfig config = new RepositoryConfig(Packs.REPOSITORY, 4096, 64 << 10, Instant.EPOCH);
        repository = Repository.init(new Folder(root, backend), config);
        PackWriter.SealedPack sealed = Packs.publish(backend, contents);
        pack = sealed.id();
        object = PackFormat.objectName(pack);
        sound = backend.get(object).clone();
        footer = sealed.footer();
        assertTrue(sound.length < 600, "small, for what follows is quadratic: " + sound.length);
    }

    private PackCheck packCheck(ChunkTable table, List<Finding> findings) {
        PagePlaces places = new PagePlaces(1 << 20);
        return new PackCheck(
                repository, table, places, new OddLengths(places, 1 << 20), ReadRate.unlimited(), findings::add);
    }

    /** Checks the pack again and again, and remembers which chunks it ever took for sound. */
    private final class Checker {
        private final List<Finding> findings = new ArrayList<>();
        private final ChunkTable table = new ChunkTable(1 << 20, 1);
        private final PackCheck check = packCheck(table, findings);

        List<Finding> check(byte[] file, FsckOptions.Level level) throws IOException {
            backend.put(object, file);
            findings.clear();
            check.check(new CheckedPack(pack, file.length), level);
            return List.copyOf(findings);
        }

        /** Which of the chunks were found sound since the beginning. */
        List<Boolean> accepted() {
            List<Boolean> accepted = new ArrayList<>();
            for (byte[] content : contents) {
                accepted.add(table.use(Packs.id(content)) != ChunkTable.State.ABSENT);
            }
            assertEquals(accepted.stream().filter(yes -> yes).count(), table.count(), "a chunk nobody wrote");
            return accepted;
        }
    }

    @Test
    void aSoundPackHasNoFindings() throws IOException {
        for (FsckOptions.Level level : FsckOptions.Level.values()) {
            Checker checker = new Checker();
            assertEquals(List.of(), checker.check(sound, level));
            assertEquals(List.of(true, true, true), checker.accepted());
        }
    }

    private void flipEveryByte(int from, int to, String code, List<Boolean> accepted) throws IOException {
        for (FsckOptions.Level level : List.of(FsckOptions.Level.READ_DATA, FsckOptions.Level.DEEP)) {
            Checker checker = new Checker();
            for (int offset = from; offset < to; offset++) {
                byte[] damaged = sound.clone();
                damaged[offset] = (byte) (damaged[offset] ^ (1 << (offset % 8)));
                List<Finding> findings = checker.check(damaged, level);
                assertEquals(1, findings.size(), level + " at " + offset + ": " + findings);
                assertEquals(object, findings.get(0).file());
                assertEquals(code, findings.get(0).code(), level + " at " + offset);
            }
            assertEquals(accepted, checker.accepted(), level + " from " + from);
        }
    }

    @Test
    void everyFlippedByteIsFoundAndCostsItsOwnFrameOnly() throws IOException {
        int footerAt = sound.length - 40 - 3 * 56;
        flipEveryByte(0, 40, "pack-header", List.of(true, true, true));
        flipEveryByte(40, (int) footer.offset(1), "chunk-damaged", List.of(false, true, true));
        flipEveryByte((int) footer.offset(1), (int) footer.offset(2), "chunk-damaged", List.of(true, false, true));
        flipEveryByte((int) footer.offset(2), footerAt, "chunk-damaged", List.of(true, true, false));
        flipEveryByte(footerAt, sound.length, "pack-footer", List.of(false, false, false));
    }

    @Test
    void aPackCutAtAnyLengthIsFound() throws IOException {
        Checker checker = new Checker();
        for (FsckOptions.Level level : FsckOptions.Level.values()) {
            for (int length = 0; length < sound.length; length++) {
                List<Finding> findings = checker.check(Arrays.copyOf(sound, length), level);
                assertTrue(
                        findings.stream().anyMatch(finding -> finding.code().equals("pack-footer")),
                        "cut at " + length + ": " + findings);
            }
            for (int length : new int[] {sound.length + 1, 2 * sound.length}) {
                assertFalse(checker.check(Arrays.copyOf(sound, length), level).isEmpty(), "padded to " + length);
            }
        }
        assertEquals(List.of(false, false, false), checker.accepted());
    }

    /** Without its footer a pack is walked: every frame before the cut is there, then it ends in an orderly way. */
    @Test
    void framesAreWalkedUpToTheCut() throws IOException {
        for (int length = 40; length < sound.length; length++) {
            backend.put(object, Arrays.copyOf(sound, length));
            int whole = 0;
            for (int frame = 0; frame < contents.size(); frame++) {
                whole += footer.offset(frame) + 64 <= length ? 1 : 0;
            }
            assertEquals(whole, walk().size(), "cut at " + length);
        }
        for (int offset = 40; offset < sound.length; offset++) {
            byte[] damaged = sound.clone();
            damaged[offset] = (byte) ~damaged[offset];
            backend.put(object, damaged);
            List<FrameHeader> headers = walk();
            for (int frame = 0; frame < headers.size(); frame++) {
                assertEquals(footer.header(frame), headers.get(frame), "flipped at " + offset);
            }
        }
    }

    private List<FrameHeader> walk() throws IOException {
        List<FrameHeader> headers = new ArrayList<>();
        long offset = PackFormat.HEADER_SIZE;
        while (true) {
            try {
                headers.add(PackReader.frameHeaderAt(backend, object, offset));
                offset += headers.get(headers.size() - 1).frameLength();
            } catch (CorruptDataException e) {
                assertEquals(object, e.file());
                assertTrue(e.offset() >= offset && e.offset() <= offset + 64, e.getMessage());
                return headers;
            }
        }
    }

    /** A frame in a buffer that ends too early, as a torn pack gives it. */
    @Test
    void aFrameCutAtAnyLengthIsCorrupt() throws IOException {
        FrameHeader header = footer.header(1);
        ByteBuffer frame = ByteBuffer.wrap(sound, (int) footer.offset(1), header.frameLength())
                .slice();
        PackReader.checkedPayload(frame, header, object, footer.offset(1));
        for (int length = 0; length < header.frameLength(); length++) {
            ByteBuffer cut = frame.slice(0, length);
            CorruptDataException e = null;
            try {
                PackReader.checkedPayload(cut, header, object, footer.offset(1));
            } catch (CorruptDataException found) {
                e = found;
            }
            assertNotNull(e, "cut at " + length);
        }
    }

    /** Right hashes over wrong content: only the id tells, and only the deepest level looks. */
    @Test
    void contentThatIsNotItsIdIsFoundByDeepOnly() throws IOException {
        ChunkId claimed = Packs.id(new byte[] {42});
        byte[] content = Packs.random(50, 9);
        FrameHeader lie = new FrameHeader(
                io.varve.store.chunk.ChunkKind.BLOCK,
                io.varve.store.chunk.Codec.RAW,
                50,
                50,
                claimed,
                io.varve.store.chunk.XxHash.hash64(content, 0, 50));
        try (PackWriter writer = new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), PackBuffers.atOnce())) {
            writer.append(lie, ByteBuffer.wrap(content));
            pack = writer.publish().id();
        }
        List<Finding> findings = new ArrayList<>();
        ChunkTable table = new ChunkTable(1 << 20, 1);
        packCheck(table, findings).check(new CheckedPack(pack, 0), FsckOptions.Level.READ_DATA);
        assertEquals(List.of(), findings);
        ChunkTable deep = new ChunkTable(1 << 20, 1);
        packCheck(deep, findings).check(new CheckedPack(pack, 0), FsckOptions.Level.DEEP);
        assertEquals(
                List.of("chunk-damaged"), findings.stream().map(Finding::code).toList());
        assertEquals(ChunkTable.State.ODD, table.use(claimed));
        assertEquals(ChunkTable.State.ABSENT, deep.use(claimed));
    }
}
