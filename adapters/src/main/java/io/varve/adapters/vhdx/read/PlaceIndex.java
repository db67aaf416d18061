package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * The inverse of the BAT: finds the payload block at a place in the file. Keeps one number per MiB of the file, from
 * one scan of the BAT. Takes 4 bytes of heap per MiB, at most 64 MiB. For files larger than 16 TiB it keeps a window of
 * that size, and a question outside it scans the BAT again. So a look-up is O(1); beyond 16 TiB, only if the questions
 * come in the order of the file. Thread-safe; threads take turns.
 */
public final class PlaceIndex {
    private static final int LARGEST_WINDOW = 1 << 24;

    private final ByteSource source;
    private final EntryRules rules;
    private final long units;

    /** Block number + 1 for each MiB of the window; 0 if there is no block. */
    private final int[] window;

    /** First MiB of the window; -1 before the first question. */
    private long first = -1;

    public PlaceIndex(ByteSource source, EntryRules rules) {
        this(source, rules, LARGEST_WINDOW);
    }

    /** @param windowUnits size of the window in MiB */
    public PlaceIndex(ByteSource source, EntryRules rules, int windowUnits) {
        this.source = source;
        this.rules = rules;
        this.units = (rules.fileSize() + VhdxFormat.MIB - 1) / VhdxFormat.MIB;
        this.window = new int[(int) Math.min(units, windowUnits)];
    }

    /**
     * Returns the number of the block whose place includes byte {@code fileOffset} of the file; -1 if there is none.
     */
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
        first = -1; // if the scan fails, the window is empty
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
