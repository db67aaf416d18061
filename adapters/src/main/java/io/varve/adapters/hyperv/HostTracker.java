package io.varve.adapters.hyperv;

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

    private final HyperV host;
    private final String file;
    private final long size;

    /**
     * @param file path on the host of the frozen file
     * @param size bytes of the disk as its format's reader sees it
     */
    HostTracker(HyperV host, String file, long size) {
        this.host = host;
        this.file = file;
        this.size = size;
    }

    @Override
    public Changes changesSince(String since) throws IOException {
        try {
            return new Changes.Known(
                    ChangeQuery.all(size, (offset, length) -> host.changes(file, since, offset, length)));
        } catch (ImpossibleAnswerException e) {
            return new Changes.Unknown(IMPOSSIBLE, "the change list cannot be true: " + e.getMessage());
        } catch (HyperVException e) {
            return new Changes.Unknown(LOST, e.getMessage());
        }
    }

    @Override
    public Optional<String> token() {
        return Optional.empty();
    }
}
