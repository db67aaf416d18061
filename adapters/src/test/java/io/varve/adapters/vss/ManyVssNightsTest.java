package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many nights by shadow copies, each with a worker process of its own, which fails, dies, hangs, or is killed at any
 * moment. What VSS is, {@link PlayedWorker} plays; {@code VssNightsUnderWine} has Windows' calls in its place, and
 * fewer nights, because a Java takes two seconds to start there. A thousand take minutes:
 * {@code -Dvarve.vss.nights=1000}.
 */
@DisabledOnOs(OS.WINDOWS)
class ManyVssNightsTest {
    private static final int NIGHTS = Integer.getInteger("varve.vss.nights", 150);
    private static final VssWorkerProcess.Timing TIMING = new VssWorkerProcess.Timing(20, 3, 2);
    private static final List<String> STEPS =
            List.of("begin", "prepare", "copy", "frozen", "check", "finish", "abandon");
    private static final List<String> FAULTS = List.of("fail", "die", "half");

    @TempDir
    private Path temp;

    private final List<String> log = new ArrayList<>();
    private PlayedHost host;
    private VssMachine machine;
    private int committed;
    private int failed;
    private int killed;

    private void build(Path folder) throws IOException {
        host = new PlayedHost(Files.createDirectories(folder));
        machine = new VssMachine(host.machine()) {
            @Override
            VssSource newSource() {
                return host.source(TIMING);
            }

            @Override
            void processDies() throws IOException {
                host.dies();
            }

            @Override
            public void assertNothingIsLeft(java.util.Optional<String> state) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    @Tag("long")
    void manyNightsLeaveNoShadowCopyAndNoProcess() throws Exception {
        long seed = System.nanoTime();
        assertEquals(0, leftAfter(NIGHTS, seed), "seed " + seed + ": " + log);
        String sum = "seed " + seed + ": " + committed + " committed, " + failed + " failed, " + killed + " killed";
        System.out.println(sum);
        assertTrue(committed > NIGHTS / 6 && failed > NIGHTS / 4 && killed >= NIGHTS / 60, sum);
    }

    @Test
    void aFewNightsLeaveNothing() throws Exception {
        assertEquals(0, leftAfter(5, 20), log.toString());
    }

    /** One leak in one night turns the count red. */
    @Test
    void aLeakIsSeen() throws Exception {
        build(temp.resolve("leaking"));
        host.script(List.of("leak leak"));
        machine.newSource().take(Previous.NONE).close();
        assertTrue(host.areWorkersGone());
        assertEquals(1, host.shadowCopies());
    }

    /** @return shadow copies and processes that stayed after any of the nights */
    private int leftAfter(int nights, long seed) throws Exception {
        build(temp.resolve("host"));
        SplittableRandom random = new SplittableRandom(seed);
        int left = 0;
        for (int night = 1; night <= nights; night++) {
            List<String> faults = faults(random);
            host.script(faults);
            machine.write(random);
            night(random, night % 8 == 1 ? random.nextInt(600) : -1, faults);
            int found = (host.areWorkersGone() ? 0 : 1) + host.shadowCopies();
            if (found > 0) {
                log.add("night " + night + " left " + found + ": " + faults);
            }
            left += found;
        }
        return left;
    }

    private static List<String> faults(SplittableRandom random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            lines.add(any(FAULTS, random) + " " + any(STEPS, random));
        }
        if (random.nextInt(100) == 0) {
            lines.add("hang " + any(STEPS, random));
        }
        return lines;
    }

    private static String any(List<String> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** @param delay milliseconds after which the worker is killed; negative for a night in which it is not */
    private void night(SplittableRandom random, int delay, List<String> faults) throws Exception {
        Thread killing = new Thread(() -> killLater(delay));
        if (delay >= 0) {
            host.killAtStart(killing);
        }
        byte[] content = machine.disk();
        try (Checkpoint checkpoint = machine.newSource().take(Previous.NONE)) {
            DiskImage image = checkpoint.disks().get(0).image();
            ByteBuffer all = ByteBuffer.allocate(VssMachine.SIZE);
            image.read(0, all);
            assertArrayEquals(content, all.array(), faults.toString());
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
            killing.join();
        }
    }

    private void killLater(int delay) {
        try {
            TimeUnit.MILLISECONDS.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Process worker = host.lastWorker();
        if (worker.isAlive()) {
            worker.destroyForcibly();
            killed++;
        }
    }
}
