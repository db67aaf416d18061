package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.FsckReport;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.ForgedDocumentException;
import io.varve.store.json.SealedJson;
import io.varve.store.snapshot.SeenSnapshots;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with write access and without the key: what he does to manifests and configuration shows. */
class ForgedManifestTest {
    private static final Argon2 CHEAP = new Argon2(64, 1, 1);

    @TempDir
    Path temp;

    private Path root;
    private Repository repository;
    private List<Snapshot> nights;

    @BeforeEach
    void encrypted() throws IOException {
        root = temp.resolve("repository");
        Credential key = Credential.newKeyFile(temp.resolve("key"));
        GoldenWriter.writeEncrypted(root, key, Credential.passphrase(new char[] {'x'}), CHEAP);
        repository = unlocked();
        nights = repository.snapshots().list().snapshots();
    }

    private Repository unlocked() throws IOException {
        Repository open = Repository.open(root);
        open.unlock(Credential.keyFile(temp.resolve("key")));
        return open;
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private Path file(int night) {
        return root.resolve(nights.get(night).id().objectName());
    }

    /** Changes a document as anybody can: with a right digest, and the MAC it had. */
    private static void change(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json =
                SealedJson.decode(Files.readAllBytes(file), "x").tree().deepCopy();
        json.remove("digest");
        change.accept(json);
        Files.write(file, SealedJson.encode(json));
    }

    private FsckReport expectForged(int damaged) throws IOException {
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        assertEquals(damaged, listing.damaged().size());
        assertTrue(listing.damaged().stream().allMatch(ForgedDocumentException.class::isInstance));
        FsckReport report = GoldenRepositoryTest.fsck(repository);
        assertEquals(
                damaged,
                report.findings().stream()
                        .filter(finding -> finding.code().equals("manifest-forged"))
                        .count());
        return report;
    }

    @Test
    void aChangedManifestIsForgedAndNoParent() throws IOException {
        change(file(1), json -> json.put("host", "elsewhere"));
        expectForged(1);
        assertEquals(
                nights.get(0).id(),
                repository
                        .snapshots()
                        .newest("alpha", forged -> {})
                        .orElseThrow()
                        .id());
    }

    @Test
    void aManifestWithoutOrWithAnotherMacIsForged() throws IOException {
        change(file(0), json -> json.putNull("mac"));
        change(file(1), json -> json.put("mac", "ab".repeat(32)));
        expectForged(2);
    }

    @Test
    void manifestsUnderEachOthersNamesAreForged() throws IOException {
        byte[] first = Files.readAllBytes(file(0));
        Files.write(file(0), Files.readAllBytes(file(1)));
        Files.write(file(1), first);
        expectForged(2);
    }

    /** An old night once more, under a new name: the wish that retention count it, or the next backup start from it. */
    @Test
    void aManifestUnderANewNameIsForged() throws IOException {
        Files.copy(file(0), root.resolve("snapshots/20270101T000000Z-00000000.json"));
        expectForged(1);
    }

    @Test
    void aMissingManifestBreaksTheChainAndIsRemembered() throws IOException {
        SeenSnapshots seen =
                new SeenSnapshots(temp.resolve("cache/seen.json"), repository.backend(), repository.shelf());
        seen.remember(nights);
        assertEquals(Map.of(), seen.rolledBack());
        byte[] newest = Files.readAllBytes(file(1));
        Files.delete(file(1));
        assertEquals(1, seen.rolledBack().size());
        SnapshotId lost = nights.get(1).id();
        assertTrue(seen.rolledBack().get(lost).contains(lost.text()));
        seen.remember(repository.snapshots().list().snapshots());
        assertEquals(1, seen.rolledBack().size(), "remembered until the operator says otherwise");
        Files.write(file(1), newest);
        assertEquals(Map.of(), seen.rolledBack());

        Files.delete(file(0));
        assertTrue(GoldenRepositoryTest.fsck(repository).findings().stream()
                .map(Finding::code)
                .anyMatch("link-broken"::equals));
    }

    @Test
    void aForgottenSnapshotIsNoRollBack() throws IOException {
        SeenSnapshots seen =
                new SeenSnapshots(temp.resolve("cache/seen.json"), repository.backend(), repository.shelf());
        seen.remember(nights);
        new SnapshotShelf(repository.backend()).forget(nights.get(1));
        assertEquals(Map.of(), seen.rolledBack());
        new SnapshotShelf(repository.backend()).bringBack(nights.get(1).id(), left -> {});
        assertEquals(Map.of(), seen.rolledBack());
        assertEquals(3, repository.snapshots().list().snapshots().size());
    }

    @Test
    void aChangedConfigurationIsNoticedWithTheKeyOnly() throws IOException {
        change(root.resolve("repository.json"), json -> json.put("packTargetSize", 128 << 10));
        try (Repository open = Repository.open(root)) {
            assertThrows(ForgedDocumentException.class, () -> open.unlock(Credential.keyFile(temp.resolve("key"))));
            assertTrue(open.isLocked());
            assertFalse(open.keys().isPresent());
        }
    }

    /** A whole other repository of the attacker's making: his key is not ours. */
    @Test
    void manifestsOfAnotherRepositoryAreForged() throws IOException {
        Path other = temp.resolve("other");
        GoldenWriter.writeEncrypted(
                other,
                Credential.newKeyFile(temp.resolve("other.key")),
                Credential.passphrase(new char[] {'y'}),
                CHEAP);
        try (var files = Files.list(other.resolve("snapshots"))) {
            for (Path file : files.toList()) {
                Files.copy(file, root.resolve("snapshots").resolve(file.getFileName()));
            }
        }
        expectForged(3);
    }
}
