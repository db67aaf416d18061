package io.varve.adapters.vhdx;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxLogWriter;
import io.varve.adapters.vhdx.read.VhdxDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A disk of 4 GiB whose BAT has eight pages, and blocks in the file that are filled with 1, 2, 3 … A "cell" is the
 * first byte of the first block that a page of the BAT describes, so what a log does to that page shows in the disk.
 */
public final class LoggedVhdx {
    public static final int MIB = 1 << 20;
    public static final int CELLS = 8;
    static final int VALUES = 15;
    static final int BAT = 3 * MIB;
    static final int LOG = MIB;
    static final int LOG_LENGTH = MIB;
    static final byte[] GUID = HexFormat.of().parseHex("c3".repeat(16));

    public final byte[] file;
    final VhdxLogWriter log;

    public LoggedVhdx() {
        VhdxBuilder builder = new VhdxBuilder(4L << 30, MIB);
        builder.logGuid = GUID;
        builder.fileLength = (4L + VALUES) * MIB;
        file = builder.build();
        for (int value = 1; value <= VALUES; value++) {
            file[place(value)] = (byte) value;
        }
        log = new VhdxLogWriter(file, LOG, LOG_LENGTH, GUID);
    }

    static int place(int value) {
        return (3 + value) * MIB;
    }

    static long target(int cell) {
        return BAT + cell * 4096L;
    }

    /** The page of the BAT that gives the cell this value; 0 for none. */
    static byte[] page(int value) {
        ByteBuffer page = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        if (value != 0) {
            page.putLong(0, place(value) | 6);
        }
        return page.array();
    }

    /** Writes a log entry, not applied to the file, that gives the cell this value. */
    public void write(int cell, int value) {
        log.data(target(cell), page(value));
        log.write();
    }

    /** As a log entry that names this page would, but in the file. */
    void apply(int cell, int value) {
        System.arraycopy(page(value), 0, file, (int) target(cell), 4096);
    }

    VhdxDisk open() throws IOException {
        return VhdxDisk.open(new MemoryByteSource(file));
    }

    int[] cells() throws IOException {
        try (VhdxDisk disk = open()) {
            return cells(disk);
        }
    }

    static int[] cells(VhdxDisk disk) throws IOException {
        int[] cells = new int[CELLS];
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int cell = 0; cell < CELLS; cell++) {
            disk.read(cell * 512L * MIB, one.clear());
            cells[cell] = one.get(0);
        }
        return cells;
    }
}
