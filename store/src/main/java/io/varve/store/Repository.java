package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ForeignRepositoryException;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.Modes;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.backend.PlainFile;
import io.varve.store.backend.WholeObject;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.LockedProtection;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.hold.Holds;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.session.WriterLock;
import io.varve.store.snapshot.HeadMemory;
import io.varve.store.snapshot.ManifestRule;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** An open repository: its configuration, its objects, its snapshots. Thread-safe. */
public final class Repository implements Closeable {
    private static final int MAX_CONFIG_SIZE = 1 << 20;

    private final Path root;
    private final Backend backend;
    private final RepositoryConfig config;
    private final JsonFields configFile;
    private volatile Protection protection;
    private final HeadMemory memory;
    private volatile SnapshotCatalog snapshots;

    private Repository(
            Path root, Backend backend, RepositoryConfig config, JsonFields configFile, Protection protection) {
        this.root = root;
        this.backend = backend;
        this.config = config;
        this.configFile = configFile;
        this.protection = protection;
        this.memory = new HeadMemory(CacheDirectory.path().resolve("heads"), config.repositoryId());
        this.snapshots = new SnapshotCatalog(backend, protection, memory, manifestRule());
    }

    /**
     * Makes a repository in {@code root}, which is created if missing and otherwise must be empty.
     *
     * @throws NotARepositoryException when the directory holds something already
     */
    public static Repository init(Path root, RepositoryConfig config) throws IOException {
        prepare(root);
        return init(root, new LocalBackend(root), config);
    }

    /**
     * Makes an encrypted repository in {@code root}, as above, and leaves it unlocked.
     *
     * @param first opens it from now on
     * @param label of that key, for people
     * @param cost of trying a passphrase
     */
    public static Repository initEncrypted(
            Path root, RepositoryConfig config, Credential first, String label, Argon2 cost) throws IOException {
        return init(root, config, RepositoryKeys.generate(config.repositoryId()), first, label, cost);
    }

    /**
     * Makes an encrypted repository in {@code root}, as above, that shares the keys of another: the same content gets
     * the same id in both, and chunks can be copied from one to the other as they are.
     *
     * @param config whose {@code keysOf} is that of {@code shared}
     * @param shared keys of the other repository, unlocked; stay the caller's
     */
    public static Repository initSharing(
            Path root, RepositoryConfig config, RepositoryKeys shared, Credential first, String label, Argon2 cost)
            throws IOException {
        if (!config.keysOf().equals(shared.keysOf())) {
            throw new IllegalArgumentException("the configuration names other keys");
        }
        return init(root, config, shared.sharedWith(config.repositoryId()), first, label, cost);
    }

    private static Repository init(
            Path root, RepositoryConfig config, RepositoryKeys keys, Credential first, String label, Argon2 cost)
            throws IOException {
        prepare(root);
        Backend backend = new LocalBackend(root);
        // The key first: a repository that nobody can open must never exist.
        new KeyRing(backend, config.repositoryId()).add(keys, first, label, cost);
        return init(root, backend, config, keys);
    }

    private static void prepare(Path root) throws IOException {
        BasicFileAttributes found = PlainFile.whatHas(root, new LinkOption[0]);
        if (found != null && !found.isDirectory()) {
            throw new NotARepositoryException(root + ": expected a directory, found a file; name a new directory");
        }
        Modes.createOwnDirectory(root);
        try (var entries = Files.list(root)) {
            // A file system of its own has that from the beginning.
            if (entries.anyMatch(entry -> !entry.endsWith("lost+found"))) {
                boolean repository = Files.exists(root.resolve(RepositoryConfig.OBJECT));
                throw new NotARepositoryException(root + ": expected an empty directory, found "
                        + (repository ? "a repository; nothing was changed" : "other files; name a new directory"));
            }
        }
    }

    /**
     * Makes {@code root} a directory that its group shares, with all that will be made in it: before a repository is
     * made there.
     *
     * @throws NotARepositoryException when the directory holds something already
     * @throws IOException when it cannot be shared
     */
    public static void prepareShared(Path root) throws IOException {
        prepare(root);
        Modes.share(root);
    }

    /** Makes a plain repository in an empty backend. */
    public static Repository init(Path root, Backend backend, RepositoryConfig config) throws IOException {
        return init(root, backend, config, new PlainProtection());
    }

