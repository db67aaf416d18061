package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.export.ExportFile;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.fault.Reason;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.document.CopyDocument;
import io.varve.tools.document.CopyEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Closing;
import io.varve.tools.option.DryRunOption;
import io.varve.tools.option.ImportKeyOptions;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.NamedFile;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SecondRepository;
import io.varve.tools.option.StandardInput;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.Output;
import io.varve.tools.output.Progress;
import io.varve.tools.output.Scratch;
import io.varve.tools.output.Subject;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Add an exported snapshot to the repository.",
            "",
            "The whole file is checked against its digest before anything is stored, and every"
                    + " chunk is verified by its id. Only chunks that the repository lacks are stored,"
                    + " re-encrypted if the keys differ. The snapshot keeps its id, or gets a new one if it"
                    + " was forgotten here."
        })
@Prints(CopyDocument.class)
public final class ImportCommand extends RepositoryOptions {
    @Parameters(
            paramLabel = "FILE",
            description = "File written by 'varve export'; - for standard input, which is saved in the"
                    + " --scratch directory first.")
    private String source;

    @Mixin
    private ImportKeyOptions exportKey;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "Directory for an index of the export, and for the export itself if it comes from"
                    + " standard input. Default: the system's temporary directory.")
    private Path scratch;

    @Option(names = "--decrypt", description = "Allow importing from an encrypted repository into a plain one.")
    private boolean decrypt;

    @Mixin
    private DryRunOption dryRun;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ProgressOption progress;

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.WRITE;
    }

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "nothing was committed";
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun.given();
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        Path directory = makeScratch();
        boolean done = false;
        try {
            Path file = source.equals("-") ? StandardInput.keep(directory, cancellation) : Path.of(source);
            if (!isFile(file)) {
                throw new UsageException(source + ": no such file");
            }
            try (Repository export = open(file, makeIndex(directory), output, cancellation)) {
                run(export, repository, output, cancellation);
                done = true;
            }
        } finally {
            delete(directory, done, output);
        }
    }

    /** Deletes the scratch directory. A failure to do so does not change the result of the import. */
    private static void delete(Path directory, boolean done, Output output) {
        try {
            Scratch.delete(directory);
        } catch (IOException e) {
            String message = directory + ": cannot delete this scratch directory: " + Reason.bare(e) + "; delete it";
            if (done) {
                output.warning(WarningCode.NOT_DELETED, message);
            } else {
                output.notice(message);
            }
        }
    }

    private Path makeScratch() throws IOException {
        Path place = scratch == null ? Path.of(System.getProperty("java.io.tmpdir")) : scratch;
        if (!NamedFile.isDirectory(place)) {
            throw new UsageException(place + ": no such directory");
        }
        OutputPath.checkOutside(place, "the scratch directory");
        try {
            return Files.createTempDirectory(place, "varve-import-");
        } catch (IOException e) {
            throw new IOException(place + ": cannot create a scratch directory there: " + Reason.bare(e), e);
        }
    }

    private static Path makeIndex(Path directory) throws IOException {
        Path index = directory.resolve("index-of-export");
        try {
            return Files.createDirectory(index);
        } catch (IOException e) {
            throw new IOException(index + ": cannot create this directory: " + Reason.bare(e), e);
        }
    }

    private static long length(Path file) throws SourceException {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new SourceException(file + ": cannot read its length: " + Reason.bare(e) + "; nothing was stored", e);
        }
    }

    private static boolean isFile(Path file) throws SourceException {
        try {
            return NamedFile.isFile(file);
        } catch (IOException e) {
            throw new SourceException(Reason.of(e) + "; nothing was stored", e);
        }
    }

    private Repository open(Path file, Path index, Output output, Cancellation cancellation) throws IOException {
        try (Progress shown = Progress.start(output, Subject.phase("verifying"), length(file))) {
            return ExportFile.open(file, index, new ExportFile.Listener() {
                @Override
                public void bytesRead(long bytes) {
                    shown.add(bytes);
                }

                @Override
                public void check() throws IOException {
                    cancellation.check();
                }
            });
        } catch (CorruptDataException | NotARepositoryException e) {
            throw new SourceException("not a valid export: " + Reason.of(e) + "; nothing was stored", e);
        } catch (IOException e) {
            throw placed(e, "writing an index of " + source + " in " + index);
        }
    }

    private void run(Repository export, Repository repository, Output output, Cancellation cancellation)
            throws IOException {
        if (export.config().blockSize() != repository.config().blockSize()) {
            throw new UsageException(
                    source + " has blocks of " + export.config().blockSize()
                            + " bytes, the repository of " + repository.config().blockSize()
                            + ": import it into another one, or unpack it with tar and restore from there");
        }
        if (export.config().encrypted() && !repository.config().encrypted() && !decrypt) {
            throw new UsageException(source + " is encrypted and the repository is not: whoever can"
                    + " read its files could read the disks. If that is intended, give --decrypt");
        }
        SecondRepository.unlock(export, source, exportKey, repository);
        SnapshotCatalog.Listing listing = export.snapshots().list();
        if (!listing.damaged().isEmpty()) {
            throw new SourceException(source + ": " + listing.damaged().get(0).getMessage());
        }
        Snapshot snapshot = listing.snapshots().get(0);
        list(repository, output); // also compares it with what this computer has seen of it
        long size =
                snapshot.manifest().disks().stream().mapToLong(DiskRecord::size).sum();
        CopyEntry[] result = new CopyEntry[1];
        try (ReadSession from = ReadSession.open(export, notice -> {})) {
            WriteSession open = dryRun.given()
                    ? WriteSession.openToLook(repository, "import --dry-run", wait.patience(), output::notice)
                    : WriteSession.open(repository, "import", wait.patience(), output::notice);
            Closing.after(open, output, to -> {
                try (Progress shown = Progress.start(output, CopyCommand.subject("importing", snapshot), size)) {
                    SnapshotCopy.Listener listener = CopyCommand.listener(shown, cancellation, output);
                    SnapshotCopy copy = new SnapshotCopy(from, to, listener);
                    result[0] = dryRun.given()
                            ? CopyCommand.forecast(
                                    snapshot, copy.forecast(snapshot, true), copy.forecastIsExact(), output)
                            : CopyCommand.report(snapshot, copy.copy(snapshot, true), output);
                }
            });
        } catch (IOException e) {
            throw placed(e, "importing " + source + " into " + place());
        }
        output.document(() -> new CopyDocument(List.of(result[0]), dryRun.given()));
        if (dryRun.given()) {
            output.line("dry run: the export is intact, and nothing was stored");
        } else {
            rememberAll(repository, output);
        }
    }
}
