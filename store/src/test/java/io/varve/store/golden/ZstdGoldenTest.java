package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Codec;
import io.varve.store.crypt.Credential;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repositories that were written once with Zstandard, plain and encrypted, are readable for ever. */
class ZstdGoldenTest {
    @TempDir
    Path temp;

    private Path copyOf(String name) throws IOException, URISyntaxException {
        Path golden = golden(name);
        Path root = temp.resolve(name);
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.toList()) {
                Files.copy(path, root.resolve(golden.relativize(path).toString()));
            }
        }
        return root;
    }

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(ZstdGoldenTest.class.getResource("/golden/" + name).toURI());
    }

    private static Set<Codec> codecs(Path root) throws IOException {
        Set<Codec> found = EnumSet.noneOf(Codec.class);
        try (var tree = Files.walk(root.resolve("packs"));
                LocalBackend backend = new LocalBackend(root)) {
            for (Path pack : tree.filter(Files::isRegularFile).toList()) {
                PackFooter footer = PackReader.footer(
                        backend, ChunkId.parse(pack.getFileName().toString()));
                for (int frame = 0; frame < footer.frameCount(); frame++) {
                    found.add(footer.header(frame).codec());
                }
            }
        }
        return found;
    }

    private static Map<String, String> independently(IndependentDecoder decoder, Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (var files = Files.list(root.resolve("snapshots"))) {
            for (Path file : files.toList()) {
                JsonNode manifest = IndependentDecoder.json(file);
                for (JsonNode disk : manifest.get("disks")) {
                    String key = GoldenRepositoryTest.key(
                            manifest.get("machine").textValue(),
                            manifest.get("startedAt").textValue(),
                            disk.get("name").textValue());
                    found.put(key, IndependentDecoder.sha256(decoder.content(disk)));
                }
            }
        }
        return found;
    }

    @Test
    void plain() throws Exception {
        Path root = copyOf("v1-zstd");
        assertTrue(codecs(root).contains(Codec.ZSTD));
        assertEquals(GoldenRepositoryTest.DIGESTS, independently(new IndependentDecoder(root), root), "independently");
        try (Repository repository = Repository.open(root)) {
            assertEquals(GoldenRepositoryTest.DIGESTS, EncryptedGoldenTest.digests(repository));
            assertEquals(List.of(), GoldenRepositoryTest.fsck(repository).findings());
        }
    }

    @Test
    void encrypted() throws Exception {
        Path root = copyOf("v1-zstd-encrypted");
        Path keyFile = golden("v1-zstd-encrypted.key");
        assertTrue(codecs(root).contains(Codec.SEALED_ZSTD));
        IndependentKeys keys = new IndependentKeys(root, keyFile);
        assertEquals(
                GoldenRepositoryTest.DIGESTS, independently(new IndependentDecoder(root, keys), root), "independently");
        try (Repository repository = Repository.open(root)) {
            repository.unlock(Credential.keyFile(keyFile));
            assertEquals(GoldenRepositoryTest.DIGESTS, EncryptedGoldenTest.digests(repository));
            assertEquals(List.of(), GoldenRepositoryTest.fsck(repository).findings());
        }
    }
}
