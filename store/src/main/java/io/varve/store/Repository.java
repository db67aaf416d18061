package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.coordination.Coordination;
import io.varve.store.coordination.Coordination.Right;
import io.varve.store.coordination.Waiting;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.KeyRing;
import io.varve.store.crypt.LockedProtection;
import io.varve.store.crypt.PlainProtection;
import io.varve.store.crypt.Protection;
import io.varve.store.crypt.RepositoryKeys;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.hold.Holds;
import io.varve.store.home.LocalHome;
import io.varve.store.job.JobLog;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.snapshot.HeadMemory;
import io.varve.store.snapshot.ManifestRule;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** An open repository: its configuration, its objects, its snapshots. Thread-safe. */
public final class Repository implements Closeable {
    private static final int MAX_CONFIG_SIZE = 1 << 20;

    private final Location location;
    private final Backend backend;
    private final RepositoryConfig config;
    private final JsonFields configFile;
    private final LocalHome home;
    private volatile Protection protection;
    private final HeadMemory memory;
    private volatile SnapshotCatalog snapshots;

    private Repository(Location location, RepositoryConfig config, JsonFields configFile, Protection protection) {
        this.location = location;
        this.backend = location.backend();
        this.config = config;
        this.configFile = configFile;
        this.home = location.home(config.repositoryId());
        this.protection = protection;
        this.memory = new HeadMemory(home.headsFile());
        this.snapshots = catalog();
    }

    private SnapshotCatalog catalog() {
        boolean refusals = location.coordination().deadMayGoOn();
        return new SnapshotCatalog(backend, protection, memory, manifestRule(), refusals);
    }

    /** As {@link #init(Location, RepositoryConfig)}, in a folder. */
    public static Repository init(Path folder, RepositoryConfig config) throws IOException {
        return init(new Folder(folder), config);
    }

    /**
     * Creates a plain repository.
     *
     * @throws NotARepositoryException when something is there already
     */
    public static Repository init(Location location, RepositoryConfig config) throws IOException {
        location.prepare();
        return publish(location, config, new PlainProtection());
    }

    /**
     * Creates an encrypted repository and returns it unlocked.
     *
     * @param first the first credential that opens it
     * @param label of that key, for people
     * @param cost of trying a passphrase
     * @throws NotARepositoryException when something is there already
     */
    public static Repository initEncrypted(
            Location location, RepositoryConfig config, Credential first, String label, Argon2 cost)
            throws IOException {
        return init(location, config, RepositoryKeys.generate(config.repositoryId()), first, label, cost);
    }

    /**
     * Creates an encrypted repository, as above, that shares the keys of another: the same content gets the same id in
     * both, and chunks can be copied between them unchanged.
     *
     * @param config whose {@code keysOf} is that of {@code shared}
     * @param shared keys of the other repository, unlocked; owned by the caller
     */
    public static Repository initSharing(
            Location location,
            RepositoryConfig config,
            RepositoryKeys shared,
            Credential first,
            String label,
            Argon2 cost)
            throws IOException {
        if (!config.keysOf().equals(shared.keysOf())) {
            throw new IllegalArgumentException("the configuration names other keys");
        }
        return init(location, config, shared.sharedWith(config.repositoryId()), first, label, cost);
    }

    private static Repository init(
            Location location,
            RepositoryConfig config,
            RepositoryKeys keys,
            Credential first,
            String label,
            Argon2 cost)
            throws IOException {
        location.prepare();
        // The key first: a repository that nobody can open must never exist.
        new KeyRing(location.backend(), config.repositoryId()).add(keys, first, label, cost);
        return publish(location, config, keys);
    }

    private static Repository publish(Location location, RepositoryConfig config, Protection protection)
            throws IOException {
        byte[] file = config.encode(protection);
        try {
            WholeObject.publish(location.backend(), RepositoryConfig.OBJECT, file);
        } catch (FileAlreadyExistsException e) {
            throw new NotARepositoryException(
                    location.backend().location() + ": expected an empty place, found a repository");
        }
        JsonFields configFile = SealedJson.decode(file, RepositoryConfig.OBJECT);
        return new Repository(location, config, configFile, protection);
    }

