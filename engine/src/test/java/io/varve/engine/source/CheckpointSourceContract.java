package io.varve.engine.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.backup.Mode;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link CheckpointSource} keeps: after a night that ran to its end nothing of an earlier one is left at the
 * source, whatever step that died at; every committed snapshot is the disk as it was frozen; and nobody else's
 * checkpoints are touched.
 */
public abstract class CheckpointSourceContract {
    /** A machine to back up, which is there whatever becomes of the processes that do it. */
    public interface Machine {
        /** A new process. */
        CheckpointSource source(Steps steps);

        void write(SplittableRandom random);

        byte[] disk();

        /** @param state the newest snapshot's */
        void assertNothingIsLeft(Optional<String> state);
    }

    @TempDir
    protected Path temp;

    protected abstract Machine newMachine() throws IOException;

    /** How a later night reads the disk. */
    protected Mode laterMode() {
        return Mode.INCREMENTAL;
    }

    @Test
    protected void aCrashAtAnyStepIsDealtWithByTheNextNight() throws IOException {
        int steps = 0;
        boolean crashed = true;
        while (crashed) {
            steps++;
            Machine machine = newMachine();
            try (Repository repository = Backups.init(temp.resolve("step" + steps))) {
                Nights nights = new Nights(machine, repository, steps);
                nights.night(0);
                crashed = nights.night(steps);
                nights.night(0);
                nights.check();
            }
        }
        assertTrue(steps > 8, "the process died at " + steps + " steps only");
    }

    @Tag("long")
    @Test
    void manyCrashesInARowAreDealtWithToo() throws IOException {
        for (long seed = 1; seed <= 8; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            try (Repository repository = Backups.init(temp.resolve("seed" + seed))) {
                Nights nights = new Nights(newMachine(), repository, seed);
                nights.night(0);
                for (int i = 0; i < 12; i++) {
                    nights.night(random.nextInt(14));
                }
                nights.night(0);
                nights.check();
            }
        }
    }

    /** Nights of one machine; what was frozen in each is remembered. */
    private final class Nights {
        private final Machine machine;
        private final Repository repository;
        private final SplittableRandom random;
        private final Map<String, byte[]> frozen = new HashMap<>();
        private final String what;
        private boolean isFirst = true;

        Nights(Machine machine, Repository repository, long seed) {
            this.machine = machine;
            this.repository = repository;
            this.random = new SplittableRandom(seed);
            this.what = "step or seed " + seed;
        }

        /** @return whether the process died */
        boolean night(int lastStep) throws IOException {
            machine.write(random);
            byte[] content = machine.disk();
            Steps steps = new Steps(lastStep);
            Backups.Log log = new Backups.Log();
            boolean mayBeWhole = isFirst;
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
                BackupOptions options = new BackupOptions(1, 16 << 10, 0, 1);
                Snapshot snapshot = new BackupJob(session, options, log, new Cancellation(), "test")
                        .run("machine", machine.source(steps));
                frozen.put(snapshot.id().text(), content);
                isFirst = false;
                if (!mayBeWhole && !steps.isDead()) {
                    assertEquals(
                            laterMode().word(),
                            snapshot.manifest().disks().get(0).mode(),
                            what + ": " + snapshot.manifest().disks().get(0).reason());
                }
            } catch (SourceException e) {
                assertTrue(steps.isDead(), what + ": " + e);
            }
            if (!steps.isDead()) {
                assertEquals(List.of(), log.warnings, what);
                machine.assertNothingIsLeft(newest().manifest().sourceState());
            }
            return steps.isDead();
        }

        private Snapshot newest() throws IOException {
            return repository.snapshots().newest("machine", damaged -> {}).orElseThrow();
        }

        void check() throws IOException {
            List<Snapshot> snapshots = repository.snapshots().list().snapshots();
            assertEquals(frozen.size(), snapshots.size(), what);
            for (Snapshot snapshot : snapshots) {
                assertArrayEquals(
                        frozen.get(snapshot.id().text()),
                        Backups.restore(repository, snapshot.manifest().disks().get(0)),
                        what);
            }
            assertEquals(laterMode().word(), newest().manifest().disks().get(0).mode(), what);
            assertEquals(
                    List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings());
        }
    }
}
