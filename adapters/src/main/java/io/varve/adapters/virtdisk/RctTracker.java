package io.varve.adapters.virtdisk;

import io.varve.adapters.rct.ChangeQuery;
import io.varve.adapters.rct.ChangeQuery.ImpossibleAnswerException;
import io.varve.adapters.windows.Win32Error;
import io.varve.adapters.windows.Win32Exception;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.util.Optional;

/**
 * Resilient change tracking of Hyper-V, asked of the frozen disk. The token is the change id, stored and passed as
 * Windows gave it. Whatever speaks against the list costs a full read of this disk and nothing else.
 */
final class RctTracker implements ChangeTracker {
    /** Codes of {@link Changes.Unknown}. */
    static final String LOST = "rct-lost";

    static final String IMPOSSIBLE = "rct-answer-invalid";
    static final String SIZE = "rct-other-size";

    private final VirtualDisk disk;
    private final long size;
    private final Optional<String> token;

    private RctTracker(VirtualDisk disk, long size, Optional<String> token) {
        this.disk = disk;
        this.size = size;
        this.token = token;
    }

    /**
     * Takes tonight's token before the first byte is read: an id that is too old makes the next list longer, one that
     * is too new would leave something out.
     *
     * @param disk stays the caller's; usable while it is open
     * @param size bytes of the disk as its format's reader sees it
     */
    static RctTracker of(VirtualDisk disk, long size) throws IOException {
        VirtualDisk.Tracking tracking;
        try {
            tracking = disk.tracking();
        } catch (Win32Exception e) {
            if (!e.demotes()) {
                throw e;
            }
            return new RctTracker(disk, size, Optional.empty()); // why, the query tells
        }
        boolean names = tracking.enabled() && !tracking.mostRecentId().isEmpty();
        return new RctTracker(disk, size, names ? Optional.of(tracking.mostRecentId()) : Optional.empty());
    }

    @Override
    public Changes changesSince(String since) throws IOException {
        try {
            long told = disk.size();
            if (told != size) {
                return new Changes.Unknown(
                        SIZE, "Windows says that the disk has " + told + " bytes, its file says " + size);
            }
            return new Changes.Known(ChangeQuery.all(
                    size, (offset, length) -> disk.changes(since, offset, length, ChangeQuery.CAPACITY)));
        } catch (ImpossibleAnswerException e) {
            return new Changes.Unknown(IMPOSSIBLE, "the change list cannot be true: " + e.getMessage());
        } catch (Win32Exception e) {
            if (e.demotes()) {
                return new Changes.Unknown(LOST, Win32Error.text(e.code()));
            }
            throw e;
        }
    }

    @Override
    public Optional<String> token() {
        return token;
    }
}
