package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Holdings;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.MachineShareEntry;
import io.varve.tools.document.SharesEntry;
import io.varve.tools.document.SnapshotShareEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What each machine and each snapshot alone needs. */
final class Shares {
    /** Lines of text; the document has all. */
    private static final int SHOWN = 20;

    private final Repository repository;
    private final List<Snapshot> snapshots;
    private final Cancellation cancellation;
    private final Output output;

    Shares(Repository repository, List<Snapshot> snapshots, Cancellation cancellation, Output output) {
        this.repository = repository;
        this.snapshots = snapshots;
        this.cancellation = cancellation;
        this.output = output;
    }

    SharesEntry print() throws IOException {
        SharesEntry shares = compute();
        List<String[]> machines = new ArrayList<>();
        machines.add(new String[] {"MACHINE", "SNAPSHOTS", "ALONE"});
        for (MachineShareEntry share : shares.machineShares()) {
            machines.add(new String[] {share.machine(), "" + share.snapshotCount(), ByteSize.text(share.aloneBytes())});
        }
        List<String[]> single = new ArrayList<>();
        single.add(new String[] {"SNAPSHOT", "MACHINE", "ALONE"});
        for (SnapshotShareEntry share : shares.snapshotShares()) {
            single.add(new String[] {share.snapshotId(), share.machine(), ByteSize.text(share.aloneBytes())});
        }
        print(machines);
        print(single);
        output.line("");
        output.line(
                "%s are shared by several machines; forgetting frees the amount under ALONE, once gc has run",
                ByteSize.text(shares.sharedBytes()));
        return shares;
    }

    private void print(List<String[]> rows) {
        output.line("");
        output.line("%s", Table.of(rows.subList(0, Math.min(SHOWN + 1, rows.size()))));
        if (rows.size() > SHOWN + 1) {
            output.line("and %d more, which --json lists", rows.size() - SHOWN - 1);
        }
    }

    private SharesEntry compute() throws IOException {
        Holdings.Result result;
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            long heap = Runtime.getRuntime().maxMemory() / 2;
            result = new Holdings(session, snapshots, heap, new Holdings.Listener() {
                        @Override
                        public void snapshotDone() {}

                        @Override
                        public void damaged(Snapshot snapshot, CorruptDataException why) {
                            output.warning(
                                    WarningCode.DAMAGE,
                                    "snapshot " + snapshot.id() + " counts only in part: " + why.getMessage());
                        }

                        @Override
                        public void check() throws IOException {
                            cancellation.check();
                        }
                    })
                    .compute();
        }
        List<SnapshotShareEntry> single = new ArrayList<>();
        for (int i = 0; i < snapshots.size(); i++) {
            single.add(new SnapshotShareEntry(
                    snapshots.get(i).id().text(),
                    snapshots.get(i).manifest().machine(),
                    result.ofSnapshots().get(i)));
        }
        single.sort(Comparator.comparingLong(SnapshotShareEntry::aloneBytes).reversed());
        List<MachineShareEntry> machines = new ArrayList<>();
        result.ofMachines()
                .forEach((machine, bytes) -> machines.add(new MachineShareEntry(
                        machine,
                        (int) snapshots.stream()
                                .filter(snapshot ->
                                        snapshot.manifest().machine().equals(machine))
                                .count(),
                        bytes)));
        machines.sort(Comparator.comparingLong(MachineShareEntry::aloneBytes)
                .reversed()
                .thenComparing(MachineShareEntry::machine));
        return new SharesEntry(machines, single, result.shared());
    }
}
