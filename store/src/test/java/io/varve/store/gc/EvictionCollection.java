package io.varve.store.gc;

import java.util.Arrays;
import java.util.Set;

/** The steps of a collection in {@link EvictionModel}. */
final class EvictionCollection extends EvictionState {
    private final int processes;

    EvictionCollection(int processes, Set<Mistake> mistakes) {
        super(mistakes);
        this.processes = processes;
    }

    /** One step of a collection: of the one with the right, or of one that was declared dead. */
    int[] step(int[] before, int gc) {
        int[] s = before.clone();
        int list = s[gc + GC_LIST] - 1;
        switch (s[gc + GC_PC]) {
            case 0 -> {
                withdrawProposals(s);
                s[gc + GC_PC] = 1;
            }
            case 1 -> { // sweeps that were interrupted before they decided
                for (int each = 0; each < LISTS; each++) {
                    if (s[LIST + each] != 0 && (s[MARKS] >> each & 1) != 0 && s[DECIDED + each] == 0) {
                        s[DECIDED + each] = 1 + ((s[LIST + each] - 1) & ~s[RESCUED + each]);
                    }
                }
                s[gc + GC_USABLE] = condemned(s);
                s[gc + GC_LISTS] = presentLists(s);
                s[gc + GC_PC] = 2;
            }
            case 2 -> {
                s[gc + GC_USABLE] = s[PACKS] & ~s[gc + GC_USABLE];
                s[gc + GC_PC] = 3;
            }
            case 3 -> {
                for (int p = 0; p < processes; p++) {
                    s[gc + GC_OTHERS] |= s[process(p) + REGISTERED] << p;
                }
                s[gc + GC_PC] = 4;
            }
            case 4 -> {
                s[gc + GC_LIVE] = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0 ? 1 : 0;
                s[gc + GC_PC] = 5;
            }
            case 5 -> chooseList(s, gc);
            case 10 -> { // the list is needed: first it is rescued as a whole
                s[RESCUED + list] |= with(Mistake.LIFTING_RESCUES_NOTHING) ? 0 : s[LIST + list] - 1;
                s[gc + GC_PC] = 11;
            }
            case 11 -> s[gc + GC_PC] = isSweptForLifting(s, list) ? 5 : 12; // may somebody be sweeping it?
            case 12 -> {
                s[LIST + list] = 0;
                s[gc + GC_PC] = 13;
            }
            case 13 -> {
                s[RESCUED + list] = 0;
                s[gc + GC_PC] = 5;
            }
            case 20 -> {
                s[MARKS] |= with(Mistake.SWEEP_HAS_NO_MARK) ? 0 : 1 << list;
                s[gc + GC_PC] = with(Mistake.RESCUES_ARE_READ_BEFORE_THE_MARK) ? 22 : 21;
            }
            case 21 -> {
                s[gc + GC_RESCUED] = s[RESCUED + list];
                s[gc + GC_PC] = with(Mistake.RESCUES_ARE_READ_BEFORE_THE_MARK) ? 20 : 22;
            }
            case 22 -> { // decide, once for all
                int all = s[gc + GC_DELETE]; // the list, as it was read first
                int own = all & ~s[gc + GC_RESCUED];
                if (s[DECIDED + list] == 0) {
                    s[DECIDED + list] = 1 + own;
                }
                s[gc + GC_DELETE] = with(Mistake.EACH_SWEEP_DECIDES_FOR_ITSELF) ? own : s[DECIDED + list] - 1;
                s[gc + GC_PC] = 23;
            }
            case 23 -> { // is the list still there? If not, it was lifted, or swept by another one
                boolean gone = s[LIST + list] == 0 && !with(Mistake.LIST_IS_NOT_READ_AGAIN);
                s[gc + GC_DELETE] = gone ? 0 : s[gc + GC_DELETE] & s[PACKS];
                s[gc + GC_PC] = gone ? 27 : 24;
            }
            case 24 -> { // one pack
                int pack = Integer.lowestOneBit(s[gc + GC_DELETE]);
                s[PACKS] &= ~pack;
                s[gc + GC_DELETE] &= ~pack;
                s[gc + GC_PC] = s[gc + GC_DELETE] != 0 ? 24 : 25;
            }
            case 25 -> {
                s[LIST + list] = 0;
                s[gc + GC_PC] = 26;
            }
            case 26 -> {
                s[RESCUED + list] = 0;
                s[gc + GC_PC] = 27;
            }
            case 27 -> {
                s[DECIDED + list] = 0;
                s[gc + GC_PC] = 28;
            }
            case 28 -> {
                s[MARKS] &= ~(1 << list);
                s[gc + GC_PC] = 5;
            }
            case 30 -> {
                int going = goingOf(s, gc);
                if (going != 0 && s[MADE] < LISTS) {
                    s[gc + GC_OWN] = 1 + s[MADE];
                    s[gc + GC_OWN_PACKS] = going;
                    s[PROPOSED + s[MADE]] = 1 + going;
                    s[MADE]++;
                }
                s[gc + GC_PC] = s[gc + GC_OWN] != 0 ? 31 : 33;
            }
            case 31 -> { // who committed between marking and proposing?
                boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
                if (needed && s[gc + GC_LIVE] == 0) {
                    s[RESCUED + s[gc + GC_OWN] - 1] |= s[gc + GC_OWN_PACKS];
                }
                s[gc + GC_PC] = 32;
            }
            case 32 -> {
                s[LIST + s[gc + GC_OWN] - 1] = 1 + s[gc + GC_OWN_PACKS];
                s[gc + GC_PC] = 33;
            }
            case 33 -> {
                if (s[gc + GC_OWN] != 0) {
                    s[PROPOSED + s[gc + GC_OWN] - 1] = 0;
                }
                end(s, gc);
            }
            default -> throw new IllegalStateException("" + s[gc + GC_PC]);
        }
        return s;
    }

