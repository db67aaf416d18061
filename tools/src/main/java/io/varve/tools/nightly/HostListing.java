package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.vss.message.Reply;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.Output;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.VssWiring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the plan of a night must know about virtual machines. */
interface HostListing {
    /** All machines of a host. */
    List<VirtualMachine> machines(Selection.Host host) throws IOException;

    /** The machines of this computer that its Hyper-V VSS writer offers. */
    List<Reply.Machine> shadowed() throws IOException;

    /** The virtual machines that have snapshots, by the newest of each. */
    List<Remembered> remembered() throws IOException;

    /**
     * A virtual machine with a snapshot.
     *
     * @param machine its name in the repository
     * @param id its GUID in Hyper-V
     * @param host that it was backed up from over the network; empty for other sources
     */
    record Remembered(String machine, UUID id, Optional<String> host) {}

    /** Asks the hosts, the writer and the repository; takes no checkpoint. */
    static HostListing asking(Repository repository, Output output, Cancellation cancellation) {
        return new HostListing() {
            @Override
            public List<VirtualMachine> machines(Selection.Host host) throws IOException {
                cancellation.check();
                try (HyperV hyperV = HostConnection.open(host)) {
                    return HyperVHosts.asked(hyperV::machines);
                }
            }

            @Override
            public List<Reply.Machine> shadowed() throws IOException {
                return VssWiring.machines(output, cancellation);
            }

            @Override
            public List<Remembered> remembered() throws IOException {
                Map<String, Manifest> newest = new LinkedHashMap<>();
                for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
                    newest.put(snapshot.manifest().machine(), snapshot.manifest());
                }
                List<Remembered> remembered = new ArrayList<>();
                for (Manifest manifest : newest.values()) {
                    manifest.machineGuid()
                            .ifPresent(id -> remembered.add(new Remembered(
                                    manifest.machine(),
                                    id,
                                    manifest.sourceState().flatMap(HyperVSource::recordedHost))));
                }
                return remembered;
            }
        };
    }
}
