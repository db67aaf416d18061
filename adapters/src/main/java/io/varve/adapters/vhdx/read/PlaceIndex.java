package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * The BAT backwards: which payload block lies at a place of the file. One number per MiB of the file, made by one walk
 * through the BAT. Heap: 4 bytes per MiB of the file, 64 MiB at most; of a file larger than 16 TiB a window of that
 * size is known at a time, and asking outside it walks through the BAT again. So asking is O(1), in files beyond 16 TiB
 * as long as the questions come in the file's order. Thread-safe: one thread at a time asks.
 */
public final class PlaceIndex {
    private static final int LARGEST_WINDOW = 1 << 24;

    private final ByteSource source;
    private final EntryRules rules;
    private final long units;

    /** Block number + 1 by MiB of the window; 0 where no block lies. */
    private final int[] window;

    /** First MiB of the window; -1 before the first question. */
    private long first = -1;

    public PlaceIndex(ByteSource source, EntryRules rules) {
        this(source, rules, LARGEST_WINDOW);
    }

    /** @param windowUnits most MiB of the file that are known at a time */
    public PlaceIndex(ByteSource source, EntryRules rules, int windowUnits) {
        this.source = source;
        this.rules = rules;
        this.units = (rules.fileSize() + VhdxFormat.MIB - 1) / VhdxFormat.MIB;
        this.window = new int[(int) Math.min(units, windowUnits)];
    }

    /** Number of the block whose place includes the byte at {@code fileOffset} of the file; -1 when there is none. */
    public synchronized long blockAt(long fileOffset) throws IOException {
        long unit = fileOffset / VhdxFormat.MIB;
        if (unit >= units) {
            return -1;
        }
        if (first < 0 || unit < first || unit >= first + window.length) {
            load(unit / window.length * window.length);
        }
        return window[(int) (unit - first)] - 1L;
    }

    private void load(long firstUnit) throws IOException {
        first = -1; // should the walk fail, nothing is known
        Arrays.fill(window, 0);
        BlockGeometry geometry = rules.geometry();
        BlockTableScan.run(source, rules.tableOffset(), geometry, new BlockTableScan.Visitor() {
            @Override
            public void payload(long block, long entry) throws IOException {
                rules.checkPayload(block, entry);
                if (!PayloadState.of(BatEntry.stateCode(entry)).hasPlace()) {
                    return;
                }
                long unit = BatEntry.offset(entry) / VhdxFormat.MIB - firstUnit;
                long end = Math.min(unit + geometry.blockSize() / VhdxFormat.MIB, window.length);
                for (long at = Math.max(unit, 0); at < end; at++) {
                    window[(int) at] = (int) (block + 1);
                }
            }
        });
        first = firstUnit;
    }
}
