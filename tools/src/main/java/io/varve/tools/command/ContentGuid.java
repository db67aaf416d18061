package io.varve.tools.command;

import io.varve.store.snapshot.DiskRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;

/**
 * The DataWriteGuid of a restored VHDX. It is derived from the content of the disk. So a file can later be recognised
 * as this disk of this snapshot, if it has not been written to. Two files with the same content over the same parent
 * are in the same state, which is what the field is for.
 */
public final class ContentGuid {
    private static final byte[] DOMAIN = "varve restored disk\0".getBytes(StandardCharsets.US_ASCII);

    private ContentGuid() {}

    /** @param parent DataWriteGuid of the parent of a differencing file */
    public static UUID of(DiskRecord disk, Optional<UUID> parent) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        digest.update(DOMAIN);
        digest.update(disk.mapRoot().toBytes());
        ByteBuffer facts = ByteBuffer.allocate(3 * Long.BYTES).putLong(disk.size());
        parent.ifPresent(id -> facts.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        digest.update(facts.flip());
        ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
        // Version 8, variant 2 (RFC 9562): derived by a rule of our own.
        return new UUID(bytes.getLong() & ~0xF000L | 0x8000L, bytes.getLong() >>> 2 | 1L << 63);
    }
}
