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
 * Change tracking by the layers of a chain: what the files above the one backed up last time hold is what changed
 * since. So the differencing disk that a checkpoint or a differential export leaves is read like a change list.
 *
 * <p>The token is the DataWriteGuid of the chain's last file (MS-VHDX 2.2.2), as {@code vhdx-layer:GUID}. It names a
 * state of the disk only if nobody has the file open for writing, since writers renew it at the first write of a
 * session and no more; so a file with a log, which is how one looks that is or was open, has no token. A file is never
 * taken as unchanged because it has the same DataWriteGuid as before: some programs write without renewing it. As the
 * parent of another file it must not be written by anyone, and that is what is relied on here.
 */
public final class LayerTracker implements ChangeTracker {
    private static final Pattern TOKEN =
            Pattern.compile("vhdx-layer:(\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");

    /** 4 MiB of heap. */
    private static final int MOST_RANGES = 1 << 18;

    /** What is asked of the chain at once; in the worst case every second sector of it is a range. */
    private static final long WINDOW = 1L << 30;

    private final VhdxChain chain;

    /** @param chain stays the caller's; usable while it is open */
    public LayerTracker(VhdxChain chain) {
        this.chain = chain;
    }

    /** {@inheritDoc} More than {@value #MOST_RANGES} ranges are made coarser. */
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

    /** {@inheritDoc} True of a file that somebody else is a child of, the only kind that is relied on. */
    @Override
    public boolean tokensNameContent() {
        return true;
    }
}
