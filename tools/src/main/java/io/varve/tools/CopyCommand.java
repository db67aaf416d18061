package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = {
            "Copy snapshots into another repository, sending only what it has not.",
            "",
            "Snapshots keep their ids; those that are there are passed over. If it is interrupted, the same command",
            "goes on. Both repositories must be plain and have the same block size."
        },
        footer = {"", "  varve copy -r /backup/repo --to /offsite/repo", "  varve copy --to /offsite/repo latest:web1"})
final class CopyCommand extends RepositoryOptions {
    @Option(names = "--to", required = true, paramLabel = "DIR", description = "The other repository; 'varve init' it.")
    private Path target;

    @Parameters(
            arity = "0..*",
            paramLabel = "SNAPSHOT",
            description = {"Which ones. Default: all.", SnapshotReference.HELP})
    private List<String> references = new ArrayList<>();

    @Mixin
    private WaitOption wait;

    @Option(names = "--no-progress", description = "Do not show how far it is.")
    private boolean noProgress;

    @Override
    boolean tidiesUp() {
        return true;
    }

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        List<Snapshot> snapshots = wanted(list(repository, output));
        var json = output.isJson() ? output.document().putArray("snapshots") : null;
        int copied = 0;
        try (Repository other = Repository.open(target.toAbsolutePath().normalize())) {
            if (other.config().repositoryId().equals(repository.config().repositoryId())) {
                throw new UsageException(target + " is the same repository");
            }
            if (repository.config().encrypted() || other.config().encrypted()) {
                throw new UsageException("copying from or into an encrypted repository is not there yet");
            }
            if (repository.config().blockSize() != other.config().blockSize()) {
                throw new UsageException(
                        target + ": expected blocks of " + repository.config().blockSize() + " bytes, found "
                                + other.config().blockSize() + ": 'varve init --block-size' another one");
            }
            try (ReadSession from = ReadSession.open(repository, output::notice);
                    WriteSession to = WriteSession.open(other, "copy", wait.patience(), output::notice)) {
                CopyProgress progress = new CopyProgress(cancellation);
                SnapshotCopy copy = new SnapshotCopy(from, to, progress);
                for (Snapshot snapshot : snapshots) {
                    long size = snapshot.manifest().disks().stream()
                            .mapToLong(DiskRecord::size)
                            .sum();
                    Optional<SnapshotCopy.Result> result;
                    try (Progress shown = Progress.start(output, snapshot.id().shortId(), size, !noProgress)) {
                        progress.shown = shown;
                        result = copy.copy(snapshot);
                    }
                    copied += result.isPresent() ? 1 : 0;
                    output.line(
                            "%s of %s: %s",
                            snapshot.id(),
                            snapshot.manifest().machine(),
                            result.map(r -> "copied, " + r.chunks() + " new chunks, " + ByteSize.text(r.bytesStored()))
                                    .orElse("is there"));
                    if (json != null) {
                        json.addObject()
                                .put("id", snapshot.id().text())
                                .put("copied", result.isPresent())
                                .put(
                                        "chunks",
                                        result.map(SnapshotCopy.Result::chunks).orElse(0L))
                                .put(
                                        "storedBytes",
                                        result.map(SnapshotCopy.Result::bytesStored)
                                                .orElse(0L));
                    }
                }
            }
        }
        output.line("copied %d of %d snapshots", copied, snapshots.size());
    }

    /** Oldest first, each once. */
    private List<Snapshot> wanted(SnapshotCatalog.Listing listing) throws UsageException {
        if (references.isEmpty()) {
            return listing.snapshots();
        }
        Set<Snapshot> chosen = new LinkedHashSet<>();
        for (String reference : references) {
            chosen.add(SnapshotReference.resolve(reference, listing));
        }
        return listing.snapshots().stream().filter(chosen::contains).toList();
    }

    private static final class CopyProgress implements SnapshotCopy.Listener {
        private final Cancellation cancellation;
        private Progress shown;

        CopyProgress(Cancellation cancellation) {
            this.cancellation = cancellation;
        }

        @Override
        public void bytesDone(long bytes) {
            shown.add(bytes);
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }
    }
}
