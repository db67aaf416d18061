package io.varve.store.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.WholeObject;
import io.varve.store.coordination.Coordination.Grant;
import io.varve.store.coordination.Coordination.Life;
import io.varve.store.coordination.Coordination.Right;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimCoordinationTest extends CoordinationContract {
    @TempDir
    Path here;

    @TempDir
    Path elsewhere;

    private final MemoryBackend objects = new MemoryBackend();

    @Override
    Coordination coordination() {
        return new ClaimCoordination(objects, here);
    }

    private Coordination ofOtherComputer() {
        return new ClaimCoordination(objects, elsewhere);
    }

    /** What a dead process leaves: object and file without the lock. */
    @Override
    void crash(Life life) throws IOException {
        life.close();
        leave("life", life.id(), here);
    }

    private void leave(String kind, String id, Path locks) throws IOException {
        WholeObject.publish(objects, "claims/" + kind + "." + id, new byte[] {'?'});
        Files.createFile(locks.resolve(id + ".lock"));
    }

    private List<String> claims() throws IOException {
        List<String> names = new ArrayList<>();
        objects.list("claims", (name, size) -> names.add(name));
        return names;
    }

    @Test
    void aRightIsExclusiveBetweenComputers() throws IOException {
        Grant collector = coordination().tryTake(Right.COLLECT, "gc").orElseThrow();
        assertTrue(ofOtherComputer().tryTake(Right.COLLECT, "gc").isEmpty());
        assertTrue(ofOtherComputer().holder(Right.COLLECT).contains(", gc;"));
        Grant writer = ofOtherComputer().tryTake(Right.WRITE, "").orElseThrow();
        assertTrue(coordination().tryTake(Right.WRITE_ALONE, "repair").isEmpty());
        writer.close();
        Grant alone = coordination().tryTake(Right.WRITE_ALONE, "repair").orElseThrow();
        assertTrue(ofOtherComputer().tryTake(Right.WRITE, "").isEmpty());
        alone.close();
        collector.close();
        assertEquals(List.of(), claims());
    }

    @Test
    void aCrashIsClearedOnItsOwnComputerAndStandsForOthers() throws IOException {
        String id = "01234567-89ab-cdef-0123-456789abcdef";
        leave("collect", id, here);
        assertTrue(ofOtherComputer().tryTake(Right.COLLECT, "gc").isEmpty(), "it may be at work");
        ofOtherComputer().clearDead();
        assertEquals(1, claims().size());
        coordination().tryTake(Right.COLLECT, "gc").orElseThrow().close();
        assertEquals(List.of(), claims());
        assertFalse(Files.exists(here.resolve(id + ".lock")));
    }

    @Test
    void aLifeOfAnotherComputerEndsByItselfOrByAPersonsWord() throws IOException {
        Life life = ofOtherComputer().begin();
        assertTrue(coordination().isAlive(life.id()));
        assertFalse(coordination().isOwn(life.id()));
        assertTrue(coordination().takeOver(life.id()).isEmpty());
        assertFalse(ofOtherComputer().declareDead(life.id()), "it is known to be alive there");
        assertTrue(coordination().isAlive(life.id()));
        objects.delete("claims/life." + life.id());
        assertFalse(coordination().isAlive(life.id()));
        Optional<Closeable> remains = coordination().takeOver(life.id());
        remains.orElseThrow().close();
        life.close(); // it was not dead, and finds its claim gone
        assertEquals(List.of(), claims());
    }

    /** A computer is lost in the middle of a collection: what it held is listed, and one word ends all of it. */
    @Test
    void aPersonsWordEndsAllRightsOfThatProcess() throws IOException {
        String text = "11111111-1111-1111-1111-111111111111 process 4@lost, gc";
        String life = "00000000-0000-0000-0000-000000000001";
        String right = "00000000-0000-0000-0000-000000000002";
        WholeObject.publish(objects, "claims/life." + life, text.getBytes(StandardCharsets.UTF_8));
        WholeObject.publish(objects, "claims/collect." + right, text.getBytes(StandardCharsets.UTF_8));
        String other = text.replace('1', '2');
        WholeObject.publish(
                objects, "claims/life.00000000-0000-0000-0000-000000000003", other.getBytes(StandardCharsets.UTF_8));
        assertTrue(coordination().tryTake(Right.COLLECT, "gc").isEmpty());
        assertTrue(coordination().holder(Right.COLLECT).contains(right));
        assertTrue(
                coordination().standing().contains(new Coordination.Standing(right, "collect", "process 4@lost, gc")));
        assertTrue(coordination().isRecognized(life));
        assertTrue(coordination().declareDead(life));
        assertFalse(coordination().isRecognized(life));
        coordination().tryTake(Right.COLLECT, "gc").orElseThrow().close();
        assertEquals(List.of("claims/life.00000000-0000-0000-0000-000000000003"), claims());
    }

    /** With another cache directory, a process of this computer looks like one of another. */
    @Test
    void aProcessThatRunsHereIsNotDeclaredDead() throws IOException {
        Life life = ofOtherComputer().begin();
        assertFalse(coordination().declareDead(life.id()));
        assertTrue(coordination().isAlive(life.id()));
        life.close();
    }

    @Test
    void deadClaimsOfAllKindsAreClearedAndStrangersStay() throws IOException {
        leave("write", "00000000-0000-0000-0000-000000000001", here);
        leave("keys", "00000000-0000-0000-0000-000000000002", here);
        leave("life", "00000000-0000-0000-0000-000000000003", elsewhere);
        WholeObject.publish(objects, "claims/notes.txt", new byte[1]);
        coordination().clearDead();
        List<String> left = claims();
        left.sort(null);
        assertEquals(List.of("claims/life.00000000-0000-0000-0000-000000000003", "claims/notes.txt"), left);
        assertTrue(ClaimCoordination.isClaimName(left.get(0)));
        assertFalse(ClaimCoordination.isClaimName(left.get(1)));
    }

    /** Many computers try at once, again and again: never two at the same time, and each gets its turn. */
    @Test
    void neverTwoAtOnce() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger turns = new AtomicInteger();
        ExecutorService computers = Executors.newFixedThreadPool(6);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Path locks = Files.createDirectory(elsewhere.resolve("computer" + i));
                all.add(() -> {
                    Coordination coordination = new ClaimCoordination(objects, locks);
                    for (int turn = 0; turn < 5; ) {
                        Optional<Grant> grant = coordination.tryTake(Right.WRITE_ALONE, "turn");
                        if (grant.isPresent()) {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            Thread.sleep(1);
                            inside.decrementAndGet();
                            grant.get().close();
                            turns.incrementAndGet();
                            turn++;
                        }
                        Thread.sleep((int) (Math.random() * 20));
                    }
                    return null;
                });
            }
            for (Future<Void> end : computers.invokeAll(all)) {
                end.get();
            }
        } finally {
            computers.shutdown();
        }
        assertEquals(1, most.get());
        assertEquals(30, turns.get());
        assertEquals(List.of(), claims());
    }
}
