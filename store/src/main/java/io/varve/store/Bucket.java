package io.varve.store;

import io.varve.store.backend.Backend;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.coordination.ClaimCoordination;
import io.varve.store.coordination.Coordination;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.home.LocalHome;
import io.varve.store.s3.S3Address;
import io.varve.store.s3.S3Backend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A place in a bucket as the location of a repository. Indexes are kept on this computer. */
public final class Bucket implements Location {
    private final S3Backend backend;
    private final Coordination coordination;

    /**
     * Sends nothing yet.
     *
     * @param environment variables of the process, for credentials and settings
     * @throws IOException when the environment's files cannot be read
     * @throws IllegalArgumentException when environment or profile name no valid service
     */
    public Bucket(S3Address address, Map<String, String> environment) throws IOException {
        this(S3Backend.open(address, environment));
    }

    Bucket(S3Backend backend) {
        this.backend = backend;
        // Locks of two repositories must not get mixed up, however their addresses are written.
        String place = UUID.nameUUIDFromBytes(backend.identity().getBytes(StandardCharsets.UTF_8))
                .toString();
        this.coordination = new ClaimCoordination(
                backend, CacheDirectory.path().resolve("claims").resolve(place));
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Coordination coordination() {
        return coordination;
    }

    @Override
    public LocalHome home(UUID repositoryId) {
        Path directory = CacheDirectory.path().resolve("buckets").resolve(repositoryId.toString());
        return LocalHome.onThisComputer(repositoryId, directory);
    }

    @Override
    public void prepare() throws IOException {
        checkThere();
        if (!backend.isEmpty()) {
            throw new NotARepositoryException(backend.location() + ": expected an empty place, found "
                    + (backend.exists(RepositoryConfig.OBJECT)
                            ? "a repository; nothing was changed"
                            : "other objects; give a new prefix"));
        }
    }

    /** Only makes the directories of this computer: opening finds out what is in the bucket. */
    @Override
    public void checkThere() throws IOException {
        CacheDirectory.make("buckets");
        CacheDirectory.make("claims");
    }
}
