package io.varve.adapters.vhdx.write;

import io.varve.adapters.vhdx.format.Checksum;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.engine.port.WindowsGuid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Changes the structures of a file that exists, in the way that a crash cannot tear: through the log (MS-VHDX 2.3), of
 * which each change uses a new one that begins at its first byte. For one thread.
 */
final class StructureUpdate {
    static final int PAGE = 4 * VhdxFormat.KIB;

    private static final int ENTRY_HEADER = 64;
    private static final int DESCRIPTOR = 32;

    /** So that all descriptors are in the entry's first sector, and the entry fits into the smallest log. */
    private static final int MOST_PAGES = (PAGE - ENTRY_HEADER) / DESCRIPTOR;

    private final OpenVhdx file;
    private final Region log;
    private final int version;
    private long sequence;
    private boolean firstIsCurrent;
    private UUID fileWriteGuid;
    private UUID dataWriteGuid;

    /** @param header the current one */
    StructureUpdate(OpenVhdx file, VhdxHeader header, Region log) {
        this.file = file;
        this.log = log;
        this.version = header.version();
        this.sequence = header.sequence();
        this.firstIsCurrent = header.offset() == VhdxFormat.HEADER_1_OFFSET;
        this.fileWriteGuid = header.fileWriteGuid();
        this.dataWriteGuid = header.dataWriteGuid();
    }

    /** Says in the header that the file, and the content of its disk, are about to change. Durable on return. */
    void begin() throws IOException {
        fileWriteGuid = UUID.randomUUID();
        dataWriteGuid = UUID.randomUUID();
        header(WindowsGuid.NIL);
    }

    /** Says in the header that there is nothing to replay. Durable on return. */
    void endReplay() throws IOException {
        file.force();
        fileWriteGuid = UUID.randomUUID();
        header(WindowsGuid.NIL);
    }

    /** Writes the header that is not current, which then is. */
    private void header(UUID logGuid) throws IOException {
        ByteBuffer bytes = bytes(VhdxFormat.HEADER_SIZE);
        bytes.putInt(0, VhdxFormat.HEADER_SIGNATURE);
        bytes.putLong(8, ++sequence);
        WindowsGuid.put(bytes, 16, fileWriteGuid);
        WindowsGuid.put(bytes, 32, dataWriteGuid);
        WindowsGuid.put(bytes, 48, logGuid);
        bytes.putShort(66, (short) version);
        bytes.putInt(68, (int) log.length());
        bytes.putLong(72, log.offset());
        bytes.putInt(4, Checksum.of(bytes, 4));
        file.write(firstIsCurrent ? VhdxFormat.HEADER_2_OFFSET : VhdxFormat.HEADER_1_OFFSET, bytes);
        firstIsCurrent = !firstIsCurrent;
        file.force();
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Replaces pages of 4 KiB. What was written before is durable first, and the pages are on return.
     *
     * @param pages by their offset in the file, a multiple of 4 KiB
     * @param fileSize what the file has, a multiple of 1 MiB
     */
    void replace(SortedMap<Long, ByteBuffer> pages, long fileSize) throws IOException {
        List<Map.Entry<Long, ByteBuffer>> all = new ArrayList<>(pages.entrySet());
        for (int from = 0; from < all.size(); from += MOST_PAGES) {
            replace(all.subList(from, Math.min(all.size(), from + MOST_PAGES)), fileSize);
        }
    }

    private void replace(List<Map.Entry<Long, ByteBuffer>> pages, long fileSize) throws IOException {
        file.force();
        UUID guid = UUID.randomUUID();
        file.write(log.offset(), entry(pages, guid, fileSize));
        file.force();
        header(guid);
        for (Map.Entry<Long, ByteBuffer> page : pages) {
            file.write(page.getKey(), page.getValue().duplicate());
        }
        file.force();
        header(WindowsGuid.NIL);
    }

    /** MS-VHDX 2.3.1: the only entry of its log, and so its own tail. */
    private static ByteBuffer entry(List<Map.Entry<Long, ByteBuffer>> pages, UUID guid, long fileSize) {
        long number = 1;
        ByteBuffer bytes = bytes((1 + pages.size()) * PAGE);
        bytes.putInt(0, VhdxFormat.LOG_ENTRY_SIGNATURE);
        bytes.putInt(8, bytes.capacity());
        bytes.putLong(16, number);
        bytes.putInt(24, pages.size());
        WindowsGuid.put(bytes, 32, guid);
        bytes.putLong(48, fileSize);
        bytes.putLong(56, fileSize);
        for (int i = 0; i < pages.size(); i++) {
            ByteBuffer page = pages.get(i).getValue().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int descriptor = ENTRY_HEADER + i * DESCRIPTOR;
            bytes.putInt(descriptor, VhdxFormat.LOG_DESC_SIGNATURE);
            bytes.putInt(descriptor + 4, page.getInt(PAGE - 4));
            bytes.putLong(descriptor + 8, page.getLong(0));
            bytes.putLong(descriptor + 16, pages.get(i).getKey());
            bytes.putLong(descriptor + 24, number);
            int data = (1 + i) * PAGE;
            bytes.put(data, page, 0, PAGE);
            bytes.putInt(data, VhdxFormat.LOG_DATA_SIGNATURE);
            bytes.putInt(data + 4, (int) (number >>> 32));
            bytes.putInt(data + PAGE - 4, (int) number);
        }
        return bytes.putInt(4, Checksum.of(bytes, 4));
    }
}
