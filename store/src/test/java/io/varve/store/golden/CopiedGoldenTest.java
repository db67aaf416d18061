package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The golden content, copied between repositories of every protection, is the same afterwards: to this code, to
 * {@link IndependentDecoder}, and id by id what a backup into the target would have made.
 */
@Tag("long")
class CopiedGoldenTest {
    private static final Argon2 CHEAP = new Argon2(64, 1, 1);

    enum Protected {
        PLAIN,
        ENCRYPTED,
        OTHER_KEYS,
        SHARED_KEYS
    }

    @TempDir
    Path temp;

    private Path key;
    private Path otherKey;

    @BeforeEach
    void keys() throws IOException {
        key = temp.resolve("key");
        otherKey = temp.resolve("other-key");
        Credential.newKeyFile(key).close();
        Credential.newKeyFile(otherKey).close();
    }

    private static RepositoryConfig config(boolean encrypted, UUID keysOf, UUID id) {
        return new RepositoryConfig(
                id, GoldenContent.BLOCK, 64 << 10, Instant.parse("2026-01-01T00:00:00Z"), encrypted, keysOf, 0);
    }

    /** An empty repository. */
    private Repository init(String name, Protected kind, Repository shared) throws IOException {
        Path root = temp.resolve(name);
        UUID id = UUID.randomUUID();
        return switch (kind) {
            case PLAIN -> Repository.init(root, config(false, id, id));
            case ENCRYPTED ->
                Repository.initEncrypted(new Folder(root), config(true, id, id), Credential.keyFile(key), "k", CHEAP);
            case OTHER_KEYS ->
                Repository.initEncrypted(
                        new Folder(root), config(true, id, id), Credential.keyFile(otherKey), "k", CHEAP);
            case SHARED_KEYS ->
                Repository.initSharing(
                        new Folder(root),
                        config(true, shared.config().keysOf(), id),
                        shared.keys().orElseThrow(),
                        Credential.keyFile(otherKey),
                        "k",
                        CHEAP);
        };
    }

    private static final SnapshotCopy.Listener QUIET = new SnapshotCopy.Listener() {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void check() {}
    };

    private static List<SnapshotCopy.Result> copy(Repository from, Repository to) throws IOException {
        List<SnapshotCopy.Result> results = new ArrayList<>();
        try (ReadSession reading = ReadSession.open(from, notice -> {});
                WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
            SnapshotCopy copy = new SnapshotCopy(reading, writing, QUIET);
            for (Snapshot snapshot : from.snapshots().list().snapshots()) {
                results.add(copy.copy(snapshot));
            }
        }
        return results;
    }

