package io.varve.tools.configuration;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.Bucket;
import io.varve.store.Folder;
import io.varve.store.Location;
import io.varve.store.s3.S3Address;
import io.varve.tools.output.UsageException;
import io.varve.tools.yaml.Shape.Scalar;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a repository is, as an operator names it. */
public sealed interface RepositoryPlace {
    /**
     * In a directory.
     *
     * @param given absolute
     */
    record InFolder(GivenPath given) implements RepositoryPlace {
        private Path path() {
            return given.path().normalize();
        }

        @Override
        public Location location() {
            return new Folder(path());
        }

        @Override
        public Optional<Path> folder() {
            return Optional.of(path());
        }

        @Override
        public String toString() {
            return given.toString();
        }
    }

    /**
     * In a bucket.
     *
     * @param text as it was given, so that other processes can be given it too
     */
    record InBucket(S3Address address, String text) implements RepositoryPlace {
        @Override
        public Location location() throws IOException {
            try {
                return new Bucket(address, System.getenv());
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage());
            }
        }

        @Override
        public Optional<Path> folder() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Reads a place; a relative path is resolved in the working directory.
     *
     * @throws UsageException when it is neither a path nor an address of a bucket
     */
    static RepositoryPlace of(String text) throws UsageException {
        if (S3Address.isOne(text)) {
            try {
                return new InBucket(S3Address.parse(text), text);
            } catch (IllegalArgumentException e) {
                throw new UsageException(e.getMessage());
            }
        }
        try {
            return new InFolder(GivenPath.of(Path.of(text).toAbsolutePath().normalize()));
        } catch (InvalidPathException e) {
            throw new UsageException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    /**
     * Reads a place in a file, where a path has to be absolute.
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    static RepositoryPlace ofFile(String text) {
        if (S3Address.isOne(text)) {
            S3Address address = S3Address.parse(text);
            if (address.ca() != null && !address.ca().isAbsolute()) {
                throw new IllegalArgumentException("expected an absolute path in ca=, found '" + address.ca() + "'");
            }
            return new InBucket(address, text);
        }
        return new InFolder((GivenPath) Scalar.absolutePath().parse().apply(text));
    }

    /** What opens or creates a repository there. Each call makes a new one. */
    Location location() throws IOException;

    /** The directory, if it is in one. */
    Optional<Path> folder();
}
