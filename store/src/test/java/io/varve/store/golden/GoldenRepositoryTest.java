package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.BlockMap;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The repository that was written once, by the first version of the format, is readable for ever: by this code, and by
 * {@link IndependentDecoder}. If a test here fails, the format has changed; see the head of {@code docs/format.md}.
 */
class GoldenRepositoryTest {
    @TempDir
    Path temp;

    private Path root;

    /** SHA-256 of every disk's content, by "machine, time, disk". */
    static final Map<String, String> DIGESTS = new TreeMap<>(Map.of(
            "alpha 2026-01-02T03:04:05Z system", "a22d0e2462f90a7201329affdea62668e1cd8ac9eb3dca94d4e81769d3d4a8a4",
            "alpha 2026-01-02T03:04:05Z empty", "1631d7a5072e5527ca677bb4035bb86ab97976a30514b268e9b0bd91ac7100ee",
            "alpha 2026-01-03T03:04:05Z system", "6d26b01ae936d46aa0ca32e6976e2ea4673ff8dbbd369b0e0273a07991da5653",
            "alpha 2026-01-03T03:04:05Z empty", "1631d7a5072e5527ca677bb4035bb86ab97976a30514b268e9b0bd91ac7100ee",
            "beta 2026-01-03T04:00:00Z data", "97ec7986946009a6ebbcb31e37d0d1debfc72d97fb3e8bf996fb2308c855909d"));

