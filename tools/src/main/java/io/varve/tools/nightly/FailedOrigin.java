package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.List;

/**
 * Of a machine that cannot be backed up tonight. It is planned all the same, so that it fails with a record of its own.
 *
 * @param reason why, with what to do
 */
record FailedOrigin(String reason) implements Origin {
    @Override
    public Opened open(Repository repository, Output output, Cancellation cancellation) throws IOException {
        throw new SourceException(reason);
    }

    @Override
    public List<String> lines() {
        return List.of();
    }
}
