package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The bytes of a record of readings, little-endian: {@code docs/format.md} has the table.
 *
 * <pre>
 * file  = magic 8 · version u32 · count u32 · repository id 16 · entry* · XXH3-128 of all before it 16
 * entry = pack id 32 · read at u64 · deep at u64 · damaged at u64, in the order of the pack ids
 * </pre>
 */
final class ReadingsFile {
    /** Most entries of one file: 14 MiB. */
    static final int MAX_ENTRIES = 1 << 18;

    private static final long MAGIC = 0x53444145_52565256L; // "VRVREADS"
    private static final int VERSION = 1;
    private static final int HEADER_SIZE = 32;
    private static final int ENTRY_SIZE = ChunkId.SIZE + 3 * Long.BYTES;
    private static final int HASH_SIZE = 16;
    static final int MAX_SIZE = HEADER_SIZE + MAX_ENTRIES * ENTRY_SIZE + HASH_SIZE;

    private ReadingsFile() {}

    static byte[] encode(UUID repositoryId, SortedMap<ChunkId, Reading> readings) {
        ByteBuffer file = ByteBuffer.allocate(HEADER_SIZE + readings.size() * ENTRY_SIZE + HASH_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(MAGIC).putInt(VERSION).putInt(readings.size());
        file.order(ByteOrder.BIG_ENDIAN)
                .putLong(repositoryId.getMostSignificantBits())
                .putLong(repositoryId.getLeastSignificantBits())
                .order(ByteOrder.LITTLE_ENDIAN);
        readings.forEach((pack, reading) -> file.put(pack.toBytes())
                .putLong(reading.readAt())
                .putLong(reading.deepAt())
                .putLong(reading.damagedAt()));
        long[] hash = XxHash.hash128(file.array(), 0, file.position());
        file.putLong(hash[0]).putLong(hash[1]);
        return file.array();
    }

    /** @param name of the object, for messages */
    static SortedMap<ChunkId, Reading> decode(byte[] bytes, UUID repositoryId, String name)
            throws CorruptDataException {
        if (bytes.length < HEADER_SIZE + HASH_SIZE || bytes.length > MAX_SIZE) {
            throw new CorruptDataException(name, -1, "48 to " + MAX_SIZE + " bytes", bytes.length + " bytes");
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (file.getLong() != MAGIC) {
            throw new CorruptDataException(name, 0, "magic VRVREADS", "something else");
        }
        int hashAt = bytes.length - HASH_SIZE;
        long[] hash = XxHash.hash128(bytes, 0, hashAt);
        if (hash[0] != file.getLong(hashAt) || hash[1] != file.getLong(hashAt + Long.BYTES)) {
            throw new CorruptDataException(name, hashAt, "the hash of what is before it", "another");
        }
        int version = file.getInt();
        int count = file.getInt();
        if (version != VERSION || count != (hashAt - HEADER_SIZE) / (double) ENTRY_SIZE) {
            throw new CorruptDataException(
                    name,
                    Long.BYTES,
                    "version " + VERSION + " and the number of entries",
                    "version " + version + ", " + count + " entries");
        }
        file.order(ByteOrder.BIG_ENDIAN);
        UUID owner = new UUID(file.getLong(), file.getLong());
        file.order(ByteOrder.LITTLE_ENDIAN);
        if (!owner.equals(repositoryId)) {
            throw new CorruptDataException(name, Long.BYTES * 2, "repository id " + repositoryId, "" + owner);
        }
        SortedMap<ChunkId, Reading> readings = new TreeMap<>();
        for (int entry = 0; entry < count; entry++) {
            int at = file.position();
            ChunkId pack = ChunkId.read(bytes, at);
            file.position(at + ChunkId.SIZE);
            Reading reading = new Reading(file.getLong(), file.getLong(), file.getLong());
            boolean inOrder = readings.isEmpty() || readings.lastKey().compareTo(pack) < 0;
            if (!inOrder || reading.readAt() < 0 || reading.deepAt() < 0 || reading.damagedAt() < 0) {
                throw new CorruptDataException(name, at, "packs in order, with times", "entry " + entry);
            }
            readings.put(pack, reading);
        }
        return readings;
    }
}
