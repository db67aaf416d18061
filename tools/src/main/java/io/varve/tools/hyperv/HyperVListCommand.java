package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.tools.document.HyperVMachineEntry;
import io.varve.tools.document.HyperVMachinesDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Table;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "List the machines of a Hyper-V host.",
            "",
            "RECOVERY is the number of checkpoints made by backups: 0 unless a backup is running or left its"
                    + " checkpoint behind. POINTS is the number of reference points for change tracking, of all"
                    + " backup products."
        },
        footer = {"", "  varve hyperv list --host hv1.example.com"})
@Prints(HyperVMachinesDocument.class)
final class HyperVListCommand extends CommonOptions {
    @Mixin
    private HostOptions host;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"ID", "STATE", "VERSION", "RECOVERY", "POINTS", "NAME"});
        List<HyperVMachineEntry> entries = new ArrayList<>();
        try (HyperV hyperV = host.connect()) {
            for (VirtualMachine machine : HyperVHosts.asked(hyperV::machines)) {
                cancellation.check();
                long recovery = HyperVHosts.asked(() -> hyperV.checkpoints(machine.id())).stream()
                        .filter(checkpoint -> checkpoint.isRecovery())
                        .count();
                int points = HyperVHosts.asked(() -> hyperV.referencePoints(machine.id()))
                        .size();
                rows.add(new String[] {
                    machine.id().toString(),
                    machine.stateWord(),
                    machine.version(),
                    "" + recovery,
                    "" + points,
                    Printable.name(machine.name())
                });
                entries.add(new HyperVMachineEntry(
                        machine.id().toString(),
                        machine.name(),
                        machine.stateWord(),
                        machine.version(),
                        machine.hasTracking(),
                        recovery,
                        points));
            }
        }
        output.line("%s", rows.size() == 1 ? "no machines" : Table.of(rows));
        output.document(() -> new HyperVMachinesDocument(entries));
    }
}
