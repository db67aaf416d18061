package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The encrypted repository that was written once is readable for ever, by its key file and by its passphrase. */
class EncryptedGoldenTest {
    static final String PASSPHRASE = "golden, and no secret";

    @TempDir
    Path temp;

    private Path root;
    private Path keyFile;

    @BeforeEach
    void copyGolden() throws IOException, URISyntaxException {
        Path golden = Path.of(
                EncryptedGoldenTest.class.getResource("/golden/v1-encrypted").toURI());
        keyFile = golden.resolveSibling("v1-encrypted.key");
        root = temp.resolve("golden");
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.toList()) {
                Files.copy(path, root.resolve(golden.relativize(path).toString()));
            }
        }
    }

    static Map<String, String> digests(Repository repository) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ReadSession session = ReadSession.open(repository, notice -> {})) {
            for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                for (DiskRecord disk : snapshot.manifest().disks()) {
                    String key = GoldenRepositoryTest.key(
                            snapshot.manifest().machine(), snapshot.manifest().startedAt(), disk.name());
                    found.put(key, IndependentDecoder.sha256(GoldenRepositoryTest.read(session, disk)));
                }
            }
        }
        return found;
    }

    @Test
    void everyDiskIsWhatItWas() throws IOException {
        for (Credential credential :
                List.of(Credential.keyFile(keyFile), Credential.passphrase(PASSPHRASE.toCharArray()))) {
            try (Repository repository = Repository.open(root)) {
                repository.unlock(credential);
                assertEquals(GoldenWriter.encryptedConfig(), repository.config());
                assertEquals(GoldenRepositoryTest.DIGESTS, digests(repository));
                assertEquals(List.of(), GoldenRepositoryTest.fsck(repository).findings());
            }
        }
    }

    @Test
    void lockedItCanBeListedButNotRead() throws IOException {
        try (Repository repository = Repository.open(root)) {
            assertTrue(repository.isLocked());
            assertEquals(3, repository.snapshots().list().snapshots().size());
            assertThrows(LockedRepositoryException.class, () -> digests(repository));
            assertThrows(LockedRepositoryException.class, () -> GoldenRepositoryTest.fsck(repository));
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
                assertThrows(LockedRepositoryException.class, () -> session.newChunkWriter(4096));
            }
        }
    }

    @Test
    void aSecondImplementationReadsTheSame() throws IOException {
        IndependentKeys keys = new IndependentKeys(root, keyFile);
        IndependentDecoder decoder = new IndependentDecoder(root, keys);
        assertTrue(keys.isAuthentic(root, root.resolve("repository.json")));
        Map<String, String> found = new TreeMap<>();
        try (var files = Files.list(root.resolve("snapshots"))) {
            for (Path file : files.toList()) {
                assertTrue(keys.isAuthentic(root, file), file::toString);
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
        assertEquals(GoldenRepositoryTest.DIGESTS, found);
    }

    /** Ids under the same keys are a function of the content: what was written then costs nothing new. */
    @Test
    void writingTheSameContentGivesTheSameRoots() throws IOException {
        try (Repository repository = Repository.open(root)) {
            repository.unlock(Credential.keyFile(keyFile));
            Map<String, ChunkId> golden = new TreeMap<>();
            for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                for (DiskRecord disk : snapshot.manifest().disks()) {
                    golden.put(snapshot.manifest().startedAt() + disk.name(), disk.mapRoot());
                }
            }
            FsckReport before = GoldenRepositoryTest.fsck(repository);
            Map<String, ChunkId> again = new TreeMap<>();
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
                for (GoldenContent.Night night : GoldenContent.nights()) {
                    for (GoldenContent.Disk disk : night.disks()) {
                        again.put(night.time() + disk.name(), GoldenWriter.root(session, disk.content()));
                    }
                }
            }
            assertEquals(golden, again);
            FsckReport after = GoldenRepositoryTest.fsck(repository);
            assertEquals(before.packs(), after.packs());
            assertTrue(after.findings().stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR));
        }
    }
}