    /** As {@link #open(Location)}, in a folder. */
    public static Repository open(Path folder) throws IOException {
        return open(new Folder(folder));
    }

    /**
     * @throws NotARepositoryException when there is none
     * @throws io.varve.store.fault.UnsupportedRepositoryException when it is of a newer format
     * @throws CorruptDataException when its configuration is damaged
     */
    public static Repository open(Location location) throws IOException {
        location.checkThere();
        String name = RepositoryConfig.OBJECT;
        Backend backend = location.backend();
        try {
            JsonFields json = SealedJson.decode(WholeObject.read(backend, name, MAX_CONFIG_SIZE), name);
            RepositoryConfig config = RepositoryConfig.decode(json);
            if (!config.encrypted() && !new KeyRing(backend, config.repositoryId()).isEmpty()) {
                throw new CorruptDataException(
                        name,
                        -1,
                        "an encrypted repository, since it has keys",
                        "a configuration that" + " says it is plain");
            }
            Protection protection = config.encrypted() ? new LockedProtection() : new PlainProtection();
            return new Repository(location, config, json, protection);
        } catch (NoSuchFileException e) {
            throw new NotARepositoryException(backend.location() + ": expected a repository, found no " + name
                    + "; check the path, or create one with 'varve init'");
        }
    }

    /**
     * Unlocks an encrypted repository; called before anything else is done with it. A locked repository can be listed,
     * walked, checked and collected.
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
     * @param notices receives messages about what the call is waiting for
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
     * @return false when its keys are different, or it has none
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
        snapshots = catalog();
    }

    /**
     * Whether the same content has the same id and the same seal in both repositories: both are plain, or they share
     * keys and are unlocked.
     */
    public boolean namesAlike(Repository other) {
        if (!config.encrypted() && !other.config.encrypted()) {
            return true;
        }
        return keys().isPresent()
                && other.keys().isPresent()
                && keys().get().sealAlike(other.keys().get());
    }

    /** The keys, if the repository is encrypted and unlocked. Closed with it. */
    public Optional<RepositoryKeys> keys() {
        return protection instanceof RepositoryKeys keys ? Optional.of(keys) : Optional.empty();
    }

    /** Whether it is encrypted and was not unlocked. */
    public boolean isLocked() {
        return protection instanceof LockedProtection;
    }

    /** Its keys, for callers that remove none; see below. */
    public KeyRing keyRing() {
        return keyRing(notice -> {});
    }

    /**
     * Its keys. Removing a key waits up to a minute for other removals.
     *
     * @param notices receives messages about what a removal is waiting for
     */
    public KeyRing keyRing(Consumer<String> notices) {
        return new KeyRing(
                backend,
                config.repositoryId(),
                config.keysOf(),
                () -> Waiting.take(
                        coordination(),
                        Right.REMOVE_KEYS,
                        location(),
                        "removal of a key",
                        () -> coordination().holder(Right.REMOVE_KEYS),
                        Duration.ofMinutes(1),
                        notices));
    }

    /** How chunks are named and sealed, and documents authenticated. */
    public Protection protection() {
        return protection;
    }

    /** Whether this process can write to it in a way that all its present users can read. */
    public boolean mayWrite() throws IOException {
        return backend.mayWrite();
    }

    /** Its location as an operator would write it. */
    public String location() {
        return backend.location();
    }

    /** The coordination: rights and live sessions. */
    public Coordination coordination() {
        return location.coordination();
    }

    /** This computer's home for it. */
    public LocalHome home() {
        return home;
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

    /** The holds that keep machines' snapshots from being forgotten. */
    public Holds holds() {
        return new Holds(backend);
    }

    /** Records of the jobs that ran in it. */
    public JobLog jobs() {
        return new JobLog(backend);
    }

    private ManifestRule manifestRule() {
        return ManifestRule.of(config.repositoryId(), config.blockSize());
    }

    @Override
    public void close() throws IOException {
        keys().ifPresent(RepositoryKeys::close);
        backend.close();
    }
}
