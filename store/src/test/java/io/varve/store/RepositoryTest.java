package io.varve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.fault.UnsupportedRepositoryException;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {
    private static final RepositoryConfig CONFIG = new RepositoryConfig(
            UUID.fromString("6f1d9e0a-1111-4222-8333-444455556666"),
            65_536,
            64L << 20,
            Instant.parse("2026-11-21T02:00:00Z"));

    @TempDir
    Path temp;

    private Path root() {
        return temp.resolve("repository");
    }

    @Test
    void initThenOpen() throws IOException {
        Repository.init(root(), CONFIG).close();
        try (Repository repository = Repository.open(root())) {
            assertEquals(CONFIG, repository.config());
            assertEquals(0, repository.snapshots().list().snapshots().size());
        }
        assertEquals("""
                {
                  "blockSize": 65536,
                  "chunkIds": "sha-256",
                  "createdAt": "2026-11-21T02:00:00Z",
                  "digest": "%s",
                  "encryption": null,
                  "format": 1,
                  "mapFanOut": 256,
                  "packTargetSize": 67108864,
                  "repositoryId": "6f1d9e0a-1111-4222-8333-444455556666"
                }
                """, Files.readString(root().resolve("repository.json")).replaceFirst("[0-9a-f]{64}", "%s"));
    }

    @Test
    void initNeverTouchesWhatIsThere() throws IOException {
        Repository.init(root(), CONFIG).close();
        byte[] before = Files.readAllBytes(root().resolve("repository.json"));
        NotARepositoryException e = assertThrows(NotARepositoryException.class, () -> Repository.init(root(), CONFIG));
        assertTrue(e.getMessage().contains("found a repository"), e.getMessage());
        assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(root().resolve("repository.json"))));
        Path other = temp.resolve("other");
        Files.createDirectory(other);
        Files.writeString(other.resolve("holiday.txt"), "x");
        assertThrows(NotARepositoryException.class, () -> Repository.init(other, CONFIG));
        assertThrows(NotARepositoryException.class, () -> Repository.init(other.resolve("holiday.txt"), CONFIG));
    }

    @Test
    void whatIsNoRepositoryIsSaidToBeNone() throws IOException {
        assertThrows(NotARepositoryException.class, () -> Repository.open(root()));
        Files.createDirectory(root());
        assertThrows(NotARepositoryException.class, () -> Repository.open(root()));
        Files.writeString(temp.resolve("file"), "x");
        assertThrows(NotARepositoryException.class, () -> Repository.open(temp.resolve("file")));
    }

    private <E extends IOException> E refused(Class<E> type, Consumer<ObjectNode> change) throws IOException {
        Files.createDirectories(root());
        ObjectNode json = SealedJson.decode(CONFIG.encode(new PlainProtection()), "repository.json")
                .tree()
                .deepCopy();
        json.remove("digest");
        change.accept(json);
        Files.write(root().resolve("repository.json"), SealedJson.encode(json));
        E e = assertThrows(type, () -> Repository.open(root()).close(), json::toString);
        assertTrue(e.getMessage().startsWith("repository.json"), e.getMessage());
        return e;
    }

    @Test
    void aNewerFormatIsUnsupportedNotCorrupt() throws IOException {
        UnsupportedRepositoryException e = refused(UnsupportedRepositoryException.class, json -> json.put("format", 2));
        assertTrue(e.getMessage().contains("use a newer version"), e.getMessage());
        refused(
                UnsupportedRepositoryException.class,
                json -> json.put("format", 2).remove("blockSize"));
        refused(CorruptDataException.class, json -> json.put("format", 0));
        refused(CorruptDataException.class, json -> json.remove("format"));
    }

    @Test
    void anUnknownEncryptionIsUnsupported() throws IOException {
        refused(
                UnsupportedRepositoryException.class,
                json -> json.putObject("encryption").put("cipher", "aes-256-gcm"));
        refused(
                UnsupportedRepositoryException.class,
                json -> json.put("chunkIds", "hmac-sha-256")
                        .putObject("encryption")
                        .put("cipher", "aes-256-gcm")
                        .put("kdf", "other"));
        refused(UnsupportedRepositoryException.class, json -> json.putObject("encryption"));
        refused(UnsupportedRepositoryException.class, json -> json.put("chunkIds", "hmac-sha-256"));
    }

    /** {@code null}, says the format; anything else: stop. */
    @Test
    void anyOtherEncryptionIsUnsupported() throws IOException {
        refused(UnsupportedRepositoryException.class, json -> json.put("encryption", "aes"));
        refused(UnsupportedRepositoryException.class, json -> json.put("encryption", false));
        refused(UnsupportedRepositoryException.class, json -> json.putArray("encryption"));
    }

    @Test
    void valuesOutsideTheFormatAreCorrupt() throws IOException {
        for (long size : new long[] {0, 1, 2048, 4097, 65_535, 8 << 20, 1L << 32}) {
            refused(CorruptDataException.class, json -> json.put("blockSize", size));
        }
        for (long size : new long[] {0, (64 << 10) - 1, (512L << 20) + 1, Long.MAX_VALUE}) {
            refused(CorruptDataException.class, json -> json.put("packTargetSize", size));
        }
        refused(CorruptDataException.class, json -> json.put("mapFanOut", 128));
        refused(CorruptDataException.class, json -> json.put("repositoryId", "x"));
        refused(CorruptDataException.class, json -> json.put("createdAt", "x"));
    }

    @Test
    void aConfigurationCutAtAnyLengthIsCorrupt() throws IOException {
        Files.createDirectories(root());
        byte[] sound = CONFIG.encode(new PlainProtection());
        for (int length = 0; length < sound.length; length++) {
            Files.write(root().resolve("repository.json"), Arrays.copyOf(sound, length));
            CorruptDataException e = assertThrows(
                    CorruptDataException.class, () -> Repository.open(root()).close(), "cut at " + length);
            assertEquals("repository.json", e.file());
        }
        Files.write(root().resolve("repository.json"), new byte[(1 << 20) + 1]);
        assertThrows(CorruptDataException.class, () -> Repository.open(root()).close());
    }
}
