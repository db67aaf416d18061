package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.LocalBackend;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotShelfTest {
    @TempDir
    Path root;

    private SnapshotCatalog catalog;
    private SnapshotShelf shelf;
    private Snapshot first;
    private Snapshot second;

    @BeforeEach
    void twoSnapshots() throws IOException {
        LocalBackend backend = new LocalBackend(root);
        catalog = new SnapshotCatalog(backend);
        shelf = new SnapshotShelf(backend);
        first = publish(Optional.empty());
        second = publish(Optional.of(first));
    }

    private Snapshot publish(Optional<Snapshot> before) throws IOException {
        return catalog.publish(new Manifest(
                new UUID(1, 2),
                "m",
                Optional.empty(),
                "host",
                Instant.now(),
                Instant.now(),
                "offline",
                List.of(),
                List.of(),
                "test",
                before.map(Snapshot::id),
                before.map(Snapshot::digest),
                Optional.empty()));
    }

    private List<SnapshotId> existing() throws IOException {
        return catalog.list().snapshots().stream().map(Snapshot::id).toList();
    }

    private Path file(String name) {
        return root.resolve(name);
    }

    @Test
    void forgottenAndBroughtBack() throws IOException {
        shelf.forget(first);
        assertEquals(List.of(second.id()), existing());
        assertEquals(Set.of(first.id()), shelf.inTrash());
        List<CorruptDataException> damaged = new ArrayList<>();
        assertEquals(first.digest(), shelf.forgotten(damaged).get(0).digest());
        assertEquals(first, shelf.bringBack(first.id(), left -> {}));
        assertEquals(Set.of(first.id(), second.id()), Set.copyOf(existing()));
        assertEquals(Set.of(), shelf.inTrash());
        assertEquals(List.of(), shelf.forgotten(damaged));
        assertEquals(List.of(), damaged);
    }

    @Test
    void collectedForGood() throws IOException {
        shelf.forget(first);
        shelf.discard(first.id());
        shelf.discard(first.id());
        assertThrows(NoSuchFileException.class, () -> shelf.bringBack(first.id(), left -> {}));
        assertEquals(first.digest(), shelf.find(first.id()).orElseThrow().digest(), "its record stays");
    }

    /** After each step of forgetting a crash leaves the snapshot, and forgetting again ends it. */
    @Test
    void everyInterruptedForgettingCanBeEnded() throws IOException {
        byte[] manifest = Files.readAllBytes(file(first.id().objectName()));
        shelf.forget(first);
        byte[] record = Files.readAllBytes(file(Forgotten.objectName(first.id())));
        for (int steps = 1; steps <= 2; steps++) {
            Files.write(file(first.id().objectName()), manifest);
            Files.write(file(Forgotten.objectName(first.id())), record);
            if (steps == 1) {
                Files.deleteIfExists(file(Forgotten.trashName(first.id())));
            }
            assertEquals(2, existing().size());
            shelf.forget(first);
            assertEquals(List.of(second.id()), existing());
            assertEquals(Set.of(first.id()), shelf.inTrash());
        }
        // And of bringing back.
        Files.write(file(first.id().objectName()), manifest);
        shelf.bringBack(first.id(), left -> {});
        assertEquals(2, existing().size());
        assertEquals(Set.of(), shelf.inTrash());
        assertTrue(shelf.find(first.id()).isEmpty());
    }

    @Test
    void protectedOnesStay() throws IOException {
        shelf.protect(first.id());
        shelf.protect(first.id());
        IOException refused = assertThrows(IOException.class, () -> shelf.forget(first));
        assertTrue(refused.getMessage().contains("is protected"), refused.getMessage());
        assertEquals(2, existing().size());
        Files.writeString(file("protected/" + first.id().text() + ".json"), "damaged");
        assertTrue(shelf.isProtected(first.id()));
        shelf.unprotect(first.id());
        shelf.unprotect(first.id());
        assertFalse(shelf.isProtected(first.id()));
        shelf.forget(first);
    }

    @Test
    void anotherManifestInTheTrashIsNotBroughtBack() throws IOException {
        shelf.forget(first);
        Files.copy(
                file(second.id().objectName()),
                file(Forgotten.trashName(first.id())),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThrows(CorruptDataException.class, () -> shelf.bringBack(first.id(), left -> {}));
        assertEquals(List.of(second.id()), existing());
    }

    @Test
    void damagedRecordsAreToldAndHarmNothing() throws IOException {
        shelf.forget(first);
        Path record = file(Forgotten.objectName(first.id()));
        byte[] bytes = Files.readAllBytes(record);
        bytes[30] ^= 1;
        Files.write(record, bytes);
        List<CorruptDataException> damaged = new ArrayList<>();
        assertEquals(List.of(), shelf.forgotten(damaged));
        assertEquals(1, damaged.size());
        assertEquals(Set.of(first.id()), shelf.inTrash());
    }
}
