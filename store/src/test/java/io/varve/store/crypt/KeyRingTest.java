package io.varve.store.crypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.ProcessLock;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
    private static final Argon2 CHEAP = new Argon2(64, 1, 1);

    @TempDir
    Path temp;

    private final UUID repository = UUID.randomUUID();
    private final MemoryBackend backend = new MemoryBackend();
    private final KeyRing ring = new KeyRing(backend, repository);
    private final RepositoryKeys keys = RepositoryKeys.generate(repository);

    private static Credential passphrase(String text) throws IOException {
        return Credential.passphrase(text.toCharArray());
    }

    @Test
    void eachKeyOpensAlone() throws IOException {
        Credential file = Credential.newKeyFile(temp.resolve("key"));
        String first = ring.add(keys, passphrase("correct horse"), "operator", CHEAP);
        String second = ring.add(keys, passphrase("battery staple"), "boss", CHEAP);
        String third = ring.add(keys, file, "host", CHEAP);
        assertEquals(3, ring.list().keys().size());
        assertEquals(first, ring.open(passphrase("correct horse")).id());
        assertEquals(second, ring.open(passphrase("battery staple")).id());
        KeyRing.Opened opened = ring.open(Credential.keyFile(temp.resolve("key")));
        assertEquals(third, opened.id());
        assertArrayEquals(keys.master(), opened.keys().master());
    }

    /** Key files of whoever can write into the repository: each took half a minute, and there may be any number. */
    @Test
    void theWorkOfTryingKeysIsBounded() throws IOException {
        Argon2 dear = new Argon2(160 << 10, 64, 1);
        String right = ring.add(keys, passphrase("right"), "", CHEAP);
        WrappedKey template = ring.list().keys().get(0);
        List<WrappedKey> all = new ArrayList<>(ring.list().keys());
        for (int i = 0; i < 200; i++) {
            all.add(new WrappedKey(
                    String.format("%016x", i),
                    repository,
                    "hostile",
                    template.createdAt().plusSeconds(1 + i),
                    Optional.of(i % 2 == 0 ? dear : Argon2.DEFAULT),
                    template.salt(),
                    template.wrapped()));
        }
        Credential credential = passphrase("right");
        List<WrappedKey> order = KeyRing.inOrder(all, credential);
        assertEquals(201, order.size());
        assertEquals("hostile", order.get(0).label());
        assertEquals(right, order.get(100).id(), "behind newer ones of the same cost, before dearer ones");
        assertEquals(64, KeyRing.affordable(order).size());

        for (WrappedKey key : all.subList(1, all.size())) {
            if (key.argon2().equals(Optional.of(dear))) {
                backend.put(key.objectName(), key.encode());
            }
        }
        List<String> notices = new ArrayList<>();
        assertEquals(
                right,
                assertTimeout(Duration.ofSeconds(20), () -> ring.open(passphrase("right"), notices::add))
                        .id());
        assertEquals(List.of(), notices);
        assertEquals(
                2,
                KeyRing.affordable(KeyRing.inOrder(ring.list().keys(), credential))
                        .size());
    }

    /** Whoever can write there could put any number of them: they are refused before one of them is read. */
    @Test
    void moreKeysThanThereMayBeAreNotRead() throws IOException {
        ring.add(keys, passphrase("right"), "", CHEAP);
        for (int i = 1; i < KeyRing.MOST_KEYS; i++) {
            backend.put(String.format("keys/%016x.json", i), new byte[] {'{', '}'});
        }
        assertEquals(KeyRing.MOST_KEYS - 1, ring.list().damaged().size());
        ring.open(passphrase("right"));
        backend.put("keys/one-more.txt", new byte[1]); // no key
        ring.open(passphrase("right"));
        assertThrows(RefusedException.class, () -> ring.add(keys, passphrase("another"), "", CHEAP));
        assertEquals(KeyRing.MOST_KEYS, KeyRing.names(backend).size());
        backend.put(String.format("keys/%016x.json", KeyRing.MOST_KEYS), new byte[] {'{', '}'});
        for (Executable use : List.<Executable>of(ring::list, ring::isEmpty, () -> ring.open(passphrase("right")))) {
            CorruptDataException e = assertThrows(CorruptDataException.class, use);
            assertTrue(e.getMessage().contains("at most 1000 keys") && e.file().equals("keys"), e.getMessage());
        }
    }

    @Test
    void theWrongOneOpensNothing() throws IOException {
        LockedRepositoryException none =
                assertThrows(LockedRepositoryException.class, () -> ring.open(passphrase("a")));
        assertTrue(none.getMessage().contains("no key for a passphrase"), none.getMessage());
        ring.add(keys, passphrase("right"), "", CHEAP);
        for (String wrong : new String[] {"Right", "right ", "r"}) {
            LockedRepositoryException e =
                    assertThrows(LockedRepositoryException.class, () -> ring.open(passphrase(wrong)));
            assertEquals(
                    "wrong passphrase: it opens none of the repository's keys for a passphrase (1 tried)",
                    e.getMessage());
        }
        Credential file = Credential.newKeyFile(temp.resolve("key"));
        assertThrows(LockedRepositoryException.class, () -> ring.open(file));
        assertThrows(LockedRepositoryException.class, () -> passphrase(""));
    }

    @Test
    void composedAndDecomposedLettersAreOne() throws IOException {
        ring.add(keys, passphrase("caf\u00e9"), "", CHEAP);
        assertArrayEquals(
                keys.master(), ring.open(passphrase("cafe\u0301")).keys().master());
    }

    @Test
    void theLastKeyStays() throws IOException {
        String first = ring.add(keys, passphrase("a"), "", CHEAP);
        assertThrows(LockedRepositoryException.class, () -> ring.remove(first));
        assertThrows(NoSuchFileException.class, () -> ring.remove("0000000000000000"));
        String second = ring.add(keys, passphrase("b"), "", CHEAP);
        ring.remove(first);
        assertThrows(LockedRepositoryException.class, () -> ring.open(passphrase("a")));
        assertThrows(LockedRepositoryException.class, () -> ring.remove(second));
        assertFalse(ring.isEmpty());
    }

    /** Who waits for the other's turn to end has to look again. */
    @Test
    void twoWhoRemoveAtOnceLeaveOne() throws IOException {
        String first = ring.add(keys, passphrase("a"), "", CHEAP);
        String second = ring.add(keys, passphrase("b"), "", CHEAP);
        KeyRing waiting = new KeyRing(backend, repository, repository, () -> {
            ring.remove(first); // the other one, while this one waits
            return () -> {};
        });
        assertThrows(LockedRepositoryException.class, () -> waiting.remove(second));
        assertEquals(second, ring.open(passphrase("b")).id());
    }

    @Test
    void removingWaitsForWhoRemoves() throws Exception {
        Path root = temp.resolve("repository");
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), 4096, 64 << 10, Instant.now(), true);
        try (Repository encrypted = Repository.initEncrypted(new Folder(root), config, passphrase("a"), "", CHEAP)) {
            List<String> notices = Collections.synchronizedList(new ArrayList<>());
            KeyRing real = encrypted.keyRing(notices::add);
            String first = real.list().keys().get(0).id();
            real.add(encrypted.keys().orElseThrow(), passphrase("b"), "", CHEAP);
            ProcessLock other =
                    ProcessLock.tryExclusive(root.resolve("sessions").resolve("keys.lock"));
            AtomicReference<IOException> failure = new AtomicReference<>();
            Thread removing = new Thread(() -> {
                try {
                    real.remove(first);
                } catch (IOException e) {
                    failure.set(e);
                }
            });
            removing.start();
            removing.join(400);
            assertTrue(removing.isAlive(), "did not wait");
            assertEquals(1, notices.size(), notices.toString());
            assertTrue(notices.get(0).startsWith("waiting for another"), notices.get(0));
            assertEquals(2, real.list().keys().size());
            other.close();
            removing.join();
            assertNull(failure.get());
            assertEquals(1, real.list().keys().size());
        }
    }

    /** Another key with the same passphrase proves nothing of the new one. */
    @Test
    void aKeyThatDoesNotOpenIsNotAdded() throws IOException {
        ring.add(keys, passphrase("a"), "", CHEAP);
        RepositoryKeys others = RepositoryKeys.generate(repository);
        KeyRing swapping = new KeyRing(
                new MemoryBackend() {
                    @Override
                    public void read(String name, long offset, ByteBuffer target) throws IOException {
                        // A disk that gives another, sound, key file of the right length.
                        WrappedKey wrong = WrappedKey.decode(bytes(this, name), name);
                        WrappedKey other = WrappedKey.wrap(others, passphrase("a"), "", CHEAP, wrong.createdAt());
                        target.put(new WrappedKey(
                                        wrong.id(),
                                        repository,
                                        "",
                                        wrong.createdAt(),
                                        other.argon2(),
                                        other.salt(),
                                        other.wrapped())
                                .encode());
                    }

                    private byte[] bytes(MemoryBackend from, String name) throws IOException {
                        byte[] file = new byte[(int) from.size(name)];
                        super.read(name, 0, ByteBuffer.wrap(file));
                        return file;
                    }
                },
                repository);
        CorruptDataException e =
                assertThrows(CorruptDataException.class, () -> swapping.add(keys, passphrase("a"), "", CHEAP));
        assertTrue(e.getMessage().contains("does not open"), e.getMessage());
    }

    @Test
    void everyFlippedByteOfAKeyIsFoundAndCostsThatKeyOnly() throws IOException {
        String id = ring.add(keys, passphrase("a"), "label", CHEAP);
        byte[] file = read(WrappedKey.objectName(id));
        for (int offset = 0; offset < file.length; offset++) {
            byte[] damaged = file.clone();
            damaged[offset] ^= 1;
            assertThrows(
                    CorruptDataException.class,
                    () -> WrappedKey.decode(damaged, WrappedKey.objectName(id)),
                    "at " + offset);
        }
        MemoryBackend other = new MemoryBackend();
        KeyRing otherRing = new KeyRing(other, repository);
        try (var object = other.create()) {
            object.append(ByteBuffer.wrap(new byte[] {'{', '}'}));
            object.publish("keys/0123456789abcdef.json");
        }
        assertThrows(CorruptDataException.class, () -> otherRing.open(passphrase("a")));
        otherRing.add(keys, passphrase("a"), "", CHEAP);
        assertArrayEquals(keys.master(), otherRing.open(passphrase("a")).keys().master());
        assertEquals(1, otherRing.list().damaged().size());
        LockedRepositoryException doubtful =
                assertThrows(LockedRepositoryException.class, () -> otherRing.open(passphrase("b")));
        assertTrue(doubtful.getMessage().contains("restore keys/0123456789abcdef.json"), doubtful.getMessage());
        otherRing.remove("0123456789abcdef");
        assertEquals(0, otherRing.list().damaged().size());
    }

    /** A key of one repository put into another, or under another id, opens nothing. */
    @Test
    void keysBelongToTheirRepository() throws IOException {
        ring.add(keys, passphrase("a"), "", CHEAP);
        KeyRing foreign = new KeyRing(backend, UUID.randomUUID());
        assertThrows(CorruptDataException.class, () -> foreign.open(passphrase("a")));
    }

    private byte[] read(String name) throws IOException {
        byte[] file = new byte[(int) backend.size(name)];
        backend.read(name, 0, ByteBuffer.wrap(file));
        return file;
    }

    @Test
    void keyFilesAreNeverOverwrittenAndNeverGuessedAt() throws IOException {
        Path file = temp.resolve("key");
        Credential.newKeyFile(file);
        assertThrows(FileAlreadyExistsException.class, () -> Credential.newKeyFile(file));
        for (String content : new String[] {"", "secret", "AAAA", "A".repeat(5000), "ß"}) {
            Files.writeString(file, content);
            assertThrows(LockedRepositoryException.class, () -> Credential.keyFile(file), content);
        }
    }

    @Test
    void aKeyThatWantsTooMuchIsNotBelieved() throws IOException {
        for (Argon2 greedy : new Argon2[] {new Argon2(1 << 20, 1, 1), new Argon2(64, 1 << 20, 1)}) {
            var json = io.varve.store.json.SealedJson.newObject();
            json.set("kdf", greedy.encode());
            byte[] file = io.varve.store.json.SealedJson.encode(json);
            assertThrows(
                    CorruptDataException.class,
                    () -> Argon2.decode(
                            io.varve.store.json.SealedJson.decode(file, "x").object("kdf")));
        }
    }
}
