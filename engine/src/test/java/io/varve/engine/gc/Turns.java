package io.varve.engine.gc;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets several actors run one at a time, as a schedule says: each turn is an actor and the number of steps it may take;
 * behind the last turn whoever is left runs to its end. Threads that an actor starts belong to it.
 */
final class Turns {
    /** A turn of {@code steps} steps. */
    record Turn(int actor, int steps) {}

    private static final InheritableThreadLocal<Integer> ACTOR = new InheritableThreadLocal<>();

    private final List<Turn> schedule;
    private final int actors;
    private final Set<Integer> ended = new HashSet<>();
    private final int[] stepsTaken;
    private int turn;
    private int left;

    Turns(int actors, List<Turn> schedule) {
        this.actors = actors;
        this.schedule = schedule;
        this.stepsTaken = new int[actors];
        this.turn = -1;
        next();
    }

    private void next() {
        do {
            turn++;
            left = turn < schedule.size() ? schedule.get(turn).steps() : Integer.MAX_VALUE;
        } while (turn < schedule.size() && (left == 0 || ended.contains(current())));
        notifyAllWaiting();
    }

    private synchronized void notifyAllWaiting() {
        notifyAll();
    }

    private int current() {
        if (turn < schedule.size()) {
            return schedule.get(turn).actor();
        }
        for (int actor = 0; actor < actors; actor++) {
            if (!ended.contains(actor)) {
                return actor;
            }
        }
        return -1;
    }

    /** Makes the calling thread one of {@code actor}'s, and waits for its first turn. */
    void begin(int actor) {
        ACTOR.set(actor);
        synchronized (this) {
            await(actor);
        }
    }

    /** Before a step of the calling thread's actor. */
    synchronized void step() {
        Integer actor = ACTOR.get();
        if (actor == null) {
            return; // the test itself
        }
        await(actor);
        while (left == 0) {
            next();
            await(actor);
        }
        left--;
        stepsTaken[actor]++;
    }

    /** Gives up what is left of the calling thread's turn. */
    synchronized void endTurn() {
        left = 0;
    }

    private void await(int actor) {
        try {
            while (current() != actor) {
                wait(60_000);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The calling thread's actor has done what it had to do. */
    synchronized void end() {
        ended.add(ACTOR.get());
        ACTOR.remove();
        if (turn >= schedule.size() || ended.contains(current())) {
            next();
        }
        notifyAll();
    }

    synchronized int stepsTaken(int actor) {
        return stepsTaken[actor];
    }
}
