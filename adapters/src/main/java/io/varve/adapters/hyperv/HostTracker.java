package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.rct.ChangeQuery;
import io.varve.adapters.rct.ChangeQuery.ImpossibleAnswerException;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.util.Optional;

/** Resilient change tracking, asked of the host's image service. */
final class HostTracker implements ChangeTracker {
    private static final String LOST = "rct-lost";
    private static final String IMPOSSIBLE = "rct-answer-invalid";

    /** Of such a piece a list has 256 ranges at most, even if each was 4 KiB. */
    private static final long LEAST = 2 << 20;

    private final HyperV host;
    private final CheckpointedDisk disk;
    private final long size;

    /** @param size bytes of the disk as its format's reader sees it */
    HostTracker(HyperV host, CheckpointedDisk disk, long size) {
        this.host = host;
        this.disk = disk;
        this.size = size;
    }

    @Override
    public Changes changesSince(String since) throws IOException {
        try {
            return new Changes.Known(ChangeQuery.all(size, new Pieces(since)::changes));
        } catch (ImpossibleAnswerException e) {
            return new Changes.Unknown(IMPOSSIBLE, "the change list cannot be true: " + e.getMessage());
        } catch (HyperVException e) {
            return new Changes.Unknown(LOST, e.getMessage());
        }
    }

    /** Asks about as much of the disk as has fitted into an answer lately. */
    private final class Pieces {
        private final String since;
        private long most = Long.MAX_VALUE;

        private Pieces(String since) {
            this.since = since;
        }

        private ChangePage changes(long offset, long length) throws IOException {
            while (true) {
                long asked = Math.min(length, most);
                try {
                    ChangePage page = host.changes(disk, since, offset, asked);
                    if (asked < length && page.processed() > asked) {
                        throw new ImpossibleAnswerException("asked for " + asked + " bytes from " + offset
                                + ", the answer says it covers " + Long.toUnsignedString(page.processed()));
                    }
                    most = most > Long.MAX_VALUE / 2 ? most : most * 2;
                    return page;
                } catch (CimException e) {
                    if (e.kind() != CimException.Kind.TOO_LARGE || asked <= LEAST) {
                        throw e;
                    }
                    most = Math.max(LEAST, asked / 2 / LEAST * LEAST);
                }
            }
        }
    }

    @Override
    public Optional<String> token() {
        return Optional.empty();
    }
}
