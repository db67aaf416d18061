package io.varve.tools.command;

import io.varve.adapters.file.PartialFile;
import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.Repository;
import io.varve.store.export.ExportSink;
import io.varve.store.export.SnapshotExport;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.ExportDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Closing;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.PackProgress;
import io.varve.tools.output.UsageException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write one snapshot and everything it needs to a single file, for tape, a safe or" + " another site.",
            "",
            "The file is a tar archive of a repository with only this snapshot. 'varve import'"
                    + " adds it to another repository; unpacked with tar, it is a repository to restore"
                    + " from. An export of an encrypted repository stays encrypted and includes its keys,"
                    + " so the same passphrase opens it. Exporting needs no key."
        },
        footer = {
            "",
            "  varve export latest:web1 --to /mnt/safe/web1.varve",
            "  varve export latest:web1 --to - | ssh other varve import -r /backup/repo -"
        })
@Prints(ExportDocument.class)
public final class ExportCommand extends RepositoryOptions {
    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FILE",
            description = "File to create, which gets its name when it is complete; - for standard output.")
    private String target;

    @Option(names = "--force", description = "Replace FILE if it exists.")
    private boolean force;

    @Mixin
    private ProgressOption progress;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        if (target.equals("-")) {
            return "what went to standard output is incomplete and cannot be imported";
        }
        return target + " was not written";
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        boolean toStandardOutput = target.equals("-");
        if (toStandardOutput && output.isJson()) {
            throw new UsageException("--json and the export cannot both go to standard output: give --to a file");
        }
        if (!toStandardOutput) {
            Path file = Path.of(target);
            OutputPath.checkOutside(file, "the export", repository);
            OutputPath.checkNew(file, force);
        }
        SnapshotExport.Result result;
        try (ReadSession session = ReadSession.open(repository, output::notice);
                PackProgress listener = new PackProgress(output, "writing packs", cancellation)) {
            SnapshotExport export = new SnapshotExport(session, listener);
            result = toStandardOutput ? export.write(snapshot, standardOutput()) : write(export, snapshot, output);
        }
        String done = String.format(
                "exported %s of %s: %s, %s%s",
                snapshot.id(),
                snapshot.manifest().machine(),
                Count.of(result.chunks(), "chunk"),
                ByteSize.text(result.bytes()),
                result.proven() ? "" : ", checked by hashes only, without the key");
        if (toStandardOutput) {
            output.notice(done);
        } else {
            output.line("%s", done);
        }
        output.document(() ->
                new ExportDocument(snapshot.id().text(), target, result.chunks(), result.bytes(), result.proven()));
    }

    private SnapshotExport.Result write(SnapshotExport export, Snapshot snapshot, Output output) throws IOException {
        SnapshotExport.Result[] result = new SnapshotExport.Result[1];
        Closing.after(PartialFile.create(Path.of(target), force, false), output, file -> {
            long[] length = new long[1];
            result[0] = export.write(snapshot, bytes -> {
                int count = bytes.remaining();
                file.write(length[0], bytes);
                length[0] += count;
            });
            publish(file);
        });
        return result[0];
    }

    private static void publish(PartialFile file) throws IOException {
        try {
            file.publish();
        } catch (TargetException e) {
            throw e;
        } catch (IOException e) {
            throw new UnknownOutcomeException(
                    "the export is complete, but may not survive a power cut: " + Reason.of(e)
                            + "; check the disk before repeating it (with --force)",
                    e);
        }
    }

    /** Returns the file descriptor itself, which stays open. {@code System.out} is for text. */
    private static ExportSink standardOutput() {
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        return bytes -> {
            try {
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            } catch (IOException e) {
                throw new TargetException("standard output: " + e.getMessage(), e);
            }
        };
    }
}
