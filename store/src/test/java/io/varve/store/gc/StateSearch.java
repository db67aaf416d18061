package io.varve.store.gc;

import io.varve.store.chunk.XxHash;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Searches every order in which the steps of a machine can happen. A state is an array of small numbers. */
final class StateSearch {
    /** A machine of atomic steps. */
    interface Machine {
        int[] start();

        /** The states that one step leads to. */
        Iterable<int[]> successors(int[] state);

        /** What is wrong in a state, or null. */
        String wrong(int[] state);

        /** What is wrong in a state from which no step leads on, or null. */
        String wrongAtTheEnd(int[] state);
    }

    private long states;

    /** States that were visited. */
    long states() {
        return states;
    }

    /** The first thing that goes wrong, or null. */
    String search(Machine machine) {
        Visited visited = new Visited();
        Deque<int[]> open = new ArrayDeque<>();
        int[] start = machine.start();
        visited.add(start);
        open.push(start);
        while (!open.isEmpty()) {
            int[] state = open.pop();
            states++;
            String wrong = machine.wrong(state);
            if (wrong != null) {
                return wrong + " in " + Arrays.toString(state);
            }
            boolean moved = false;
            for (int[] next : machine.successors(state)) {
                moved = true;
                if (visited.add(next)) {
                    open.push(next);
                }
            }
            if (!moved) {
                wrong = machine.wrongAtTheEnd(state);
                if (wrong != null) {
                    return wrong + " after " + Arrays.toString(state);
                }
            }
        }
        return null;
    }

    /** States by 128 bits of hash: millions fit into the memory that a test has, and no two will ever share them. */
    private static final class Visited {
        private long[] slots = new long[1 << 16];
        private int used;

        /** Whether it is new. */
        boolean add(int[] state) {
            byte[] fields = new byte[state.length]; // all are small
            for (int i = 0; i < state.length; i++) {
                fields[i] = (byte) state[i];
            }
            long[] hash = XxHash.hash128(fields, 0, fields.length);
            if (3L * used > slots.length) { // two thirds of the pairs
                grow();
            }
            boolean isNew = add(hash[0] | 1, hash[1]);
            used += isNew ? 1 : 0;
            return isNew;
        }

        private boolean add(long low, long high) { // low is never 0
            int at = (int) (high >>> 33) * 2 & slots.length - 1;
            while (slots[at] != 0) {
                if (slots[at] == low && slots[at + 1] == high) {
                    return false;
                }
                at = at + 2 & slots.length - 1;
            }
            slots[at] = low;
            slots[at + 1] = high;
            return true;
        }

        private void grow() {
            long[] before = slots;
            slots = new long[2 * before.length];
            for (int at = 0; at < before.length; at += 2) {
                if (before[at] != 0) {
                    add(before[at], before[at + 1]);
                }
            }
        }
    }
}
