package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.tools.output.Output;
import io.varve.tools.source.VssWiring;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A machine of this Hyper-V host, frozen by shadow copies.
 *
 * @param allowSavedState whether it may be interrupted while its state is saved
 */
record VssOrigin(UUID machine, boolean allowSavedState) implements Origin {
    @Override
    public Opened open(Repository repository, Output output, Cancellation cancellation) {
        return new Opened(
                VssWiring.source(machine, allowSavedState, output, cancellation), true, Optional.empty(), () -> {});
    }

    @Override
    public List<String> lines() {
        return List.of("Hyper-V machine " + machine + " of this computer, by shadow copies");
    }
}
