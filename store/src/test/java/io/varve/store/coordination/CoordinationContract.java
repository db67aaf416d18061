package io.varve.store.coordination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.coordination.Coordination.Grant;
import io.varve.store.coordination.Coordination.Life;
import io.varve.store.coordination.Coordination.Right;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every coordination has to hold to. */
abstract class CoordinationContract {
    abstract Coordination coordination();

    /** Ends the life of that id as a crash of its owner would. */
    abstract void crash(Life life) throws IOException;

    private Grant take(Right right) throws IOException {
        return coordination().tryTake(right, "a test").orElseThrow(() -> new AssertionError(right + " is taken"));
    }

    private boolean isFree(Right right) throws IOException {
        Optional<Grant> grant = coordination().tryTake(right, "a look");
        if (grant.isPresent()) {
            grant.get().close();
        }
        return grant.isPresent();
    }

    @Test
    void manyWriteTogetherAndOneAlone() throws IOException {
        Grant first = take(Right.WRITE);
        Grant second = take(Right.WRITE);
        assertFalse(isFree(Right.WRITE_ALONE));
        first.close();
        first.close();
        assertFalse(isFree(Right.WRITE_ALONE), "the second still writes");
        second.close();
        Grant alone = take(Right.WRITE_ALONE);
        assertFalse(isFree(Right.WRITE));
        assertFalse(isFree(Right.WRITE_ALONE));
        assertTrue(coordination().holder(Right.WRITE).contains("a test"));
        alone.close();
        assertTrue(isFree(Right.WRITE));
    }

    @Test
    void oneCollectsAndOneRemovesKeysBesideThoseWhoWrite() throws IOException {
        for (Right right : new Right[] {Right.COLLECT, Right.REMOVE_KEYS}) {
            try (Grant writer = take(Right.WRITE);
                    Grant holder = take(right)) {
                assertNotEquals(writer, holder);
                assertFalse(isFree(right));
                assertTrue(coordination().holder(right).contains("a test"));
                assertTrue(isFree(Right.WRITE));
            }
            assertTrue(isFree(right));
        }
    }

    @Test
    void whoWaitsIsTurnedAwayOrGetsItsTurn() throws Exception {
        Grant holder = take(Right.COLLECT);
        List<String> told = new ArrayList<>();
        RepositoryBusyException busy = assertThrows(
                RepositoryBusyException.class,
                () -> Waiting.take(
                        coordination(), Right.COLLECT, "here", "more", () -> "somebody", Duration.ZERO, told::add));
        assertTrue(busy.getMessage().contains("here") && busy.getMessage().contains("somebody"), busy.getMessage());
        assertEquals(List.of(), told);
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        CompletableFuture<Grant> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return Waiting.take(
                        coordination(),
                        Right.COLLECT,
                        "here",
                        "more",
                        () -> "somebody",
                        Duration.ofMinutes(1),
                        message -> asked.complete(message.contains("somebody")));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertTrue(asked.get());
        holder.close();
        waiting.get().close();
        assertTrue(isFree(Right.COLLECT));
    }

    @Test
    void aLifeIsSeenUntilItEnds() throws IOException {
        Life life = coordination().begin();
        Life other = coordination().begin();
        assertNotEquals(life.id(), other.id());
        assertEquals(life.id(), UUID.fromString(life.id()).toString());
        assertTrue(coordination().isAlive(life.id()));
        assertTrue(coordination().isOwn(life.id()));
        assertTrue(coordination().takeOver(life.id()).isEmpty(), "nobody buries the living");
        coordination().clearDead();
        assertTrue(coordination().isAlive(life.id()));
        life.close();
        assertFalse(coordination().isAlive(life.id()));
        assertFalse(coordination().isOwn(life.id()));
        assertTrue(coordination().isAlive(other.id()));
        other.close();
    }

    @Test
    void oneTakesOverWhatTheDeadLeft() throws IOException {
        Life life = coordination().begin();
        crash(life);
        assertFalse(coordination().isAlive(life.id()));
        Closeable first = coordination().takeOver(life.id()).orElseThrow();
        assertTrue(coordination().takeOver(life.id()).isEmpty(), "one is at it");
        first.close();
        assertFalse(coordination().isAlive(life.id()));
        coordination().takeOver(life.id()).orElseThrow().close(); // whose lock is gone has no more to take over
        coordination().clearDead();
    }
}
