package io.varve.store.snapshot;

import io.varve.store.fault.CorruptDataException;
import java.util.Optional;
import java.util.UUID;

/**
 * Which manifests belong into a repository. All who read them ask here, so that none restores what another takes for
 * damage.
 */
public final class ManifestRule {
    private final Optional<UUID> repositoryId;
    private final int blockSize;

    private ManifestRule(Optional<UUID> repositoryId, int blockSize) {
        this.repositoryId = repositoryId;
        this.blockSize = blockSize;
    }

    /** Of a repository with this id and blocks of so many bytes. */
    public static ManifestRule of(UUID repositoryId, int blockSize) {
        return new ManifestRule(Optional.of(repositoryId), blockSize);
    }

    /** Where it is not known which repository they are of: any manifest is right. */
    static ManifestRule none() {
        return new ManifestRule(Optional.empty(), 0);
    }

    /**
     * @param name of the manifest's file
     * @throws ForeignManifestException when it belongs to another repository
     * @throws CorruptDataException when a disk cannot be one of this repository
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
