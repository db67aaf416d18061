package io.varve.store.snapshot;

import io.varve.store.fault.CorruptDataException;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides which manifests belong to a repository. All readers use this rule, so they agree on which manifests are
 * damaged.
 */
public final class ManifestRule {
    private final Optional<UUID> repositoryId;
    private final int blockSize;

    private ManifestRule(Optional<UUID> repositoryId, int blockSize) {
        this.repositoryId = repositoryId;
        this.blockSize = blockSize;
    }

    /** The rule of a repository with this id and block size in bytes. */
    public static ManifestRule of(UUID repositoryId, int blockSize) {
        return new ManifestRule(Optional.of(repositoryId), blockSize);
    }

    /** Accepts any manifest, where the repository is not known. */
    static ManifestRule none() {
        return new ManifestRule(Optional.empty(), 0);
    }

    /**
     * @param name of the manifest's file
     * @throws ForeignManifestException when it belongs to another repository
     * @throws CorruptDataException when a disk does not fit this repository
     */
    public void check(Manifest manifest, String name) throws CorruptDataException {
        if (repositoryId.isEmpty()) {
            return;
        }
        if (!manifest.repositoryId().equals(repositoryId.get())) {
            throw new ForeignManifestException(name, repositoryId.get(), manifest.repositoryId());
        }
        for (DiskRecord disk : manifest.disks()) {
            if (disk.blockSize() != blockSize) {
                throw new CorruptDataException(
                        name,
                        -1,
                        "blocks of " + blockSize + " bytes, like the repository, for disk " + disk.name(),
                        disk.blockSize() + " bytes");
            }
            if (disk.size() == 0 && !disk.mapRoot().isZero()) {
                throw new CorruptDataException(
                        name,
                        -1,
                        "no block map for disk " + disk.name() + ", which has no bytes",
                        "root " + disk.mapRoot().hex());
            }
        }
    }
}
