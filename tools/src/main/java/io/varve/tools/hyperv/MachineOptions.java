package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which machine of a host, and what the repository calls it. */
final class MachineOptions {
    @Option(
            names = "--vm",
            required = true,
            paramLabel = "NAME|GUID",
            description = "The machine, as 'varve hyperv list' shows it.")
    private String vm;

    @Option(
            names = "--machine",
            paramLabel = "NAME",
            description = "Its name in the repository. Default: its name in Hyper-V.")
    private String machine;

    VirtualMachine find(HyperV hyperV) throws IOException {
        return HyperVHosts.find(HyperVHosts.asked(hyperV::machines), hyperV.host(), vm);
    }

    /** @throws UsageException when a name was given, although there are several machines */
    void checkNoName() throws UsageException {
        if (machine != null) {
            throw new UsageException("--machine names one machine, but its group has several: omit --machine");
        }
    }

    String nameOf(VirtualMachine found) {
        return machine == null ? found.name() : machine;
    }
}
