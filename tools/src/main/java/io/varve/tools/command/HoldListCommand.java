package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.hold.Hold;
import io.varve.store.hold.Holds;
import io.varve.tools.document.HoldEntry;
import io.varve.tools.document.HoldsDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", mixinStandardHelpOptions = true, description = "List holds, oldest first.")
@Prints(HoldsDocument.class)
final class HoldListCommand extends RepositoryOptions {
    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Holds.Listing listing = repository.holds().list();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"HOLD", "SINCE", "MACHINE", "CODE", "REASON"});
        List<HoldEntry> entries = new ArrayList<>();
        output.document(() -> new HoldsDocument(entries));
        for (Hold hold : listing.holds()) {
            rows.add(new String[] {
                hold.id(), SnapshotsCommand.TIME.format(hold.since()), hold.machine(), hold.code(), hold.reason()
            });
            entries.add(new HoldEntry(
                    hold.id(),
                    hold.machine(),
                    hold.disk(),
                    hold.code(),
                    hold.reason(),
                    hold.snapshot(),
                    hold.host(),
                    hold.since()));
        }
        output.line("%s", rows.size() == 1 ? "no holds" : Table.of(rows));
        listing.damaged()
                .forEach((id, damage) -> output.warning(
                        WarningCode.HOLD_DAMAGED,
                        "hold " + id + " cannot be read, but still" + " holds its machine; 'varve hold release " + id
                                + "' removes it: " + damage.getMessage()));
    }
}
