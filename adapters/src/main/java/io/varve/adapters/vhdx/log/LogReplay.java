package io.varve.adapters.vhdx.log;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogPatches.Patch;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Replays the log of a file that was not closed properly, or is open (MS-VHDX 2.3.3), in memory. The file is not
 * changed. A checksum proves that an entry is complete, not that it is harmless, so every target is checked. Whether a
 * target is in a payload block is known only after the BAT was read; {@code OverlapCheck} checks it.
 */
public final class LogReplay {
    /** The number of pages that a full log of 1 GiB can have. */
    public static final int MOST_PATCHES = 1 << 18;

    private final ByteSource source;
    private final LogRing ring;
    private final Region log;
    private final Faults faults;
    private final LogPatches patches = new LogPatches();

    private LogReplay(ByteSource source, Region log, Faults faults) {
        this.faults = faults;
        this.source = source;
        this.ring = new LogRing(source, log);
        this.log = log;
    }

    /**
     * Returns the file as it is after the replay. Takes ownership of {@code source}.
     *
     * @param header the current header, which names a log
     * @param log region of the log, inside the file
     * @throws CorruptDataException if there is no valid entry to replay, the file was truncated since, or a target is
     *     in a place that no log may change
     * @throws UnsupportedImageException if the log has more changes than are supported
     */
    public static ReplayedSource run(ByteSource source, VhdxHeader header, Region log) throws IOException {
        return run(source, header, log, Faults.REFUSE);
    }

    /** As {@link #run(ByteSource, VhdxHeader, Region)}, without the changes that were reported to {@code faults}. */
    public static ReplayedSource run(ByteSource source, VhdxHeader header, Region log, Faults faults)
            throws IOException {
        return new LogReplay(source, log, faults).run(header);
    }

    private ReplayedSource run(VhdxHeader header) throws IOException {
        LogRun run = LogRun.active(ring, header.logGuid(), source.location(), log.offset());
        LogEntry head = run.head();
        if (Long.compareUnsigned(head.flushedFileOffset(), source.size()) > 0) {
            faults.found(
                    VhdxFault.LOG_CUT_OFF,
                    () -> new CorruptDataException(
                            source.location(),
                            ring.fileOffset(head.position()) + 48,
                            "a file of at least " + Long.toUnsignedString(head.flushedFileOffset())
                                    + " bytes, which were durable when the log was written",
                            source.size() + " bytes: the file was cut off"));
        }
        if (head.flushedFileOffset() % VhdxFormat.MIB != 0 || head.lastFileOffset() % VhdxFormat.MIB != 0) {
            faults.found(
                    VhdxFault.LOG_FILE_SIZES,
                    () -> wrong(
                            head.position(),
                            48,
                            "file sizes in whole MiB",
                            head.flushedFileOffset() + " and " + head.lastFileOffset()));
        }
        long count = 0;
        for (long position = head.tail(); ; ) {
            LogEntry entry = LogEntry.read(ring, position, header.logGuid());
            if (entry == null || entry.lastFileOffset() < 0) {
                throw wrong(position, 56, "a log entry with a file size", "another one");
            }
            replay(entry);
            count++;
            if (entry.position() == head.position()) {
                break;
            }
            position = (position + entry.length()) % ring.length();
        }
        long size = Math.max(Math.max(source.size(), patches.endOffset()), head.lastFileOffset());
        return new ReplayedSource(source, patches, size, count);
    }

    private void replay(LogEntry entry) throws IOException {
        long dataAt = entry.position() + entry.descriptorLength();
        for (long number = 0; number < entry.descriptorCount(); number++) {
            long at = LogEntry.descriptorAt(number);
            ByteBuffer sector = ring.sector(entry.position() + at / LogEntry.SECTOR * LogEntry.SECTOR);
            int from = (int) (at % LogEntry.SECTOR);
            boolean zeros = sector.getInt(from) == VhdxFormat.LOG_ZERO_SIGNATURE;
            long offset = sector.getLong(from + 16);
            long length = zeros ? sector.getLong(from + 8) : LogEntry.SECTOR;
            boolean sound = checkTarget(entry, at, offset, length);
            if (zeros) {
                if (sound && length > 0) {
                    patches.put(Patch.zeros(offset, offset + length));
                }
            } else {
                if (sound) {
                    patches.put(new Patch(
                            offset,
                            offset + length,
                            ring.fileOffset(dataAt),
                            sector.getLong(from + 8),
                            sector.getInt(from + 4)));
                }
                dataAt += LogEntry.SECTOR;
            }
            if (patches.count() > MOST_PATCHES) {
                throw new UnsupportedImageException(source.location() + ": expected a log of at most " + MOST_PATCHES
                        + " changes, found more; open and close a copy of the file with the hypervisor");
            }
        }
    }

    /** Whether the log may change this range. */
    private boolean checkTarget(LogEntry entry, long at, long offset, long length) throws IOException {
        long largest = Math.max(source.size(), entry.lastFileOffset());
        boolean inside = offset >= VhdxFormat.REGION_TABLE_1_OFFSET
                && offset <= largest
                && length >= 0
                && length <= largest - offset;
        if (!inside) {
            faults.found(
                    VhdxFault.LOG_TARGET,
                    () -> wrong(
                            entry.position(),
                            at + 16,
                            "a target of the log between the headers and " + largest + ", the size of the file",
                            "offset " + Long.toUnsignedString(offset) + ", length " + Long.toUnsignedString(length)));
            return false;
        }
        if (log.overlaps(offset, offset + length)) {
            faults.found(
                    VhdxFault.LOG_TARGET,
                    () -> wrong(entry.position(), at + 16, "a target outside the log itself", "offset " + offset));
            return false;
        }
        return true;
    }

    private CorruptDataException wrong(long position, long at, String expected, String found) {
        long sector = at / LogEntry.SECTOR * LogEntry.SECTOR;
        return new CorruptDataException(
                source.location(), ring.fileOffset(position + sector) + (at - sector), expected, found);
    }
}