    /** The next list that nobody who was seen at work may rely on. */
    private void chooseList(int[] s, int gc) {
        s[gc + GC_LIST] = 0;
        s[gc + GC_RESCUED] = 0;
        s[gc + GC_DELETE] = 0;
        for (int list = 0; list < LISTS; list++) {
            boolean seen = (s[gc + GC_LISTS] >> list & 1) != 0 || with(Mistake.LISTS_ARE_READ_AFTER_THE_SESSIONS);
            if (s[LIST + list] == 0 || !seen || (s[gc + GC_DONE] >> list & 1) != 0) {
                continue;
            }
            s[gc + GC_DONE] |= 1 << list;
            boolean marked = (s[MARKS] >> list & 1) != 0;
            boolean needed = isNeeded(s, gc, packsOf(s, LIST, list, s[RESCUED + list]));
            if (!isHonoured(s, gc, list) || needed && marked) {
                continue;
            }
            s[gc + GC_LIST] = 1 + list;
            s[gc + GC_DELETE] = s[LIST + list] - 1;
            s[gc + GC_PC] = needed ? 10 : with(Mistake.RESCUES_ARE_READ_BEFORE_THE_MARK) ? 21 : 20;
            return;
        }
        s[gc + GC_PC] = 30;
    }

    private boolean isHonoured(int[] s, int gc, int list) {
        for (int p = 0; p < processes; p++) {
            if ((s[gc + GC_OTHERS] >> p & 1) != 0 && (s[process(p) + HONOURS] >> list & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNeeded(int[] s, int gc, int packs) {
        boolean elsewhere = (s[gc + GC_USABLE] & s[PACKS] & ~packs) != 0;
        return s[gc + GC_LIVE] == 1 && packs != 0 && !elsewhere;
    }

    /** Packs that nothing needs, or of which another copy stays; but none of a session at work. */
    private static int goingOf(int[] s, int gc) {
        int candidates = s[gc + GC_USABLE] & s[PACKS];
        int going = s[gc + GC_LIVE] == 1 ? candidates & ~Integer.lowestOneBit(candidates) : candidates;
        for (int pack = 0; pack < VARIANTS; pack++) {
            int author = s[AUTHORS] >> 2 * pack & 3;
            if (author != 0 && (s[gc + GC_OTHERS] >> (author - 1) & 1) != 0) {
                going &= ~(1 << pack);
            }
        }
        return going;
    }

    /** Rescues go with the lists that they belong to. */
    private static void withdrawProposals(int[] s) {
        for (int list = 0; list < LISTS; list++) {
            s[PROPOSED + list] = 0;
            if (s[LIST + list] == 0) {
                s[RESCUED + list] = 0;
            }
        }
    }

    static void end(int[] s, int gc) {
        Arrays.fill(s, gc, gc + GC_FIELDS, 0);
        if (gc == GC) {
            s[RUNS]--;
        }
    }
}
