package io.varve.tools.command;

import io.varve.adapters.file.PartialFile;
import io.varve.adapters.file.SafeName;
import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.engine.restore.FileRestore;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.RestoredFileEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.RepositoryDamagedException;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes a snapshot's configuration files to a directory, under names that are safe there. Each file appears when it is
 * complete. A file that is damaged in the repository is left out, and the others are still written.
 */
public final class FilesRestore {
    private final Path directory;
    private final boolean replace;
    private volatile int wanted;
    private final AtomicInteger restored = new AtomicInteger();

    /** @param replace whether to replace existing files */
    public FilesRestore(Path directory, boolean replace) {
        this.directory = directory;
        this.replace = replace;
    }

    /** Returns what has been done so far, for an operator who stops the command. Called from any thread. */
    String soFar() {
        return restored + " of " + Count.of(wanted, "configuration file") + " restored";
    }

    /** Checks the directory, before anything is opened. */
    void check() throws UsageException {
        Path parent = directory.toAbsolutePath().normalize().getParent();
        if (Files.exists(directory) ? !Files.isDirectory(directory) : parent == null || !Files.isDirectory(parent)) {
            throw new UsageException("--files " + directory + ": expected a directory, or a name for a new one in an"
                    + " existing directory");
        }
    }

    /**
     * Restores them.
     *
     * @param entries receives what became of each file, as far as this came
     * @throws RepositoryDamagedException if files were left out; thrown after the others were written
     */
    public void run(
            Repository repository,
            Snapshot snapshot,
            List<RestoredFileEntry> entries,
            Output output,
            Cancellation cancellation)
            throws IOException {
        List<FileRecord> files = snapshot.manifest().files();
        if (files.isEmpty()) {
            output.line("snapshot %s has no configuration files", snapshot.id());
            return;
        }
        wanted = files.size();
        createDirectory();

        SafeName names = new SafeName();
        int damaged = 0;
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            FileRestore restore = new FileRestore(session, cancellation);
            for (FileRecord file : files) {
                Path target = directory.resolve(names.of(file.name()));
                try {
                    long size = write(restore, file, target);
                    restored.incrementAndGet();
                    entries.add(new RestoredFileEntry(
                            file.name(), Optional.of(target.toString()), Optional.of(size), Optional.empty()));
                    output.line(
                            "restored file %s of %s to %s: %s",
                            Printable.name(file.name()),
                            snapshot.id(),
                            Printable.name(target.toString()),
                            ByteSize.text(size));
                } catch (CorruptDataException e) {
                    damaged++;
                    String failure = e.getMessage();
                    entries.add(new RestoredFileEntry(
                            file.name(), Optional.empty(), Optional.empty(), Optional.of(failure)));
                    output.warning(
                            WarningCode.FILE_NOT_WRITTEN,
                            "configuration file " + Printable.name(file.name()) + " was not written: " + failure);
                }
            }
        }
        if (damaged > 0) {
            throw new RepositoryDamagedException(damaged + " of " + Count.of(files.size(), "configuration file")
                    + " damaged and not written; run 'varve fsck', or"
                    + " restore them from another snapshot or repository");
        }
    }

    private void createDirectory() throws TargetException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // It exists, and was checked to be a directory.
        } catch (IOException e) {
            throw new TargetException(directory + ": cannot be created: " + Reason.of(e), e);
        }
    }

    private long write(FileRestore restore, FileRecord file, Path target) throws IOException {
        try (PartialFile partial = PartialFile.create(target, replace, false)) {
            long size = restore.run(file, partial::write);
            partial.publish();
            return size;
        }
    }
}
