package io.varve.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.LocalBackend;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.crypt.Protection;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnsupportedRepositoryException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.map.MapShape;
import io.varve.store.parity.Parity;
import java.time.Instant;
import java.util.UUID;

/**
 * {@code repository.json}: what is fixed for a repository's whole life.
 *
 * @param blockSize bytes, a power of two from 4 KiB to 4 MiB
 * @param packTargetSize bytes at which a pack is sealed
 * @param encrypted whether chunks are encrypted and documents have MACs
 * @param keysOf id of the repository that the keys of an encrypted one were made for: its own, unless it shares the
 *     keys of another; then both give the same content the same id
 * @param parityPercent approximate size of each pack's parity as a percentage of the pack; 0 for none
 */
public record RepositoryConfig(
        UUID repositoryId,
        int blockSize,
        long packTargetSize,
        Instant createdAt,
        boolean encrypted,
        UUID keysOf,
        int parityPercent) {
    public static final String OBJECT = LocalBackend.CONFIGURATION;
    public static final int FORMAT = 1;
    public static final int MIN_BLOCK_SIZE = 4 << 10;
    public static final int MAX_BLOCK_SIZE = 4 << 20;
    public static final int DEFAULT_BLOCK_SIZE = 64 << 10;
    public static final long DEFAULT_PACK_TARGET_SIZE = 64L << 20;
    private static final String CIPHER = "aes-256-gcm";
    private static final String KEY_DERIVATION = "hkdf-sha-256";
    private static final long MIN_PACK_TARGET_SIZE = 64L << 10;
    private static final long MAX_PACK_TARGET_SIZE = 512L << 20;

    public RepositoryConfig {
        if (!isBlockSize(blockSize)) {
            throw new IllegalArgumentException(
                    "block size " + blockSize + " is not a power of two from 4 KiB to 4 MiB");
        }
        if (packTargetSize < MIN_PACK_TARGET_SIZE || packTargetSize > MAX_PACK_TARGET_SIZE) {
            throw new IllegalArgumentException("pack size " + packTargetSize + " is not within 64 KiB to 512 MiB");
        }
        if (parityPercent != 0 && (parityPercent < Parity.MIN_PERCENT || parityPercent > Parity.MAX_PERCENT)) {
            throw new IllegalArgumentException("parity of " + parityPercent + " per cent is not within "
                    + Parity.MIN_PERCENT + " to " + Parity.MAX_PERCENT);
        }
    }

    /** A repository with its own keys, if any. */
    public RepositoryConfig(
            UUID repositoryId, int blockSize, long packTargetSize, Instant createdAt, boolean encrypted) {
        this(repositoryId, blockSize, packTargetSize, createdAt, encrypted, repositoryId, 0);
    }

    /** A plain repository. */
    public RepositoryConfig(UUID repositoryId, int blockSize, long packTargetSize, Instant createdAt) {
        this(repositoryId, blockSize, packTargetSize, createdAt, false);
    }

    public static boolean isBlockSize(long blockSize) {
        return blockSize >= MIN_BLOCK_SIZE && blockSize <= MAX_BLOCK_SIZE && Long.bitCount(blockSize) == 1;
    }

    byte[] encode(Protection protection) throws LockedRepositoryException {
        ObjectNode json = SealedJson.newObject()
                .put("format", FORMAT)
                .put("repositoryId", repositoryId.toString())
                .put("blockSize", blockSize)
                .put("packTargetSize", packTargetSize)
                .put("mapFanOut", MapShape.FAN_OUT)
                .put("chunkIds", encrypted ? "hmac-sha-256" : "sha-256")
                .put("createdAt", createdAt.toString());
        if (encrypted) {
            ObjectNode encryption =
                    json.putObject("encryption").put("cipher", CIPHER).put("kdf", KEY_DERIVATION);
            if (!keysOf.equals(repositoryId)) {
                encryption.put("keysOf", keysOf.toString());
            }
        } else {
            json.putNull("encryption");
        }
        if (parityPercent > 0) {
            json.put("parityPercent", parityPercent);
        }
        return protection.encode(OBJECT, json);
    }

    static RepositoryConfig decode(JsonFields json) throws CorruptDataException, UnsupportedRepositoryException {
        String name = json.file();
        long format = json.number("format", 1, Integer.MAX_VALUE);
        if (format != FORMAT) {
            throw new UnsupportedRepositoryException(
                    name, "repository format " + format + ", this version of Varve reads format " + FORMAT);
        }
        boolean encrypted = isEncrypted(json);
        json.number("mapFanOut", MapShape.FAN_OUT, MapShape.FAN_OUT);
        long blockSize = json.number("blockSize", MIN_BLOCK_SIZE, MAX_BLOCK_SIZE);
        if (!isBlockSize(blockSize)) {
            throw new CorruptDataException(name, -1, "a power of two at 'blockSize'", "" + blockSize);
        }
        UUID repositoryId = json.uuid("repositoryId");
        return new RepositoryConfig(
                repositoryId,
                (int) blockSize,
                json.number("packTargetSize", MIN_PACK_TARGET_SIZE, MAX_PACK_TARGET_SIZE),
                json.time("createdAt"),
                encrypted,
                encrypted ? json.object("encryption").optionalUuid("keysOf").orElse(repositoryId) : repositoryId,
                json.isAbsent("parityPercent")
                        ? 0
                        : (int) json.number("parityPercent", Parity.MIN_PERCENT, Parity.MAX_PERCENT));
    }

    private static boolean isEncrypted(JsonFields json) throws CorruptDataException, UnsupportedRepositoryException {
        String ids = json.text("chunkIds");
        if (json.isAbsent("encryption") && ids.equals("sha-256")) {
            return false;
        }
        boolean known = json.tree().get("encryption") instanceof ObjectNode && ids.equals("hmac-sha-256");
        if (known) {
            JsonFields encryption = json.object("encryption");
            known = CIPHER.equals(encryption.optionalText("cipher").orElse(""))
                    && KEY_DERIVATION.equals(encryption.optionalText("kdf").orElse(""));
        }
        if (!known) {
            throw new UnsupportedRepositoryException(
                    json.file(), "encryption parameters that this version does not know");
        }
        return true;
    }
}
