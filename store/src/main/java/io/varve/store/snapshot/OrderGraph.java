package io.varve.store.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Orders numbered items from partial knowledge: each item follows at most one other, and some are in steps, where all
 * items of one step come before all of the next. If the knowledge contradicts itself, the item with the lowest number
 * in the loop loses its predecessor, so an order always exists.
 */
final class OrderGraph {
    private static final int NONE = -1;

    private final int size;
    private final int[] predecessor;
    private final int[] stepOf;
    private final List<List<Integer>> followers = new ArrayList<>();
    private List<List<Integer>> steps = List.of();

    OrderGraph(int size) {
        this.size = size;
        this.predecessor = new int[size];
        this.stepOf = new int[size];
        Arrays.fill(predecessor, NONE);
        Arrays.fill(stepOf, NONE);
        for (int i = 0; i < size; i++) {
            followers.add(new ArrayList<>());
        }
    }

    void follows(int later, int earlier) {
        predecessor[later] = earlier;
        followers.get(earlier).add(later);
    }

    void inSteps(List<List<Integer>> given) {
        steps = given;
        for (int step = 0; step < given.size(); step++) {
            for (int i : given.get(step)) {
                stepOf[i] = step;
            }
        }
    }

    /** All items in a valid order; {@code first} chooses among those that may come next. */
    List<Integer> sorted(Comparator<Integer> first) {
        return new Walk(first).run();
    }

    /** For each item, the least of its own time and the times of all items that are known to follow it. */
    Instant[] earliestOfFollowers(Instant[] times) {
        Instant[] earliest = times.clone();
        Instant[] ofStep = new Instant[steps.size()];
        List<Integer> order = sorted(Comparator.naturalOrder());
        for (int k = order.size() - 1; k >= 0; k--) {
            int i = order.get(k);
            for (int follower : followers.get(i)) {
                earliest[i] = earlier(earliest[i], earliest[follower]);
            }
            if (stepOf[i] != NONE) {
                int next = stepOf[i] + 1;
                earliest[i] = next < ofStep.length ? earlier(earliest[i], ofStep[next]) : earliest[i];
                ofStep[stepOf[i]] = earlier(earliest[i], ofStep[stepOf[i]]);
            }
        }
        return earliest;
    }

    private static Instant earlier(Instant one, Instant other) {
        return other == null || one.isBefore(other) ? one : other;
    }

    /** One pass from the first to the last. */
    private final class Walk {
        private final PriorityQueue<Integer> ready;
        private final boolean[] queued = new boolean[size];
        private final boolean[] done = new boolean[size];
        private final int[] leftInStep = new int[steps.size()];
        private final List<Integer> order = new ArrayList<>();
        private int openStep;

        Walk(Comparator<Integer> first) {
            this.ready = new PriorityQueue<>(first);
            for (int step = 0; step < leftInStep.length; step++) {
                leftInStep[step] = steps.get(step).size();
            }
        }

        List<Integer> run() {
            for (int i = 0; i < size; i++) {
                queueIfReady(i);
            }
            while (order.size() < size) {
                Integer next = ready.poll();
                take(next != null ? next : cut());
            }
            return order;
        }

        private void queueIfReady(int i) {
            boolean isReady = (predecessor[i] == NONE || done[predecessor[i]]) && stepOf[i] <= openStep;
            if (isReady && !queued[i]) {
                queued[i] = true;
                ready.add(i);
            }
        }

        /** Used only if there is a loop: the first remaining item whose step may come next. */
        private int cut() {
            int i = 0;
            while (done[i] || stepOf[i] > openStep) {
                i++;
            }
            queued[i] = true;
            return i;
        }

        private void take(int i) {
            done[i] = true;
            order.add(i);
            followers.get(i).forEach(this::queueIfReady);
            if (stepOf[i] != NONE) {
                leftInStep[stepOf[i]]--;
                while (openStep < leftInStep.length && leftInStep[openStep] == 0) {
                    openStep++;
                    if (openStep < leftInStep.length) {
                        steps.get(openStep).forEach(this::queueIfReady);
                    }
                }
            }
        }
    }
}
