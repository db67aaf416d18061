package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.ForwardingBackend;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionReport;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A manifest that becomes visible between the marking of a collection and its list, while what it needs is on a list
 * that an earlier collection put into force, and its session has not got to rescuing it.
 */
class CommitBetweenTest {
    private static final int SIZE = 60_000;

    @TempDir
    Path root;

    private final List<String> warnings = new ArrayList<>();
    private CollectionReport report;

    /** Publishes a manifest in the midst of a collection that another one preceded. */
    private final class CommitBetween extends ForwardingBackend {
        CommitBetween(Backend inner) {
            super(inner);
        }

        @Override
        protected void publish(ObjectWriter object, String name) throws IOException {
            if (name.startsWith("snapshots/")) {
                collect(() -> {});
                report = collect(() -> super.publish(object, name));
            } else {
                super.publish(object, name);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** @param afterMarking done when it is known what the snapshots need, and nothing is condemned yet */
    private CollectionReport collect(Step afterMarking) throws IOException {
        Warnings listener = new Warnings() {
            @Override
            public void phase(String name, long steps) {
                if (name.equals("weighing")) {
                    try {
                        afterMarking.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }

            @Override
            public void warning(String code, String message) {
                warnings.add(code);
            }
        };
        try (Repository repository = Repository.open(root);
                WriteSession session = WriteSession.openForCollection(repository, "gc", Duration.ZERO, notice -> {})) {
            return Collection.run(session, new CollectionOptions(10, 100, false), listener, System.nanoTime());
        }
    }

    @Test
    void isNoReasonToRefuse() throws IOException {
        byte[] first = Backups.content(SIZE, 1);
        byte[] second = Backups.content(SIZE, 2);
        try (Repository repository = Backups.init(root)) {
            Snapshot old = Backups.backUp(repository, Backups.disk("disk", first));
            Backups.backUp(repository, Backups.disk("disk", second));
            new SnapshotShelf(repository.backend()).forget(old);
        }
        Snapshot again;
        try (Repository repository = Repository.open(new Folder(root, new CommitBetween(new LocalBackend(root))))) {
            again = Backups.backUp(repository, Backups.disk("disk", first));
        }
        assertEquals(0, report.condemnedPacks(), "the next one condemns what is left");
        assertEquals(List.of("condemned-pack-needed"), warnings);
        try (Repository repository = Repository.open(root)) {
            Backups.assertRestores(repository, again, first);
            collect(() -> {});
            collect(() -> {});
            Backups.assertRestores(repository, again, first);
            FsckReport fsck = Backups.fsck(repository, FsckOptions.Level.DEEP);
            assertFalse(fsck.hasErrors(), () -> "" + fsck.findings());
        }
    }
}
