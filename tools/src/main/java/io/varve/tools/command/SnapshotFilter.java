package io.varve.tools.command;

import io.varve.store.snapshot.Snapshot;
import io.varve.tools.option.Since;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Options that select some of the snapshots. */
public final class SnapshotFilter {
    @Option(names = "--machine", paramLabel = "NAME", description = "Only snapshots of this machine.")
    private String machine;

    @Option(names = "--host", paramLabel = "NAME", description = "Only snapshots that were made on this computer.")
    private String host;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Only snapshots with this tag. Repeatable: only those that have all of them.")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Since.class,
            description = "Only snapshots from this time on, such as 2026-11-21T02:00:00Z, or of the last days: 7d.")
    private Instant since;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "Only the newest N snapshots, after all other filters, of each machine or group.")
    private Integer last;

    /**
     * Those of {@code snapshots} that the options ask for, in the same order.
     *
     * @param group of which {@code --last} counts the snapshots
     * @throws UsageException when there is no snapshot of the machine, or from the computer, at all
     */
    List<Snapshot> of(List<Snapshot> snapshots, Function<Snapshot, String> group) throws UsageException {
        if (last != null && last < 1) {
            throw new UsageException("--last: expected at least 1, found " + last);
        }
        checkKnown(
                "machine", machine, snapshots, snapshot -> snapshot.manifest().machine());
        checkKnown("host", host, snapshots, snapshot -> snapshot.manifest().host());
        List<Snapshot> selected = snapshots.stream()
                .filter(snapshot ->
                        machine == null || machine.equals(snapshot.manifest().machine()))
                .filter(snapshot ->
                        host == null || host.equals(snapshot.manifest().host()))
                .filter(snapshot -> snapshot.manifest().labels().tags().containsAll(tags))
                .filter(snapshot ->
                        since == null || !snapshot.manifest().startedAt().isBefore(since))
                .toList();
        return last == null ? selected : newest(selected, group);
    }

    private List<Snapshot> newest(List<Snapshot> snapshots, Function<Snapshot, String> group) {
        Map<String, Integer> left = new HashMap<>(); // older ones to leave out, by group
        snapshots.forEach(snapshot -> left.merge(group.apply(snapshot), 1, Integer::sum));
        left.replaceAll((name, count) -> count - last);
        return snapshots.stream()
                .filter(snapshot -> left.merge(group.apply(snapshot), -1, Integer::sum) < 0)
                .toList();
    }

    private static void checkKnown(
            String what, String wanted, List<Snapshot> snapshots, Function<Snapshot, String> nameOf)
            throws UsageException {
        TreeSet<String> known = snapshots.stream().map(nameOf).collect(Collectors.toCollection(TreeSet::new));
        if (wanted != null && !known.isEmpty() && !known.contains(wanted)) {
            throw new UsageException("no snapshot of " + what + " " + Printable.name(wanted) + "; there are some of "
                    + known.stream().limit(10).map(Printable::name).collect(Collectors.joining(", "))
                    + (known.size() > 10 ? " and " + (known.size() - 10) + " more" : ""));
        }
    }
}