    private static Repository init(Path root, Backend backend, RepositoryConfig config, Protection protection)
            throws IOException {
        byte[] file = config.encode(protection);
        for (String directory : new String[] {"packs", "snapshots", "sessions"}) {
            Modes.createDirectories(root.resolve(directory));
        }
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(file));
            object.publish(RepositoryConfig.OBJECT);
        } catch (FileAlreadyExistsException e) {
            throw new NotARepositoryException(root + ": expected an empty directory, found a repository");
        }
        JsonFields configFile = SealedJson.decode(file, RepositoryConfig.OBJECT);
        return new Repository(root, backend, config, configFile, protection);
    }

    /**
     * @throws NotARepositoryException when there is none in {@code root}
     * @throws UnsupportedRepositoryException when it is of a newer format
     * @throws CorruptDataException when its configuration is damaged
     */
    public static Repository open(Path root) throws IOException {
        BasicFileAttributes found = PlainFile.whatHas(root, new LinkOption[0]);
        if (found == null || !found.isDirectory()) {
            throw new NotARepositoryException(root + ": expected a repository, found "
                    + (found == null ? "nothing" : "a file") + "; check the path, or make one with 'varve init'");
        }
        return open(root, new LocalBackend(root));
    }

    /** Opens the repository in {@code backend}. */
    public static Repository open(Path root, Backend backend) throws IOException {
        String name = RepositoryConfig.OBJECT;
        try {
            JsonFields json = SealedJson.decode(WholeObject.read(backend, name, MAX_CONFIG_SIZE), name);
            RepositoryConfig config = RepositoryConfig.decode(json);
            if (!config.encrypted() && !new KeyRing(backend, config.repositoryId()).isEmpty()) {
                throw new CorruptDataException(
                        name, -1, "an encrypted repository, since it has keys", "one that says it is plain");
            }
            Protection protection = config.encrypted() ? new LockedProtection() : new PlainProtection();
            return new Repository(root, backend, config, json, protection);
        } catch (NoSuchFileException e) {
            throw new NotARepositoryException(root + ": expected a repository, found no " + name
                    + "; check the path, or make one with 'varve init'");
        }
    }

    /**
     * Unlocks an encrypted repository, before anything else is done with it. Until then it can be listed, walked,
     * checked and collected.
     *
     * @return id of the key that opened it
     * @throws io.varve.store.crypt.LockedRepositoryException when the credential opens nothing
     * @throws CorruptDataException when the configuration is not what the holder of the key wrote
     */
    public String unlock(Credential credential) throws IOException {
        return unlock(credential, notice -> {});
    }

    /**
     * As {@link #unlock(Credential)}.
     *
     * @param notices told what is being waited for
     */
    public String unlock(Credential credential, Consumer<String> notices) throws IOException {
        if (!config.encrypted()) {
            throw new IllegalStateException("a plain repository has no keys");
        }
        KeyRing.Opened opened = keyRing().open(credential, notices);
        unlock(opened.keys());
        return opened.id();
    }

    /**
     * Unlocks a repository that shares its keys with another, without a credential of its own.
     *
     * @param other the other one, unlocked
     * @return false when it has other keys, or none
     * @throws CorruptDataException when the configuration is not what the holder of the key wrote
     */
    public boolean unlock(Repository other) throws IOException {
        Optional<RepositoryKeys> shared = other.keys();
        if (!config.encrypted()
                || shared.isEmpty()
                || !config.keysOf().equals(shared.get().keysOf())) {
            return false;
        }
        unlock(shared.get().sharedWith(config.repositoryId()));
        return true;
    }

    private void unlock(RepositoryKeys keys) throws CorruptDataException {
        keys.check(RepositoryConfig.OBJECT, configFile);
        protection = keys;
        snapshots = new SnapshotCatalog(backend, protection, memory, manifestRule());
    }

    /**
     * Whether the same content has the same id, and the same seal, in both: two plain ones, or two that share keys and
     * are unlocked.
     */
    public boolean namesAlike(Repository other) {
        if (!config.encrypted() && !other.config.encrypted()) {
            return true;
        }
        return keys().isPresent()
                && other.keys().isPresent()
                && keys().get().sealAlike(other.keys().get());
    }

    /** The keys, if this is an encrypted repository that was unlocked. Closed with it. */
    public Optional<RepositoryKeys> keys() {
        return protection instanceof RepositoryKeys keys ? Optional.of(keys) : Optional.empty();
    }

    /** Whether it is encrypted and was not unlocked. */
    public boolean isLocked() {
        return protection instanceof LockedProtection;
    }

    /** Its keys, as below, for those who take none away. */
    public KeyRing keyRing() {
        return keyRing(notice -> {});
    }

    /**
     * Its keys; whoever takes one away waits for others who do, at most a minute.
     *
     * @param notices told for whom
     */
    public KeyRing keyRing(Consumer<String> notices) {
        return new KeyRing(
                backend,
                config.repositoryId(),
                config.keysOf(),
                () -> WriterLock.removingKeys(this, Duration.ofMinutes(1), notices));
    }

    /** How chunks are named and sealed, and documents authenticated. */
    public Protection protection() {
        return protection;
    }

    /** Whether this process can write there, so that all can read it who could before. */
    public boolean mayWrite() throws IOException {
        if (!Files.isWritable(root)) {
            return false;
        }
        try {
            backend.admitWriter();
            return true;
        } catch (ForeignRepositoryException | FileSystemException e) {
            return false; // not allowed, or no room: who reads goes on without
        }
    }

    /** Directory on this computer that belongs to the repository. */
    public Path root() {
        return root;
    }

    public Backend backend() {
        return backend;
    }

    public RepositoryConfig config() {
        return config;
    }

    public SnapshotCatalog snapshots() {
        return snapshots;
    }

    /** Forgets snapshots and brings them back. */
    public SnapshotShelf shelf() {
        return new SnapshotShelf(backend, protection, manifestRule());
    }

    /** What keeps machines' snapshots from being forgotten. */
    public Holds holds() {
        return new Holds(backend);
    }

    private ManifestRule manifestRule() {
        return ManifestRule.of(config.repositoryId(), config.blockSize());
    }

    /** Where the index lies. */
    public Path indexDirectory() {
        return root.resolve("index");
    }

    @Override
    public void close() throws IOException {
        keys().ifPresent(RepositoryKeys::close);
        backend.close();
    }
}
