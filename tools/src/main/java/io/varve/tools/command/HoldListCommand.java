package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.hold.Hold;
import io.varve.store.hold.Holds;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", mixinStandardHelpOptions = true, description = "List holds, oldest first.")
final class HoldListCommand extends RepositoryOptions {
    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Holds.Listing listing = repository.holds().list();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"HOLD", "SINCE", "MACHINE", "CODE", "REASON"});
        var json = output.isJson() ? output.document().putArray("holds") : null;
        for (Hold hold : listing.holds()) {
            rows.add(new String[] {
                hold.id(), SnapshotsCommand.TIME.format(hold.since()), hold.machine(), hold.code(), hold.reason()
            });
            if (json != null) {
                json.addObject()
                        .put("id", hold.id())
                        .put("machine", hold.machine())
                        .put("disk", hold.disk().orElse(null))
                        .put("code", hold.code())
                        .put("reason", hold.reason())
                        .put("snapshot", hold.snapshot().orElse(null))
                        .put("host", hold.host())
                        .put("since", hold.since().toString());
            }
        }
        output.line("%s", rows.size() == 1 ? "no holds" : Table.of(rows));
        listing.damaged()
                .forEach((id, damage) -> output.warning("hold " + id + " cannot be read, but still"
                        + " holds its machine; 'varve hold release " + id + "' removes it: " + damage.getMessage()));
    }
}
