package io.varve.engine.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.crash.CrashedFileSystem.Unsynced;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.FileOperations;
import io.varve.store.backend.LocalBackend;
import io.varve.store.check.FsckOptions;
import io.varve.store.pack.PackListing;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer is killed between giving a pack its name and making that name durable. Another one finds the pack, relies on
 * it and commits; then the power is cut. Invariant 1: a manifest references only chunks in durable packs.
 */
class OthersPacksTest {
    @TempDir
    Path temp;

    @Test
    void whatWasFoundIsDurableBeforeItIsReliedOn() throws IOException {
        Path root = temp.resolve("recorded");
        Files.createDirectories(root);
        RecordedOperations recorder = new RecordedOperations(root);
        byte[] content = Backups.content(300 * 1024, 1);
        Repository.init(new Folder(root, new LocalBackend(root, recorder)), Backups.config())
                .close();
        assertThrows(IOException.class, () -> backUpAndDie(root, recorder, content));
        Snapshot snapshot;
        LocalBackend backend = new LocalBackend(root, recorder);
        try (Repository repository = Repository.open(new Folder(root, backend))) {
            assertTrue(!PackListing.all(backend).isEmpty(), "nothing to rely on");
            snapshot = Backups.backUp(repository, Backups.disk("disk", content));
        }
        Path cut = temp.resolve("cut");
        Files.createDirectories(cut);
        new CrashedFileSystem(recorder.operations()).materialize(cut, Unsynced.LOST, new SplittableRandom(1));
        try (Repository repository = Repository.open(cut)) {
            assertEquals(1, repository.snapshots().list().snapshots().size());
            assertTrue(!Backups.fsck(repository, FsckOptions.Level.DEEP).hasErrors());
            Backups.assertRestores(repository, snapshot, content);
        }
    }

    private static void backUpAndDie(Path root, FileOperations operations, byte[] content) throws IOException {
        try (Repository repository =
                Repository.open(new Folder(root, new LocalBackend(root, new KilledAtPacks(root, operations))))) {
            Backups.backUp(repository, Backups.disk("disk", content));
        }
    }

    /** Ends where it would sync a directory of packs. */
    private static final class KilledAtPacks implements FileOperations {
        private final Path root;
        private final FileOperations operations;
        private boolean dead;

        KilledAtPacks(Path root, FileOperations operations) {
            this.root = root;
            this.operations = operations;
        }

        private synchronized void check() throws IOException {
            if (dead) {
                throw new IOException("killed");
            }
        }

        @Override
        public void createDirectory(Path directory) throws IOException {
            check();
            operations.createDirectory(directory);
        }

        @Override
        public WritableFile create(Path file) throws IOException {
            check();
            return operations.create(file);
        }

        @Override
        public void publish(Path staged, Path name) throws IOException {
            check();
            operations.publish(staged, name);
        }

        @Override
        public void link(Path file, Path name) throws IOException {
            check();
            operations.link(file, name);
        }

        @Override
        public void delete(Path file) throws IOException {
            check();
            operations.delete(file);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            synchronized (this) {
                Path relative = root.relativize(directory);
                dead |= relative.startsWith("packs") && relative.getNameCount() == 2;
            }
            check();
            operations.syncDirectory(directory);
        }
    }
}
