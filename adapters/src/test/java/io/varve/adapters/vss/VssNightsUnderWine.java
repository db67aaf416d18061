package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many nights by shadow copies with random faults: each call may fail, hang or be cut off with its process. No shadow
 * copy and no process stays. Shadow copies are counted outside of the processes: each is a file that Windows deletes.
 * How many nights, {@code -Dvarve.vss.nights} says.
 */
class VssNightsUnderWine {
    private static final int SIZE = 1 << 20;
    private static final int NIGHTS = Integer.getInteger("varve.vss.nights", 16);
    private static final VssWorkerProcess.Timing TIMING = new VssWorkerProcess.Timing(20, 12, 4);

    private static final List<String> CALLS = List.of(
            "Create",
            "InitializeForBackup",
            "SetContext",
            "SetBackupState",
            "EnableWriterClasses",
            "GatherWriterMetadata",
            "AddComponent",
            "StartSnapshotSet",
            "IsVolumeSupported",
            "AddToSnapshotSet",
            "PrepareForBackup",
            "GatherWriterStatus",
            "DoSnapshotSet",
            "GetSnapshotProperties",
            "SetBackupSucceeded",
            "BackupComplete",
            "DeleteSnapshots",
            "AbortBackup");
    private static final List<String> CODES = List.of(
            "80042301",
            "80042306",
            "80042308",
            "8004230f",
            "80042313",
            "80042316",
            "8004231f",
            "800423f2",
            "800423f3",
            "800423f4",
            "80070005",
            "8000ffff");

    @TempDir
    private Path temp;

    private VssHost host;
    private Path disks;
    private byte[] content;
    private int committed;
    private int failed;
    private int cut;

    @BeforeEach
    void machine() throws IOException {
        Path volume = Files.createDirectories(temp.toRealPath().resolve("volume"));
        disks = Files.createDirectories(volume.resolve("vm"));
        content = new byte[SIZE];
        new SplittableRandom(20).nextBytes(content);
        try (DiskTarget target = VhdxTarget.create(disks.resolve("system.vhdx"), NewVhdx.ofSize(SIZE), false)) {
            target.write(0, ByteBuffer.wrap(content));
            target.commit();
        }
        host = newHost();
    }

    private VssHost newHost() throws IOException {
        VssHost made = new VssHost(disks.getParent());
        made.web("Backup Using Child Partition Snapshot");
        made.file(disks, "*.vhdx", false);
        return made;
    }

    private static List<String> faults(SplittableRandom random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String kind = random.nextBoolean() ? "error " : "late ";
            lines.add(kind + any(CALLS, random) + " " + any(CODES, random) + " " + (1 + random.nextInt(3)));
        }
        int oddity = random.nextInt(40);
        if (oddity == 0) {
            lines.add("hang " + any(CALLS, random));
        } else if (oddity == 1) {
            lines.add("failure 800423f4");
        } else if (oddity == 2) {
            lines.add("nowriter");
        }
        return lines;
    }

    private static String any(List<String> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }

    @Test
    void nothingIsLeft() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int night = 1; night <= NIGHTS; night++) {
            host = newHost();
            List<String> faults = faults(random);
            faults.forEach(host::script);
            String label = "seed " + seed + ", night " + night + ", " + faults;
            int delay = night % 8 == 1 ? random.nextInt(2500) : -1; // every eighth is cut off
            boolean isCut = night(random, delay, label) || faults.toString().contains("hang");
            host.assertNoShadowCopies();
            assertEquals(0, workers(), label);
            assertSessionsEnd(isCut, label);
        }
        String sum = "seed " + seed + ": " + committed + " committed, " + failed + " failed, " + cut + " cut off";
        System.out.println(sum);
        // Of sixteen nights two are cut off, and both may have ended before.
        assertTrue(committed > NIGHTS / 6 && failed > NIGHTS / 10 && cut >= NIGHTS / 32, sum);
    }

    /**
     * @param delay milliseconds after which the worker is killed; negative for a night that is not cut off
     * @return whether the worker was killed
     */
    private boolean night(SplittableRandom random, int delay, String label) {
        AtomicBoolean isHit = new AtomicBoolean();
        Thread killing = new Thread(() -> isHit.set(killWorkers(delay)));
        host.whenStarted(delay >= 0 ? killing::start : () -> {});
        try (Checkpoint checkpoint = host.source(false, TIMING).take(Previous.NONE)) {
            DiskImage image = checkpoint.disks().get(0).image();
            ByteBuffer all = ByteBuffer.allocate(SIZE);
            image.read(0, all);
            assertArrayEquals(content, all.array(), label);
            if (random.nextInt(10) == 0) {
                Files.createFile(host.home.resolve("overflow"));
            }
            image.checkUnchanged();
            if (random.nextInt(6) > 0) {
                checkpoint.commit("a snapshot");
                committed++;
            }
        } catch (IOException e) {
            failed++;
        } finally {
            join(killing);
        }
        cut += isHit.get() ? 1 : 0;
        return isHit.get();
    }

    /**
     * Kills the worker after the delay.
     *
     * @return whether it still lived
     */
    private boolean killWorkers(int delay) {
        try {
            TimeUnit.MILLISECONDS.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean isThere = host.worker().isAlive();
        host.worker().destroyForcibly();
        return isThere;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long workers() throws InterruptedException {
        long alive = ProcessHandle.current().children().count();
        for (int i = 0; i < 50 && alive > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(200);
            alive = ProcessHandle.current().children().count();
        }
        return alive;
    }

    /** Every session is released, and none is completed after it was aborted. */
    private void assertSessionsEnd(boolean isCut, String label) throws IOException {
        boolean isAborted = false;
        int open = 0;
        for (String call : host.calls()) {
            switch (call) {
                case "InitializeForBackup" -> {
                    open++;
                    isAborted = false;
                }
                case "Release" -> open--;
                case "AbortBackup" -> isAborted = true;
                case "BackupComplete" -> assertTrue(!isAborted, label + ": completed after it was aborted");
                default -> {}
            }
        }
        assertTrue(isCut || open <= 0, label + ": " + open + " sessions without an end");
    }

    /** The count above is of what exists: with one shadow copy that outlives its process it is red. */
    @Test
    void aLeakIsSeen() throws Exception {
        host.script("leak");
        host.source(false, TIMING).take(Previous.NONE).close();
        assertThrows(AssertionError.class, host::assertNoShadowCopies);
        assertEquals(1, host.shadowCopies());
        newHost();
    }
}