    private static List<ChunkId> roots(Repository repository) throws IOException {
        List<ChunkId> roots = new ArrayList<>();
        for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
            snapshot.manifest().disks().forEach(disk -> roots.add(disk.mapRoot()));
            snapshot.manifest().files().forEach(file -> roots.addAll(file.pieces()));
        }
        return roots;
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN, PLAIN",
        "PLAIN, ENCRYPTED",
        "ENCRYPTED, PLAIN",
        "ENCRYPTED, OTHER_KEYS",
        "ENCRYPTED, SHARED_KEYS"
    })
    void theCopyIsWhatABackupWouldHaveMade(Protected source, Protected target) throws IOException {
        try (Repository from = init("from", source, null);
                Repository to = init("to", target, from)) {
            for (GoldenContent.Night night : GoldenContent.nights()) {
                GoldenWriter.write(from, night);
            }
            for (SnapshotCopy.Result result : copy(from, to)) {
                assertEquals(SnapshotCopy.Outcome.COPIED, result.outcome());
            }
            assertEquals(source == target || target == Protected.SHARED_KEYS, from.namesAlike(to));
            assertEquals(from.namesAlike(to), roots(from).equals(roots(to)));
            assertEquals(GoldenRepositoryTest.DIGESTS, digests(to));
            assertEquals(List.of(), GoldenRepositoryTest.fsck(to).findings());
            assertEquals(0, GoldenRepositoryTest.fsck(to).unusedChunks());
            assertEquals(
                    GoldenRepositoryTest.fsck(from).chunks(),
                    GoldenRepositoryTest.fsck(to).chunks());
            assertSecondImplementationAgrees(temp.resolve("to"), target);
            // The very same content, backed up into the copy, is there: ids are those that the target gives.
            long chunks = GoldenRepositoryTest.fsck(to).chunks();
            for (GoldenContent.Night night : GoldenContent.nights()) {
                GoldenWriter.write(to, night);
            }
            assertEquals(chunks, GoldenRepositoryTest.fsck(to).chunks());
        }
    }

    private static Map<String, String> digests(Repository repository) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ReadSession session = ReadSession.open(repository, notice -> {})) {
            for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                for (DiskRecord disk : snapshot.manifest().disks()) {
                    String name = GoldenRepositoryTest.key(
                            snapshot.manifest().machine(), snapshot.manifest().startedAt(), disk.name());
                    found.put(name, IndependentDecoder.sha256(GoldenRepositoryTest.read(session, disk)));
                }
            }
        }
        return found;
    }

    private void assertSecondImplementationAgrees(Path root, Protected kind) throws IOException {
        IndependentKeys keys = kind == Protected.PLAIN
                ? null
                : new IndependentKeys(root, kind == Protected.ENCRYPTED ? key : otherKey);
        IndependentDecoder decoder = new IndependentDecoder(root, keys);
        int files = 0;
        try (var manifests = Files.list(root.resolve("snapshots"))) {
            for (Path file : manifests.toList()) {
                JsonNode manifest = IndependentDecoder.json(file);
                assertTrue(keys == null || keys.isAuthentic(root, file));
                for (JsonNode disk : manifest.get("disks")) {
                    decoder.content(disk);
                }
                String piece = manifest.at("/files/0/pieces/0/id").textValue();
                assertArrayEquals(
                        ("configuration of " + manifest.get("machine").textValue() + "\n")
                                .getBytes(StandardCharsets.UTF_8),
                        decoder.chunk(piece));
                files++;
            }
        }
        assertEquals(3, files);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, PLAIN", "ENCRYPTED, PLAIN", "ENCRYPTED, OTHER_KEYS", "ENCRYPTED, SHARED_KEYS"})
    void repeatedItDoesNothing(Protected source, Protected target) throws IOException {
        try (Repository from = init("from", source, null);
                Repository to = init("to", target, from)) {
            List<GoldenContent.Night> nights = GoldenContent.nights();
            GoldenWriter.write(from, nights.get(0));
            copy(from, to);
            long before = GoldenRepositoryTest.fsck(to).chunks();
            for (SnapshotCopy.Result result : copy(from, to)) {
                assertEquals(SnapshotCopy.Outcome.THERE, result.outcome());
                assertEquals(0, result.chunks());
            }
            GoldenWriter.write(from, nights.get(1));
            List<SnapshotCopy.Result> second = copy(from, to);
            assertEquals(SnapshotCopy.Outcome.COPIED, second.get(1).outcome());
            assertEquals(
                    GoldenRepositoryTest.fsck(to).chunks() - before,
                    second.get(1).chunks(),
                    "every chunk that is counted as sent is new");
        }
    }

    /** Shared keys are one master key under two locks; documents of one do not pass in the other. */
    @Test
    void repositoriesThatShareKeysOpenEachOther() throws IOException {
        try (Repository from = init("from", Protected.ENCRYPTED, null)) {
            GoldenWriter.write(from, GoldenContent.nights().get(0));
            init("to", Protected.SHARED_KEYS, from).close();
            try (Repository to = Repository.open(temp.resolve("to"))) {
                assertFalse(to.namesAlike(from), "locked, nobody knows");
                assertThrows(LockedRepositoryException.class, () -> to.unlock(Credential.keyFile(key)));
                assertTrue(to.unlock(from));
                assertTrue(to.namesAlike(from));
            }
            try (Repository to = Repository.open(temp.resolve("to"))) {
                to.unlock(Credential.keyFile(otherKey));
                assertTrue(to.namesAlike(from));
                Path manifest;
                try (var files = Files.list(temp.resolve("from").resolve("snapshots"))) {
                    manifest = files.findFirst().orElseThrow();
                }
                Files.copy(manifest, temp.resolve("to").resolve("snapshots").resolve(manifest.getFileName()));
                assertEquals(0, to.snapshots().list().snapshots().size());
                assertEquals(1, to.snapshots().list().damaged().size());
            }
            try (Repository stranger = init("stranger", Protected.OTHER_KEYS, null)) {
                assertFalse(stranger.unlock(from));
            }
        }
    }
}