    @BeforeEach
    void copyGolden() throws IOException, URISyntaxException {
        Path golden =
                Path.of(GoldenRepositoryTest.class.getResource("/golden/v1").toURI());
        root = temp.resolve("golden");
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.toList()) {
                Files.copy(path, root.resolve(golden.relativize(path).toString()));
            }
        }
    }

    static String key(String machine, Object time, String disk) {
        return machine + " " + time + " " + disk;
    }

    static byte[] read(ReadSession session, DiskRecord disk) throws IOException {
        ByteBuffer content = ByteBuffer.allocateDirect((int) disk.size());
        BlockMap map = session.map(disk);
        ChunkReader reader = session.newChunkReader();
        for (long block = 0; block < map.shape().blockCount(); block++) {
            ChunkId id = map.blockId(block);
            int offset = (int) block * disk.blockSize();
            if (!id.isZero()) {
                reader.read(id, content.slice(offset, Math.min(disk.blockSize(), content.capacity() - offset)));
            }
        }
        byte[] bytes = new byte[content.capacity()];
        content.get(bytes);
        return bytes;
    }

    @Test
    void theTableIsThatOfTheContentTheGeneratorWrote() {
        Map<String, String> made = new TreeMap<>();
        for (GoldenContent.Night night : GoldenContent.nights()) {
            for (GoldenContent.Disk disk : night.disks()) {
                made.put(key(night.machine(), night.time(), disk.name()), IndependentDecoder.sha256(disk.content()));
            }
        }
        assertEquals(DIGESTS, made);
    }

    @Test
    void everyDiskIsWhatItWas() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Repository repository = Repository.open(root);
                ReadSession session = ReadSession.open(repository, notice -> {})) {
            assertEquals(GoldenWriter.config(), repository.config());
            for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                for (DiskRecord disk : snapshot.manifest().disks()) {
                    found.put(
                            key(
                                    snapshot.manifest().machine(),
                                    snapshot.manifest().startedAt(),
                                    disk.name()),
                            IndependentDecoder.sha256(read(session, disk)));
                }
            }
        }
        assertEquals(DIGESTS, found);
    }

    @Test
    void fsckFindsNothing() throws IOException {
        try (Repository repository = Repository.open(root)) {
            FsckReport report = fsck(repository);
            assertEquals(
                    List.of("index-absent"),
                    report.findings().stream().map(Finding::code).toList());
            ReadSession.open(repository, notice -> {}).close();
            assertEquals(List.of(), fsck(repository).findings());
            assertEquals(3, report.snapshots());
            assertEquals(0, report.unusedChunks());
        }
    }

    static FsckReport fsck(Repository repository) throws IOException {
        if (Files.getFileStore(Path.of(repository.location())).supportsFileAttributeView("posix")) {
            // A copy has the modes that the umask gave it, which is worth a notice of its own.
            Files.setPosixFilePermissions(Path.of(repository.location()), PosixFilePermissions.fromString("rwx------"));
        }
        FsckListener quiet = new FsckListener() {
            @Override
            public void phase(String name, long total) {}

            @Override
            public void advanced(long units) {}

            @Override
            public void found(Finding finding) {}
        };
        return new Fsck(repository, FsckOptions.of(FsckOptions.Level.DEEP, 2), quiet).run();
    }

    private static List<Path> manifests(Path root) throws IOException {
        try (var files = Files.list(root.resolve("snapshots"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void aSecondImplementationReadsTheSame() throws IOException {
        IndependentDecoder decoder = new IndependentDecoder(root);
        assertTrue(decoder.packs() >= 4 && decoder.chunks() > 20, decoder.packs() + ", " + decoder.chunks());
        Map<String, String> found = new TreeMap<>();
        for (Path file : manifests(root)) {
            JsonNode manifest = IndependentDecoder.json(file);
            String machine = manifest.get("machine").textValue();
            for (JsonNode disk : manifest.get("disks")) {
                found.put(
                        key(
                                machine,
                                manifest.get("startedAt").textValue(),
                                disk.get("name").textValue()),
                        IndependentDecoder.sha256(decoder.content(disk)));
            }
            JsonNode configuration = manifest.get("files").get(0);
            assertEquals(
                    "configuration of " + machine + "\n",
                    new String(
                            decoder.chunk(
                                    configuration.get("pieces").get(0).get("id").textValue()),
                            java.nio.charset.StandardCharsets.UTF_8));
        }
        assertEquals(DIGESTS, found);
    }

    /** A chain: each manifest names the file of the machine's one before it by its SHA-256. */
    @Test
    void manifestsAreLinked() throws IOException {
        List<Path> files = manifests(root);
        assertEquals(3, files.size());
        JsonNode second = IndependentDecoder.json(files.get(1));
        assertTrue(IndependentDecoder.json(files.get(0)).get("link").isNull());
        assertEquals(
                IndependentDecoder.sha256(Files.readAllBytes(files.get(0))),
                second.get("link").textValue());
        assertEquals(files.get(0).getFileName().toString(), second.get("parent").textValue() + ".json");
    }

    /** Roots are a function of the content: what was written then has the same ids now, and costs nothing new. */
    @Test
    void writingTheSameContentGivesTheSameRoots() throws IOException {
        Map<String, ChunkId> golden = new TreeMap<>();
        try (Repository repository = Repository.open(root)) {
            for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                for (DiskRecord disk : snapshot.manifest().disks()) {
                    golden.put(
                            key(
                                    snapshot.manifest().machine(),
                                    snapshot.manifest().startedAt(),
                                    disk.name()),
                            disk.mapRoot());
                }
            }
            int packs = fsck(repository).packs();
            Map<String, ChunkId> again = new TreeMap<>();
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
                for (GoldenContent.Night night : GoldenContent.nights()) {
                    for (GoldenContent.Disk disk : night.disks()) {
                        again.put(
                                key(night.machine(), night.time(), disk.name()),
                                GoldenWriter.root(session, disk.content()));
                    }
                }
            }
            assertEquals(golden, again);
            assertEquals(packs, fsck(repository).packs());
        }
        List<ChunkId> roots = new ArrayList<>(golden.values());
        assertEquals(2, roots.stream().filter(ChunkId::isZero).count(), "the empty disk of two nights");
    }

    /** The whole writer, run today: the same ids in its map pages, chunks and roots, if not the same packs' names. */
    @Test
    void aFreshlyWrittenRepositoryHoldsTheSameContent() throws IOException {
        Path fresh = temp.resolve("fresh");
        GoldenWriter.write(fresh);
        IndependentDecoder before = new IndependentDecoder(root);
        IndependentDecoder now = new IndependentDecoder(fresh);
        assertEquals(before.chunks(), now.chunks());
        assertEquals(3, manifests(fresh).size());
        for (Path file : manifests(fresh)) {
            for (JsonNode disk : IndependentDecoder.json(file).get("disks")) {
                assertArrayEquals(before.content(disk), now.content(disk));
            }
        }
    }
}
