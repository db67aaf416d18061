package io.varve.store.crypt;

import io.varve.store.backend.Backend;
import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.WholeObject;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.fault.UnknownOutcomeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The keys of a repository. Each of them opens it without the others. For one thread at a time. Several processes
 * remove keys one after the other, if the ring was given a {@link Turn}.
 */
public final class KeyRing {
    /** Greatest size of a key object in bytes. */
    public static final int MAX_SIZE = 64 << 10;

    /** Most keys of a repository. All of them are read whenever one is needed. */
    public static final int MOST_KEYS = 1_000;

    /** Most work for trying a passphrase on all keys together: 45 s on one core. A single key may cost at most 37 s. */
    private static final long MOST_WORK = 64 * Argon2.DEFAULT.work();

    private final Backend backend;
    private final UUID repositoryId;
    private final UUID keysOf;
    private final Turn turn;

    /**
     * The right to remove keys, held until closed. Without it, two processes that each remove a key could leave none.
     */
    @FunctionalInterface
    public interface Turn {
        Closeable take() throws IOException;
    }

    /** A ring for a repository that shares its keys with no other. */
    public KeyRing(Backend backend, UUID repositoryId) {
        this(backend, repositoryId, repositoryId, () -> () -> {});
    }

    /**
     * @param keysOf the repository that the keys were made for
     * @param turn waits until no other process removes keys
     */
    public KeyRing(Backend backend, UUID repositoryId, UUID keysOf, Turn turn) {
        this.backend = backend;
        this.repositoryId = repositoryId;
        this.keysOf = keysOf;
        this.turn = turn;
    }

    /** The keys in the repository: intact ones, oldest first, and what is wrong with the others. */
    public record Listing(List<WrappedKey> keys, List<CorruptDataException> damaged) {}

    public Listing list() throws IOException {
        List<WrappedKey> keys = new ArrayList<>();
        List<CorruptDataException> damaged = new ArrayList<>();
        for (String name : names(backend)) {
            try {
                WrappedKey key = read(name);
                if (!key.repositoryId().equals(repositoryId)) {
                    throw new CorruptDataException(
                            name, -1, "a key of repository " + repositoryId, "one of " + key.repositoryId());
                }
                keys.add(key);
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Removed between listing and reading.
            }
        }
        keys.sort(Comparator.comparing(WrappedKey::createdAt).thenComparing(WrappedKey::id));
        return new Listing(keys, damaged);
    }

    /**
     * Returns one key.
     *
     * @throws NoSuchFileException if there is no such key
     */
    public WrappedKey find(String id) throws IOException {
        return read(WrappedKey.objectName(id));
    }

    private WrappedKey read(String name) throws IOException {
        return WrappedKey.decode(WholeObject.read(backend, name, MAX_SIZE), name);
    }

    /** The repository's keys, and the id of the wrapped key that gave them. */
    public record Opened(RepositoryKeys keys, String id) {}

    /**
     * Tries a credential on each key of its kind.
     *
     * @throws LockedRepositoryException if it opens none of them
     * @throws CorruptDataException if all keys are damaged
     */
    public Opened open(Credential credential) throws IOException {
        return open(credential, notice -> {});
    }

    /**
     * Tries a credential on each key of its kind. The cost of an attempt is stored in the key, which an attacker may
     * have written, so the total work is bounded. Keys that cost no more than those Varve creates are tried first,
     * newest first.
     *
     * @param notices told what takes so long, if it takes more than a second or two
     */
    public Opened open(Credential credential, Consumer<String> notices) throws IOException {
        Listing listing = list();
        int tried = 0;
        List<WrappedKey> fitting = inOrder(listing.keys, credential);
        List<WrappedKey> affordable = affordable(fitting);
        for (WrappedKey key : affordable) {
            if (key.argon2().isPresent() && (tried > 1 || work(key) > 2 * Argon2.DEFAULT.work())) {
                notices.accept("trying the passphrase"
                        + " with key " + key.id() + ", " + (tried + 1) + " of " + fitting.size()
                        + "; takes about " + Math.max(1, Argon2.seconds(work(key))) + " s");
            }
            tried++;
            byte[] master = key.unwrap(credential);
            if (master != null) {
                return new Opened(new RepositoryKeys(repositoryId, keysOf, master), key.id());
            }
        }
        Optional<Credential> older = credential.asOlderBuilds();
        if (older.isPresent()) {
            try (Credential marked = older.get()) {
                return open(marked, notices);
            } catch (LockedRepositoryException e) {
                // Then it does not fit either way, which is reported below.
            }
        }
        if (tried < fitting.size()) {
            List<WrappedKey> others = fitting.subList(tried, fitting.size());
            throw new LockedRepositoryException("the passphrase opens none"
                    + " of the " + Count.of(tried, "key") + " tried; trying the other " + others.size()
                    + " would take about "
                    + Argon2.seconds(others.stream().mapToLong(KeyRing::work).sum())
                    + " s more: move unknown keys out of keys/ ('varve key list' shows them)");
        }
        if (listing.keys.isEmpty() && !listing.damaged.isEmpty()) {
            throw listing.damaged.get(0);
        }
        throw new LockedRepositoryException(refusal(credential, tried, listing.damaged));
    }

    private static long work(WrappedKey key) {
        return key.argon2().map(Argon2::work).orElse(0L);
    }

    /**
     * Returns the keys to try, in order: those that cost no more than the ones Varve creates, newest first, then the
     * others by cost.
     */
    static List<WrappedKey> inOrder(List<WrappedKey> keys, Credential credential) {
        return keys.stream()
                .filter(key -> key.isFor(credential))
                .sorted(Comparator.comparingLong((WrappedKey key) -> Math.max(work(key), Argon2.DEFAULT.work()))
                        .thenComparing(
                                Comparator.comparing(WrappedKey::createdAt).reversed()))
                .toList();
    }

