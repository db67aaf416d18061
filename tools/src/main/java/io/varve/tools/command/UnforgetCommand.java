package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.gc.Collection;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.tools.document.ForgottenDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SnapshotEntry;
import io.varve.tools.document.SnapshotIdsDocument;
import io.varve.tools.option.Closing;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.Output;
import io.varve.tools.output.SnapshotEntries;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "unforget",
        mixinStandardHelpOptions = true,
        description =
                "Bring back forgotten snapshots that have not been collected yet. Without a name," + " list them.")
@Prints({SnapshotIdsDocument.class, ForgottenDocument.class})
public final class UnforgetCommand extends RepositoryOptions {
    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "The id, or its last eight digits.")
    private List<String> references = new ArrayList<>();

    @Mixin
    private WaitOption wait;

    private final AtomicInteger broughtBack = new AtomicInteger(); // snapshots, so far

    @Override
    public boolean tidiesUp() {
        return !references.isEmpty();
    }

    @Override
    public String soFar() {
        return broughtBack + " of " + Count.of(references.size(), "snapshot") + " brought back; name the others again"
                + " to continue";
    }

    @Override
    public boolean onlyConfirms() {
        return !references.isEmpty();
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotShelf shelf = repository.shelf();
        List<SnapshotId> there = shelf.inTrash().stream().sorted().toList();
        if (references.isEmpty()) {
            list(shelf, there, output);
            return;
        }
        List<SnapshotId> wanted = new ArrayList<>();
        for (String reference : references) {
            List<SnapshotId> found = there.stream()
                    .filter(id -> id.text().equals(reference) || id.shortId().equals(reference))
                    .toList();
            if (found.size() != 1) {
                throw new UsageException("no forgotten snapshot '" + reference + "' can be brought"
                        + " back; 'varve unforget' lists those that can");
            }
            wanted.add(found.get(0));
        }
        List<String> done = new ArrayList<>();
        output.document(() -> new SnapshotIdsDocument(done));
        WriteSession open = WriteSession.openForCollection(repository, "unforget", wait.patience(), output::notice);
        Closing.after(open, output, session -> {
            for (SnapshotId id : wanted) {
                cancellation.check();
                Snapshot snapshot = shelf.readTrash(id);
                if (!isComplete(session, snapshot)) {
                    liftCondemned(session, snapshot, output);
                }
                session.bringBack(id, text -> output.warning(WarningCode.FORGOTTEN_MANIFEST_DAMAGED, text));
                done.add(id.text());
                broughtBack.incrementAndGet();
                output.line("brought back %s", id);
            }
        });
    }

    private static boolean isComplete(WriteSession session, Snapshot snapshot) throws IOException {
        for (DiskRecord disk : snapshot.manifest().disks()) {
            if (!session.isComplete(session.map(disk))) {
                return false;
            }
        }
        return true;
    }

    /** Lifts the condemnation of what the snapshot needs. It may be condemned without being deleted yet. */
    private static void liftCondemned(WriteSession session, Snapshot snapshot, Output output) throws IOException {
        int lifted = Collection.undo(session, output::notice);
        if (lifted > 0) {
            output.notice(Count.of(lifted, "condemned pack was", "condemned packs were")
                    + " reinstated; the next gc checks them again");
        }
        if (!isComplete(session, snapshot)) {
            throw new CorruptDataException(
                    "packs",
                    -1,
                    "everything that " + snapshot.id() + " consists of",
                    "some of it missing; it was not brought back");
        }
    }

    private static void list(SnapshotShelf shelf, List<SnapshotId> there, Output output) throws IOException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SNAPSHOT", "TIME", "MACHINE"});
        List<SnapshotEntry> entries = new ArrayList<>();
        output.document(() -> new ForgottenDocument(entries));
        for (SnapshotId id : there) {
            try {
                Snapshot snapshot = shelf.readTrash(id);
                rows.add(new String[] {
                    id.text(),
                    SnapshotsCommand.TIME.format(snapshot.manifest().startedAt()),
                    snapshot.manifest().machine()
                });
                entries.add(SnapshotEntries.of(snapshot));
            } catch (CorruptDataException e) {
                output.warning(WarningCode.FORGOTTEN_MANIFEST_DAMAGED, "unreadable manifest: " + e.getMessage());
            }
        }
        output.line("%s", rows.size() == 1 ? "no forgotten snapshots to bring back" : Table.of(rows));
    }
}
