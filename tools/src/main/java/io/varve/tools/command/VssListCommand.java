package io.varve.tools.command;

import io.varve.adapters.vss.message.Reply;
import io.varve.engine.Cancellation;
import io.varve.tools.document.Prints;
import io.varve.tools.document.VssMachineEntry;
import io.varve.tools.document.VssMachinesDocument;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Table;
import io.varve.tools.source.VssWiring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "List the machines that the Hyper-V VSS writer offers. Freezes nothing.",
            "",
            "FREEZING says whether a machine runs on while its shadow copy is taken (online), is interrupted while its"
                    + " state is saved (saved-state), or whether that is unknown."
        })
@Prints(VssMachinesDocument.class)
final class VssListCommand extends CommonOptions {
    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "nothing was frozen";
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        List<Reply.Machine> machines = VssWiring.machines(output, cancellation);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"ID", "FREEZING", "FILES", "NAME"});
        List<VssMachineEntry> entries = new ArrayList<>();
        for (Reply.Machine machine : machines) {
            String freezing = machine.freezing().word();
            rows.add(new String[] {
                machine.id().toString(), freezing, "" + machine.files().size(), Printable.name(machine.displayName())
            });
            entries.add(new VssMachineEntry(
                    machine.id().toString(),
                    machine.displayName(),
                    machine.caption(),
                    freezing,
                    machine.files().stream()
                            .map(file -> file.folder() + (file.folder().endsWith("\\") ? "" : "\\") + file.pattern())
                            .toList()));
        }
        output.line("%s", rows.size() == 1 ? "no machines" : Table.of(rows));
        output.document(() -> new VssMachinesDocument(entries));
    }
}
