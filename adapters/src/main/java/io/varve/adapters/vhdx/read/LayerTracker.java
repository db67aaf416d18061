package io.varve.adapters.vhdx.read;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.range.CoarseRanges;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Change tracking by the layers of a chain: whatever is in files above the one that was the leaf last time has changed
 * since. So the differencing disk from a checkpoint or a differential export is read like a change list.
 *
 * <p>The token is the DataWriteGuid of the leaf (MS-VHDX 2.2.2), as {@code vhdx-layer:GUID}. It identifies a state of
 * the disk only while no program has the file open for writing, since a writer renews it only at the first write of a
 * session. A file with a log is or was open for writing, so it has no token. A file never counts as unchanged because
 * its DataWriteGuid is the same as before: some programs write without renewing it. But no program may write to the
 * parent of another file, and this class relies on that.
 */
public final class LayerTracker implements ChangeTracker {
    private static final Pattern TOKEN =
            Pattern.compile("vhdx-layer:(\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");

    /** 4 MiB of heap. */
    private static final int MOST_RANGES = 1 << 18;

    /** How much of the disk is asked for at once. In the worst case every second sector is a range. */
    private static final long WINDOW = 1L << 30;

    private final VhdxChain chain;

    /** @param chain remains the caller's; must be open while this is used */
    public LayerTracker(VhdxChain chain) {
        this.chain = chain;
    }

    /** {@inheritDoc} If there are more than {@value #MOST_RANGES} ranges, they are made coarser. */
    @Override
    public Changes changesSince(String token) throws IOException {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            return new Changes.Unknown(
                    Changes.NO_TRACKING, "read in full: the previous snapshot was not taken from this chain of files");
        }
        UUID base = UUID.fromString(matcher.group(1));
        int below = chain.dataWriteGuids().lastIndexOf(base);
        if (below == 0) {
            return new Changes.Unknown(
                    Changes.NO_TRACKING, "read in full: it cannot be proven that the file was not written since");
        } else if (below < 0) {
            return new Changes.Unknown(
                    Changes.NO_TRACKING, "read in full: the file backed up last time is no longer in the chain");
        }
        CoarseRanges changed = new CoarseRanges(MOST_RANGES);
        for (long offset = 0; offset < chain.size(); offset += WINDOW) {
            Range window = new Range(offset, Math.min(WINDOW, chain.size() - offset));
            for (Range range : chain.changedSince(below, window)) {
                changed.add(range.offset(), range.endOffset());
            }
        }
        return new Changes.Known(changed.build().clip(new Range(0, chain.size())));
    }

    @Override
    public Optional<String> token() {
        return chain.hasLog()
                ? Optional.empty()
                : Optional.of(
                        "vhdx-layer:" + chain.dataWriteGuids().get(0).toString().toLowerCase(Locale.ROOT));
    }

    /** {@inheritDoc} This is true of files that are parents of another file, and only those are relied on. */
    @Override
    public boolean tokensNameContent() {
        return true;
    }
}
