package io.varve.engine.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.engine.backup.CountingBackend;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.backend.WholeObject;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.copy.SnapshotCopy.Outcome;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotShelf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy costs: what has changed, once, and after an interruption what is left. */
class SnapshotCopyTest {
    /** 24 leaves. */
    private static final int SIZE = 24 << 20;

    @TempDir
    Path temp;

    private Repository plain(String name) throws IOException {
        return Backups.init(temp.resolve(name));
    }

    private Repository encrypted(String name) throws IOException {
        Path key = temp.resolve(name + ".key");
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), Backups.BLOCK, 64 << 10, Instant.now(), true);
        return Repository.initEncrypted(
                new Folder(temp.resolve(name)), config, Credential.newKeyFile(key), "k", new Argon2(64, 1, 1));
    }

    private Repository target(boolean rename) throws IOException {
        return rename ? encrypted("to") : plain("to");
    }

    /** Ends a copy after so many leaves. */
    /** A copy asks at each leaf and at each of its 256 blocks that the target lacks. */
    private static SnapshotCopy.Listener stoppingAfter(int leaves) {
        return new SnapshotCopy.Listener() {
            private long left = 60L * leaves;

            @Override
            public void bytesDone(long bytes) {}

            @Override
            public void check() throws InterruptedIOException {
                if (left-- == 0) {
                    throw new InterruptedIOException("stopped by the test");
                }
            }
        };
    }

    private static List<SnapshotCopy.Result> copy(Repository from, Repository to, int leaves) throws IOException {
        List<SnapshotCopy.Result> results = new ArrayList<>();
        try (ReadSession reading = ReadSession.open(from, notice -> {});
                WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
            SnapshotCopy copy = new SnapshotCopy(reading, writing, stoppingAfter(leaves));
            for (Snapshot snapshot : from.snapshots().list().snapshots()) {
                results.add(copy.copy(snapshot));
            }
        }
        return results;
    }

    private static List<SnapshotCopy.Result> copy(Repository from, Repository to) throws IOException {
        return copy(from, to, Integer.MAX_VALUE);
    }

    private static long chunks(Repository repository) throws IOException {
        FsckReport report = Backups.fsck(repository, FsckOptions.Level.STRUCTURE);
        assertFalse(report.hasErrors(), () -> "" + report.findings());
        return report.chunks();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interruptedItGoesOnAndSendsNothingTwice(boolean rename) throws IOException {
        try (Repository from = plain("from");
                Repository to = target(rename)) {
            byte[] content = Backups.content(SIZE, 1);
            Backups.backUp(from, Backups.disk("disk", content));
            long there = 0;
            for (int leaves : new int[] {3, 11, 17}) {
                assertThrows(InterruptedIOException.class, () -> copy(from, to, leaves));
                assertEquals(0, to.snapshots().list().snapshots().size(), "nothing is committed");
                assertTrue(chunks(to) > there, "each run gets further than the last: " + chunks(to));
                there = chunks(to);
            }
            SnapshotCopy.Result last = copy(from, to).get(0);
            assertEquals(chunks(to), there + last.chunks(), "what had arrived was not sent again");
            assertEquals(chunks(from), chunks(to), "no chunk is there twice, none is missing");
            Backups.assertRestores(to, to.snapshots().list().snapshots().get(0), content);
            assertEquals(List.of(), Backups.fsck(to, FsckOptions.Level.DEEP).findings());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNightCostsWhatHasChanged(boolean rename) throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        try (Repository from = plain("from")) {
            Backups.backUp(from, Backups.disk("disk", content));
        }
        CountingBackend counting = new CountingBackend(temp.resolve("from"));
        try (Repository from = Repository.open(new Folder(temp.resolve("from"), counting));
                Repository to = target(rename)) {
            copy(from, to);
            long whole = counting.bytes.get();
            content[5] ^= 1;
            content[SIZE - 5] ^= 1;
            Backups.backUp(from, Backups.disk("disk", content));
            Backups.backUp(from, Backups.disk("disk", content));
            counting.bytes.set(0);
            List<SnapshotCopy.Result> nights = copy(from, to);
            assertEquals(Outcome.THERE, nights.get(0).outcome());
            assertEquals(2 + 2 + 1, nights.get(1).chunks(), "two blocks, two leaves, the root");
            assertEquals(0, nights.get(2).chunks());
            assertEquals(Outcome.COPIED, nights.get(2).outcome());
            assertTrue(counting.bytes.get() < whole / 50, counting.bytes.get() + " of " + whole + " bytes read");
            for (Snapshot night : to.snapshots().list().snapshots().subList(1, 3)) {
                Backups.assertRestores(to, night, content);
            }
        }
    }

    /** Several machines made from one image: what they share is neither read nor walked twice. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clonesAreReadOnce(boolean rename) throws IOException {
        byte[] content = Backups.content(SIZE, 1);
        try (Repository from = plain("from")) {
            Backups.backUp(from, Backups.disk("a", content), Backups.disk("b", content.clone()));
        }
        CountingBackend counting = new CountingBackend(temp.resolve("from"));
        try (Repository from = Repository.open(new Folder(temp.resolve("from"), counting));
                Repository to = target(rename)) {
            copy(from, to);
            long stored = Backups.fsck(from, FsckOptions.Level.READ_DATA).bytesRead();
            assertTrue(counting.bytes.get() < 3 * stored, counting.bytes.get() + " bytes read, with fsck's " + stored);
            Backups.assertRestores(to, to.snapshots().list().snapshots().get(0), content, content);
        }
    }

    /** The state that only differs is taken from was lost in the target: then everything is gone through. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBaseThatIsDamagedInTheTargetIsNotReliedOn(boolean rename) throws IOException {
        try (Repository from = plain("from");
                Repository to = target(rename)) {
            byte[] content = Backups.content(SIZE / 8, 1);
            Backups.backUp(from, Backups.disk("disk", content));
            copy(from, to);
            List<String> packs = new ArrayList<>();
            to.backend().list("packs", (name, size) -> packs.add(name));
            to.backend().delete(packs.get(0));
            content[5] ^= 1;
            Backups.backUp(from, Backups.disk("disk", content));
            copy(from, to);
            Snapshot second = to.snapshots().list().snapshots().get(1);
            assertTrue(
                    Backups.fsck(to, FsckOptions.Level.DEEP).affected().stream()
                            .noneMatch(disk -> disk.snapshot().equals(second.id())),
                    "the second copy is whole, whatever the first one has lost");
            Backups.assertRestores(to, second, content);
        }
    }

    @Test
    void whatWasForgottenThereStaysForgotten() throws IOException {
        try (Repository from = plain("from");
                Repository to = target(false)) {
            Backups.backUp(from, Backups.disk("disk", Backups.content(50_000, 1)));
            copy(from, to);
            SnapshotShelf shelf = new SnapshotShelf(to.backend());
            Snapshot copy = to.snapshots().list().snapshots().get(0);
            shelf.forget(copy);
            assertEquals(Outcome.FORGOTTEN, copy(from, to).get(0).outcome());
            assertEquals(0, to.snapshots().list().snapshots().size());

            String record = "forgotten/" + copy.id() + ".json";
            to.backend().delete(record);
            WholeObject.publish(to.backend(), record, new byte[] {'{'});
            assertEquals(Outcome.FORGOTTEN, copy(from, to).get(0).outcome(), "a damaged record is one");
        }
    }
}
