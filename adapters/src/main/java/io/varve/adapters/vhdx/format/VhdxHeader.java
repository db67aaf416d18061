package io.varve.adapters.vhdx.format;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * One of the two headers (MS-VHDX 2.2.2). Its signature and checksum are right; whether its fields make sense is judged
 * by {@code VhdxLayout}, and only for the current one.
 *
 * @param offset where in the file it lies
 * @param checksum as stored
 * @param sequence unsigned; the header with the larger one is current
 * @param fileWriteGuid changes whenever anything in the file is changed
 * @param dataWriteGuid changes whenever a reader of the disk could see a change
 * @param logGuid nil when there is nothing to replay
 * @param logLength bytes, 0 … 2^32-1
 * @param logOffset bytes; negative here means 2^63 or more in the file
 */
public record VhdxHeader(
        long offset,
        int checksum,
        long sequence,
        UUID fileWriteGuid,
        UUID dataWriteGuid,
        UUID logGuid,
        int logVersion,
        int version,
        long logLength,
        long logOffset) {
    private static final int CHECKSUM_AT = 4;
    private static final int RESERVED_AT = 80;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(VhdxFormat.HEADER_SIZE - RESERVED_AT);

    /** @throws CorruptDataException when there is no header at {@code offset}, or its checksum is wrong */
    public static VhdxHeader read(ByteSource source, long offset, Faults faults) throws IOException {
        ByteBuffer bytes = StructureReader.read(source, offset, VhdxFormat.HEADER_SIZE, "header");
        if (bytes.getInt(0) != VhdxFormat.HEADER_SIGNATURE) {
            throw new CorruptDataException(
                    source.location(),
                    offset,
                    "a header, which begins with \"head\"",
                    String.format("0x%08x", bytes.getInt(0)));
        }
        int checksum = Checksum.of(bytes, CHECKSUM_AT);
        if (bytes.getInt(CHECKSUM_AT) != checksum) {
            throw new CorruptDataException(
                    source.location(),
                    offset + CHECKSUM_AT,
                    String.format("header checksum %08x", checksum),
                    String.format("%08x", bytes.getInt(CHECKSUM_AT)));
        }
        int used = bytes.slice(RESERVED_AT, bytes.limit() - RESERVED_AT).mismatch(ZEROS.duplicate());
        if (used >= 0) {
            faults.found(
                    VhdxFault.HEADER_RESERVED,
                    () -> new CorruptDataException(
                            source.location(), offset + RESERVED_AT + used, "reserved bytes 0", "others"));
        }
        return new VhdxHeader(
                offset,
                checksum,
                bytes.getLong(8),
                WindowsGuid.get(bytes, 16),
                WindowsGuid.get(bytes, 32),
                WindowsGuid.get(bytes, 48),
                Short.toUnsignedInt(bytes.getShort(64)),
                Short.toUnsignedInt(bytes.getShort(66)),
                Integer.toUnsignedLong(bytes.getInt(68)),
                bytes.getLong(72));
    }

    public boolean hasLog() {
        return !logGuid.equals(WindowsGuid.NIL);
    }

    /** Whether the 4 KiB of both are the same, as far as fields and checksum can tell. */
    boolean isCopyOf(VhdxHeader other) {
        return checksum == other.checksum
                && sequence == other.sequence
                && fileWriteGuid.equals(other.fileWriteGuid)
                && dataWriteGuid.equals(other.dataWriteGuid)
                && logGuid.equals(other.logGuid)
                && logVersion == other.logVersion
                && version == other.version
                && logLength == other.logLength
                && logOffset == other.logOffset;
    }
}
