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
    private final Optional<String> untracked;

    private RctTracker(VirtualDisk disk, long size, Optional<String> token, Optional<String> untracked) {
        this.disk = disk;
        this.size = size;
        this.token = token;
        this.untracked = untracked;
    }

    /**
     * Takes tonight's token before the first byte is read: an id that is too old makes the next list longer, one that
     * is too new would leave something out.
     *
     * @param disk stays the caller's; usable while it is open
     * @param size bytes of the disk as its format's reader sees it
     */
    static RctTracker of(VirtualDisk disk, long size) throws IOException {
        try {
            DiskKind kind = disk.kind();
            if (!kind.format().tracksChanges()) {
                return without(disk, size, kind.format().noTracking());
            }
            VirtualDisk.Tracking tracking = disk.tracking();
            if (!tracking.enabled()) {
                return without(disk, size, "its changes are not tracked; 'varve rct enable' switches that on");
            }
            return tracking.mostRecentId().isEmpty()
                    ? without(disk, size, "Windows names no change id of it yet")
                    : new RctTracker(disk, size, Optional.of(tracking.mostRecentId()), Optional.empty());
        } catch (Win32Exception e) {
            if (!e.demotes()) {
                throw e;
            }
            return without(disk, size, Win32Error.text(e.code()));
        }
    }

    private static RctTracker without(VirtualDisk disk, long size, String why) {
        return new RctTracker(disk, size, Optional.empty(), Optional.of(why));
    }

    /** Why the next change list cannot start from tonight; empty if it can. */
    Optional<String> untracked() {
        return untracked;
    }

    @Override
    public Changes changesSince(String since) throws IOException {
        try {
            DiskKind.Format format = disk.kind().format();
            if (!format.tracksChanges()) {
                return new Changes.Unknown(LOST, format.noTracking());
            }
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
