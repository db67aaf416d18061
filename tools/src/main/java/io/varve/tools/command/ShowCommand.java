package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.Prints;
import io.varve.tools.document.ShowDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.AuditText;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import java.io.IOException;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show a snapshot with its disks and configuration files.")
@Prints(ShowDocument.class)
public final class ShowCommand extends RepositoryOptions {
    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        Keeping keeping = Keeping.of(repository);
        output.document(() -> new ShowDocument(keeping.entry(snapshot)));
        Manifest manifest = snapshot.manifest();
        output.line("snapshot     %s", snapshot.id());
        output.line(
                "machine      %s, backed up on %s",
                Printable.name(manifest.machine()), Printable.name(manifest.host()));
        output.line(
                "time         %s to %s",
                SnapshotsCommand.TIME.format(manifest.startedAt()),
                SnapshotsCommand.TIME.format(manifest.finishedAt()));
        manifest.machineGuid().ifPresent(guid -> output.line("machine GUID %s", guid));
        manifest.sourceState().ifPresent(state -> output.line("source state %s", Printable.name(state)));
        output.line("consistency  %s", manifest.consistency());
        output.line("parent       %s", manifest.parent().map(Object::toString).orElse("none"));
        output.line("writer       %s", manifest.writer());
        if (!manifest.labels().tags().isEmpty()) {
            output.line(
                    "tags         %s",
                    manifest.labels().tags().stream().map(Printable::name).collect(Collectors.joining(", ")));
        }
        manifest.labels().note().ifPresent(note -> output.line("note         %s", Printable.name(note)));
        if (keeping.isProtected().contains(snapshot.id())) {
            output.line(
                    "protected    'varve unprotect %s' lets it be forgotten",
                    snapshot.id().shortId());
        }
        keeping.holds().of(manifest.machine()).ifPresent(hold -> output.line("hold         %s", hold));
        for (DiskRecord disk : manifest.disks()) {
            show(disk, output);
        }
        if (!manifest.files().isEmpty()) {
            output.line("");
        }
        for (Manifest.FileRecord file : manifest.files()) {
            output.line(
                    "file         %s, %s (%d bytes)",
                    Printable.name(file.name()), ByteSize.text(file.size()), file.size());
        }
    }

    private static void show(DiskRecord disk, Output output) {
        DiskCounters counters = disk.counters();
        output.line("");
        output.line(
                "disk %d       %s, %s, from %s",
                disk.number(),
                Printable.name(disk.name()),
                Printable.name(disk.format()),
                Printable.name(disk.source()));
        output.line(
                "  size       %s (%d bytes), sectors %d/%d",
                ByteSize.text(disk.size()), disk.size(), disk.logicalSectorSize(), disk.physicalSectorSize());
        output.line("  GUID       %s", disk.guid().map(UUID::toString).orElse("none"));
        output.line("  mode       %s (%s: %s)", disk.mode(), disk.reasonCode(), Printable.name(disk.reason()));
        output.line("  token      %s", Printable.name(disk.changeToken().orElse("none")));
        output.line(
                "  map root   %s",
                disk.mapRoot().isZero() ? "ZERO" : disk.mapRoot().hex());
        output.line(
                "  bytes      changed %s (%s of it to zeros), read %s, new %s, stored %s, audited %s",
                ByteSize.text(counters.changed()),
                ByteSize.text(counters.zero()),
                ByteSize.text(counters.read()),
                ByteSize.text(counters.added()),
                ByteSize.text(counters.stored()),
                ByteSize.text(counters.audited()));
        AuditText.of(disk).ifPresent(text -> output.line("  audit      %s", text));
    }
}