    /** Returns as many of them as the bound on work allows, at least one. */
    static List<WrappedKey> affordable(List<WrappedKey> inOrder) {
        long work = 0;
        int count = 0;
        while (count < inOrder.size() && (count == 0 || work + work(inOrder.get(count)) <= MOST_WORK)) {
            work += work(inOrder.get(count));
            count++;
        }
        return inOrder.subList(0, count);
    }

    private static String refusal(Credential credential, int tried, List<CorruptDataException> damaged) {
        String what = credential.isPassphrase() ? "passphrase" : "key file";
        String said = tried == 0
                ? "the repository has no key for a " + what + "; 'varve key list' shows its keys"
                : "wrong " + what + ": it opens none of the repository's keys for a " + what + " (" + tried + " tried)";
        if (damaged.isEmpty()) {
            return said;
        }
        return said + "; or its key is damaged: restore " + files(damaged) + " from a copy of the repository";
    }

    private static String files(List<CorruptDataException> damaged) {
        return damaged.stream().map(CorruptDataException::file).collect(Collectors.joining(", "));
    }

    /**
     * Adds a key, then reads it back and checks that it opens the master key.
     *
     * @param label for people
     * @param cost cost of trying a passphrase; ignored for a key file
     * @return its id
     * @throws RefusedException if there are as many as there may be
     * @throws UnknownOutcomeException if it may have been added; after any other exception it was not
     */
    public String add(RepositoryKeys keys, Credential credential, String label, Argon2 cost) throws IOException {
        if (names(backend).size() == MOST_KEYS) {
            throw new RefusedException("the repository has " + Count.of(MOST_KEYS, "key")
                    + ", as many as it may have: remove one with 'varve key remove' first");
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        WrappedKey key = WrappedKey.wrap(keys, credential, label, cost, now);
        byte[] file = key.encode();
        WrappedKey.decode(file, key.objectName());
        try {
            WholeObject.publish(backend, key.objectName(), file);
        } catch (InDoubtException e) {
            takeBack(key, e);
            throw e;
        }
        try {
            prove(key.objectName(), keys, credential);
        } catch (IOException e) {
            takeBack(key, e);
            throw e;
        }
        return key.id();
    }

    /**
     * Deletes a key whose adding failed. Otherwise there would be a key that opens the repository and that nobody knows
     * of.
     */
    private void takeBack(WrappedKey key, IOException failure) throws UnknownOutcomeException {
        try {
            backend.delete(key.objectName());
        } catch (NoSuchFileException e) {
            return; // it was never written
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw new UnknownOutcomeException(
                    "key " + key.id() + " may have been added: " + Reason.of(failure)
                            + "; check with 'varve key list', and remove it with 'varve key remove " + key.id() + "'",
                    failure);
        }
    }

    /**
     * Checks this very key. Another one may have the same passphrase, and the caller may be about to remove that one.
     */
    private void prove(String name, RepositoryKeys keys, Credential credential) throws IOException {
        byte[] master = read(name).unwrap(credential);
        boolean same = master != null && MessageDigest.isEqual(master, keys.master());
        if (master != null) {
            Arrays.fill(master, (byte) 0);
        }
        if (!same) {
            throw new CorruptDataException(name, -1, "the key that was just written", "one that does not open");
        }
    }

    /**
     * Removes a key. A copy of the repository made before can still be opened with it.
     *
     * @throws LockedRepositoryException if it is the last intact one
     * @throws NoSuchFileException if there is no such key
     */
    public void remove(String id) throws IOException {
        Closeable held = turn.take();
        try (held) {
            removeInTurn(id);
        }
    }

    private void removeInTurn(String id) throws IOException {
        Listing listing = list();
        boolean known = listing.keys.stream().anyMatch(key -> key.id().equals(id));
        if (known && listing.keys.size() == 1) {
            String others = listing.damaged.isEmpty()
                    ? "is the last one"
                    : "is the last one that can be read (not " + files(listing.damaged) + ")";
            throw new LockedRepositoryException(
                    "key " + id + " " + others + ": without it nobody could read the repository; add another first");
        }
        if (!known && listing.damaged.stream().noneMatch(e -> e.file().equals(WrappedKey.objectName(id)))) {
            throw new NoSuchFileException("key " + id);
        }
        try {
            backend.delete(WrappedKey.objectName(id));
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    "key " + id + " may or may not have been" + " removed: " + e.getMessage()
                            + "; check with 'varve key list'",
                    e);
        }
    }

    /** Whether there is any key, intact or not. */
    public boolean isEmpty() throws IOException {
        return names(backend).isEmpty();
    }

    /**
     * Returns the names of the objects that are keys, intact or not, in order. Other files are ignored.
     *
     * @throws CorruptDataException if there are more than {@link #MOST_KEYS}
     */
    public static List<String> names(Backend backend) throws IOException {
        List<String> names = new ArrayList<>();
        backend.list(WrappedKey.DIRECTORY, (name, size) -> {
            if (!WrappedKey.isObjectName(name)) {
                return;
            }
            if (names.size() == MOST_KEYS) {
                throw new CorruptDataException(
                        WrappedKey.DIRECTORY,
                        -1,
                        "at most " + Count.of(MOST_KEYS, "key"),
                        "more; move the files you do not recognise out of " + WrappedKey.DIRECTORY + "/");
            }
            names.add(name);
        });
        names.sort(null);
        return names;
    }
}
