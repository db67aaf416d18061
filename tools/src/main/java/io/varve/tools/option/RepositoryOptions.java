package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.crypt.Credential;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.SeenSnapshots;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.UnreadableMemoryException;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The base of all commands that work on a repository. */
public abstract class RepositoryOptions extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "The repository: a directory, s3://BUCKET/PREFIX, or @NAME from a configuration file."
                    + " Default: VARVE_REPO.")
    private String repository;

    @Mixin
    private KeyOptions keys;

    private RepositoryChoice choice; // null until it is first needed

    private String openedWith = "";

    /** Where the repository is. */
    public RepositoryPlace place() throws UsageException {
        if (choice == null) {
            choice = RepositoryChoice.require(repository, spec());
            keys.of(choice);
        }
        return choice.place();
    }

    @Override
    public final boolean usesRepository() {
        return true;
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        RepositoryPlace place = place();
        output.detail("repository " + place + ", from " + choice.origin());
        Closing.after(Repository.open(place.location()), output, repository -> {
            output.detail("repository " + repository.config().repositoryId() + ", blocks of "
                    + ByteSize.text(repository.config().blockSize())
                    + (repository.config().encrypted() ? ", encrypted; key from " + keys.place() : ""));
            try {
                repository.backend().traffic().ifPresent(output::traffic);
                unlock(repository, output);
                run(repository, output, cancellation);
            } finally {
                TrafficText.tell(repository, output);
            }
        });
    }

    /** Returns why the command needs the key of an encrypted repository. */
    public KeyNeed keyNeed() {
        return KeyNeed.NONE;
    }

    /** Whether to warn, before the command begins, of a repository that was rolled back. */
    public boolean tellsRollBack() {
        return true;
    }

    /** Returns the id of the key that opened the repository; empty if none did. */
    public String openedWith() {
        return openedWith;
    }

    private void unlock(Repository open, Output output) throws IOException {
        if (!open.config().encrypted()) {
            if (keyNeed() == KeyNeed.WRITE && keys.isThere()) {
                throw new LockedRepositoryException("a key was given, but " + RepositoryConfig.OBJECT
                        + " says that the repository is not encrypted: the file was tampered with, or"
                        + " this is another repository; nothing was stored. If it is meant to be plain,"
                        + " give no key (here it comes from " + keys.place() + ")");
            }
            return;
        }
        Optional<Credential> credential =
                keyNeed() == KeyNeed.NONE ? keys.given() : Optional.of(keys.require("the repository"));
        if (credential.isPresent()) {
            try (Credential opening = credential.get()) {
                openedWith = open.unlock(opening, output::notice);
            }
        }
        if (tellsRollBack()) {
            warnIfRolledBack(open, output);
        }
    }

    /** Warns if an encrypted repository lacks snapshots that this computer has seen. */
    public static void warnIfRolledBack(Repository open, Output output) throws IOException {
        if (!open.config().encrypted()) {
            return;
        }
        try {
            seen(open)
                    .rolledBack()
                    .values()
                    .forEach(message -> output.warning(WarningCode.ROLLED_BACK, "ROLLED BACK: " + message));
        } catch (UnreadableMemoryException e) {
            output.notice(e.getMessage());
        }
    }

    public static SeenSnapshots seen(Repository open) {
        return new SeenSnapshots(open.home().seenFile(), open.backend(), open.shelf());
    }

    /**
     * Remembers snapshots, so that their loss is noticed; in an encrypted repository only verified ones. A failure to
     * save this is only a notice.
     */
    public static void remember(Repository open, List<Snapshot> oldestFirst, Output output) {
        if (open.isLocked()) {
            return;
        }
        try {
            seen(open).remember(oldestFirst);
        } catch (IOException e) {
            output.notice("cannot save the list of seen snapshots of this repository: " + Reason.of(e));
        }
    }

    /** As {@link #remember}, for all snapshots after a commit. A failure to list them is only a notice. */
    public static void rememberAll(Repository open, Output output) {
        try {
            remember(open, open.snapshots().list().snapshots(), output);
        } catch (IOException e) {
            output.notice("cannot list the snapshots to remember them on this computer: " + Reason.of(e));
        }
    }

    public static Repository requireEncrypted(Repository repository) throws UsageException {
        if (!repository.config().encrypted()) {
            throw new UsageException("the repository is not encrypted and has no keys");
        }
        return repository;
    }

    public abstract void run(Repository open, Output output, Cancellation cancellation) throws IOException;

    /** Lists the snapshots. Unreadable manifests become warnings. */
    public static SnapshotCatalog.Listing list(Repository repository, Output output) throws IOException {
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        listing.damaged()
                .forEach(e -> output.warning(WarningCode.SNAPSHOT_DAMAGED, "unreadable manifest: " + e.getMessage()));
        remember(repository, listing.snapshots(), output);
        return listing;
    }
}
