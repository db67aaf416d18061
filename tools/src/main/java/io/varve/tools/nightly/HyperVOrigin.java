package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.MachineGroup;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HyperVWiring;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A machine of a Hyper-V host, frozen by a checkpoint.
 *
 * @param machine as the host listed it when the night was planned
 */
record HyperVOrigin(Selection.Host host, VirtualMachine machine, HyperVSource.Choices choices) implements Origin {
    /** The same in a group. */
    HyperVOrigin with(MachineGroup.Member member) {
        return new HyperVOrigin(host, machine, choices.with(member));
    }

    /** Each machine has a connection of its own, so that a slow request for one delays no other. */
    @Override
    public Opened open(Repository repository, Output output, Cancellation cancellation) throws IOException {
        ShareServers servers = ShareServers.ofEnvironment();
        HyperV hyperV = HostConnection.open(host);
        Closeable both = () -> {
            try (servers) {
                hyperV.close();
            }
        };
        try {
            CheckpointSource source = HyperVWiring.source(
                    new HyperVWiring.Wanted(
                            hyperV, machine, choices, host.way(), host.mounts(), host.exportTo(), servers),
                    repository,
                    output,
                    cancellation);
            return new Opened(source, true, Optional.empty(), both);
        } catch (IOException | RuntimeException e) {
            try {
                both.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            if (e instanceof UsageException) { // of the job file, not of the night's command line
                throw new SourceException(e.getMessage(), e);
            }
            throw e;
        }
    }

    @Override
    public List<String> lines() {
        return List.of("Hyper-V machine " + machine.id() + " on host " + host.name() + ", " + machine.stateWord());
    }
}
