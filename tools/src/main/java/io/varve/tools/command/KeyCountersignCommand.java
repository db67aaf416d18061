package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.snapshot.Forgotten;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SnapshotIdsDocument;
import io.varve.tools.document.UnsignedRecordEntry;
import io.varve.tools.document.UnsignedRecordsDocument;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "countersign",
        mixinStandardHelpOptions = true,
        description = {
            "Vouch for records of forgotten snapshots that were made without the key. Without a" + " name, list them.",
            "",
            "Such a record may be genuine, or forged by someone who deleted a manifest."
                    + " Countersign only what you know was forgotten on purpose."
        })
@Prints({SnapshotIdsDocument.class, UnsignedRecordsDocument.class})
final class KeyCountersignCommand extends RepositoryOptions {
    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "The id, or its last eight digits.")
    private List<String> references = new ArrayList<>();

    @Option(names = "--all", description = "Countersign all that are listed.")
    private boolean all;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return !references.isEmpty() || all;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        requireEncrypted(repository);
        List<CorruptDataException> damaged = new ArrayList<>();
        List<Forgotten> unsigned = repository.shelf().unsigned(damaged);
        damaged.forEach(e -> output.warning(
                WarningCode.FORGOTTEN_MANIFEST_DAMAGED, "record of a forgotten snapshot not read: " + e.getMessage()));
        if (references.isEmpty() && !all) {
            list(unsigned, output);
            return;
        }
        List<String> done = new ArrayList<>();
        output.document(() -> new SnapshotIdsDocument(done));
        for (Forgotten record : all ? unsigned : named(unsigned)) {
            repository.shelf().countersign(record.id());
            done.add(record.id().text());
            output.line("countersigned %s", record.id());
        }
    }

    private List<Forgotten> named(List<Forgotten> unsigned) throws UsageException {
        List<Forgotten> named = new ArrayList<>();
        for (String reference : references) {
            List<Forgotten> found = unsigned.stream()
                    .filter(record -> record.id().text().equals(reference)
                            || record.id().shortId().equals(reference))
                    .toList();
            if (found.size() != 1) {
                throw new UsageException(
                        "no unsigned record of snapshot '" + reference + "'; 'varve key countersign' lists them");
            }
            named.add(found.get(0));
        }
        return named;
    }

    private static void list(List<Forgotten> unsigned, Output output) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SNAPSHOT", "MACHINE", "FORGOTTEN"});
        List<UnsignedRecordEntry> entries = new ArrayList<>();
        output.document(() -> new UnsignedRecordsDocument(entries));
        for (Forgotten record : unsigned) {
            rows.add(new String[] {
                record.id().text(), record.machine(), SnapshotsCommand.TIME.format(record.forgottenAt())
            });
            entries.add(new UnsignedRecordEntry(record.id().text(), record.machine(), record.forgottenAt()));
        }
        output.line("%s", rows.size() == 1 ? "no unsigned records" : Table.of(rows));
    }
}
