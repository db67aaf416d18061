package io.varve.store.gc;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;

/**
 * The protocol between sessions and collection (docs/protocol.md) as a machine of atomic steps, each one verb of the
 * backend, and a search through every order in which they can happen, crashes included.
 *
 * <p>There is one chunk in question. Packs 0, 1 and 2 are the names a pack with it can get: another one when the name
 * before is condemned. Pack 0 is there at first, for a snapshot that is forgotten at some moment. Two sessions each
 * back up the chunk once; collections follow each other.
 */
final class ProtocolModel implements StateSearch.Machine {
    /** A rule left out, to see that the search would notice. */
    enum Mistake {
        SWEEP_DOES_NOT_ASK_FOR_SESSIONS,
        SESSIONS_ARE_LISTED_AFTER_MANIFESTS,
        SESSION_REGISTERS_AFTER_ITS_LISTING,
        SESSION_HONOURS_WHAT_IT_DID_NOT_SEE,
        CONDEMNED_NAMES_ARE_USED_AGAIN,
        COMMIT_DOES_NOT_RESCUE,
        LISTS_ARE_READ_BEFORE_PROPOSALS,
        LISTS_ARE_IN_FORCE_AT_ONCE,
        MANIFESTS_ARE_LISTED_ONCE,
        COLLECTION_DELETES_AT_ONCE
    }

    private static final int WRITERS = 2;
    private static final int LISTS = 4;
    private static final int VARIANTS = 3;

    // Fields of a state, all in one array so that states are compared and copied as one.
    private static final int PACKS = 0; // bit per pack that is there
    private static final int AUTHORS = 1; // two bits per pack: 1 + session
    private static final int OLD_SNAPSHOT = 2; // 1 while it exists
    private static final int COMMITTED = 3; // bit per session whose manifest exists
    private static final int CRASHED = 4; // 1 once anything crashed
    private static final int WRITER = 5; // per session the fields below
    private static final int PC = 0;
    private static final int REGISTERED = 1;
    private static final int HONOURS = 2; // bit per list
    private static final int SEEN = 3; // packs that were condemned when it looked; later: lists to rescue from
    private static final int RELIED = 4; // 1 + pack
    private static final int NEXT = 5;
    private static final int WRITER_FIELDS = 6;
    private static final int LIST = WRITER + WRITERS * WRITER_FIELDS; // per list: 1 + packs while it is in force
    private static final int PROPOSED = LIST + LISTS; // per list: 1 + packs while it is proposed
    private static final int RESCUED = PROPOSED + LISTS; // per list: packs
    private static final int MADE = RESCUED + LISTS; // lists made so far
    private static final int RUNS = MADE + 1; // collections still to come
    private static final int GC = RUNS + 1;
    private static final int GC_USABLE = GC + 1;
    private static final int GC_OTHERS = GC + 2; // bit per session
    private static final int GC_LIVE = GC + 3; // 1 if the chunk is needed
    private static final int GC_RESCUED = GC + 4; // per list, as read
    private static final int GC_SWEEP = GC_RESCUED + LISTS; // 1 + list being swept
    private static final int GC_DELETE = GC_SWEEP + 1; // packs of it still to be deleted
    private static final int GC_DONE = GC_DELETE + 1; // lists looked at
    private static final int SIZE = GC_DONE + 1;

    private static final int ENDED = 99;

    private final Set<Mistake> mistakes;
    private final boolean crashes;
    private int collections;
    private long states;

    ProtocolModel(boolean crashes, Mistake... mistakes) {
        this.crashes = crashes;
        this.mistakes = EnumSet.noneOf(Mistake.class);
        this.mistakes.addAll(Arrays.asList(mistakes));
    }

    /** States that were visited. */
    long states() {
        return states;
    }

    /** Searches every history with {@code collections} collections; the first thing that goes wrong, or null. */
    String search(int collections) {
        this.collections = collections;
        StateSearch search = new StateSearch();
        String wrong = search.search(this);
        states = search.states();
        return wrong;
    }

    @Override
    public int[] start() {
        int[] start = new int[SIZE];
        start[PACKS] = 1;
        start[OLD_SNAPSHOT] = 1;
        start[RUNS] = collections;
        return start;
    }

    @Override
    public String wrong(int[] s) {
        boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
        if (needed && s[PACKS] == 0) {
            return "a snapshot exists whose chunk is in no pack";
        }
        boolean allAbsent = (s[PACKS] & ~condemned(s)) == 0;
        boolean quiet = s[GC] == 0;
        for (int w = 0; w < WRITERS; w++) {
            int pc = s[writer(w) + PC];
            quiet &= pc == 0 || pc == ENDED;
            if (pc == ENDED && (s[COMMITTED] >> w & 1) != 0 && s[CRASHED] == 0 && allAbsent) {
                return "a session has ended, and for those who begin now what it committed counts as absent";
            }
        }
        if (needed && quiet && s[CRASHED] == 0 && allAbsent) {
            return "nobody is at work, and all packs with a needed chunk count as absent";
        }
        return null;
    }

    /** Two more collections, undisturbed: all that is needed stays, and nothing else. */
    @Override
    public String wrongAtTheEnd(int[] end) {
        int[] s = end.clone();
        for (int run = 0; run < 3; run++) {
            s[RUNS] = 1;
            s[MADE] = Math.min(s[MADE], LISTS - 1);
            if (s[LIST + LISTS - 1] != 0 && s[MADE] == LISTS - 1) {
                return null; // no room left to say more
            }
            while (s[RUNS] == 1) {
                s = collect(s);
            }
        }
        boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
        if (wrong(s) != null) {
            return wrong(s);
        }
        return Integer.bitCount(s[PACKS]) == (needed ? 1 : 0) ? null : "garbage stays for ever";
    }

    @Override
    public Iterable<int[]> successors(int[] s) {
        Deque<int[]> next = new ArrayDeque<>();
        if (s[OLD_SNAPSHOT] == 1) {
            int[] forgotten = s.clone();
            forgotten[OLD_SNAPSHOT] = 0;
            next.add(forgotten);
        }
        for (int w = 0; w < WRITERS; w++) {
            int pc = s[writer(w) + PC];
            if (pc != ENDED) {
                next.add(write(s, w));
                if (crashes && pc > 0) {
                    int[] crashed = s.clone();
                    crashed[CRASHED] = 1;
                    crashed[writer(w) + REGISTERED] = 0; // its lock is gone
                    crashed[writer(w) + PC] = ENDED;
                    next.add(crashed);
                }
            }
        }
        if (s[RUNS] > 0) {
            next.add(collect(s));
            if (crashes && s[GC] > 0) {
                int[] crashed = s.clone();
                crashed[CRASHED] = 1;
                endCollection(crashed);
                next.add(crashed);
            }
        }
        return next;
    }

    private static int writer(int w) {
        return WRITER + w * WRITER_FIELDS;
    }

    private static int presentLists(int[] s) {
        int present = 0;
        for (int list = 0; list < LISTS; list++) {
            present |= s[LIST + list] != 0 ? 1 << list : 0;
        }
        return present;
    }

    private static int packsOf(int[] s, int list) {
        return packsOf(s, LIST, list);
    }

    private static int packsOf(int[] s, int kind, int list) {
        return s[kind + list] == 0 ? 0 : (s[kind + list] - 1) & ~s[RESCUED + list];
    }

    private static int condemned(int[] s) {
        int condemned = 0;
        for (int list = 0; list < LISTS; list++) {
            condemned |= packsOf(s, list);
        }
        return condemned;
    }

    private boolean with(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    /** One step of a session. */
    private int[] write(int[] before, int w) {
        int[] s = before.clone();
        int at = writer(w);
        boolean late = with(Mistake.SESSION_REGISTERS_AFTER_ITS_LISTING);
        switch (s[at + PC]) {
            case 0 -> { // names of the lists that are there
                s[at + HONOURS] = presentLists(s);
                s[at + PC] = late ? 2 : 1;
            }
            case 1 -> {
                s[at + REGISTERED] = 1;
                if (with(Mistake.SESSION_HONOURS_WHAT_IT_DID_NOT_SEE)) {
                    s[at + HONOURS] = (1 << LISTS) - 1;
                }
                s[at + PC] = late ? s[at + NEXT] : 2;
            }
            case 2 -> { // what is condemned
                s[at + SEEN] = condemned(s);
                s[at + PC] = 3;
            }
            case 3 -> { // what is there
                int known = s[PACKS] & ~s[at + SEEN];
                s[at + RELIED] = 1 + Integer.numberOfTrailingZeros(known == 0 ? 1 : known);
                s[at + NEXT] = known == 0 ? 5 : 20;
                s[at + PC] = late ? 1 : s[at + NEXT];
            }
            case 5 -> { // a new pack, under no name that is on a list it honours
                while ((s[at + SEEN] & bit(s, at)) != 0
                        && !with(Mistake.CONDEMNED_NAMES_ARE_USED_AGAIN)
                        && s[at + RELIED] < VARIANTS) {
                    s[at + RELIED]++;
                }
                s[at + PC] = 6;
            }
            case 6 -> { // publish; who finds the name taken relies on what is there
                if ((s[PACKS] & bit(s, at)) == 0) {
                    s[PACKS] |= bit(s, at);
                    int shift = 2 * (s[at + RELIED] - 1);
                    s[AUTHORS] = (s[AUTHORS] & ~(3 << shift)) | (1 + w) << shift;
                }
                s[at + PC] = 20;
            }
            case 20, 21, 25, 26 -> { // commit, and once more behind it: is it condemned by now, or proposed for that?
                boolean first = s[at + PC] == 20 || s[at + PC] == 25;
                int kind = first != with(Mistake.LISTS_ARE_READ_BEFORE_PROPOSALS) ? PROPOSED : LIST;
                s[at + SEEN] = (first ? 0 : s[at + SEEN]) | listsWith(s, kind, bit(s, at));
                if (with(Mistake.COMMIT_DOES_NOT_RESCUE)) {
                    s[at + SEEN] = 0;
                }
                s[at + PC]++;
            }
            case 22, 27 -> {
                for (int list = 0; list < LISTS; list++) {
                    if ((s[at + SEEN] >> list & 1) != 0) {
                        s[RESCUED + list] |= bit(s, at);
                    }
                }
                s[at + SEEN] = 0;
                s[at + PC] = s[at + PC] == 22 ? 23 : 30;
            }
            case 23 -> s[at + PC] = (s[PACKS] & bit(s, at)) != 0 ? 24 : 30; // has it vanished?
            case 24 -> {
                s[COMMITTED] |= 1 << w;
                s[at + PC] = 25;
            }
            case 30 -> {
                s[at + REGISTERED] = 0;
                s[at + PC] = ENDED;
            }
            default -> throw new IllegalStateException("" + s[at + PC]);
        }
        return s;
    }

    private static int bit(int[] s, int at) {
        return 1 << (s[at + RELIED] - 1);
    }

    private static int listsWith(int[] s, int kind, int pack) {
        int lists = 0;
        for (int list = 0; list < LISTS; list++) {
            lists |= (packsOf(s, kind, list) & pack) != 0 ? 1 << list : 0;
        }
        return lists;
    }

    /** One step of a collection. */
    private int[] collect(int[] before) {
        int[] s = before.clone();
        boolean late = with(Mistake.SESSIONS_ARE_LISTED_AFTER_MANIFESTS);
        switch (s[GC]) {
            case 0 -> {
                withdrawProposals(s); // of a collection that crashed
                s[GC_USABLE] = condemned(s);
                s[GC] = 1;
            }
            case 1 -> {
                s[GC_USABLE] = s[PACKS] & ~s[GC_USABLE];
                s[GC] = 2;
            }
            case 2, 3 -> {
                if (s[GC] == (late ? 3 : 2)) {
                    for (int w = 0; w < WRITERS; w++) {
                        s[GC_OTHERS] |= s[writer(w) + REGISTERED] << w;
                    }
                } else {
                    s[GC_LIVE] = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0 ? 1 : 0;
                }
                s[GC]++;
            }
            case 4 -> {
                System.arraycopy(s, RESCUED, s, GC_RESCUED, LISTS);
                s[GC] = 5;
            }
            case 5 -> beginSweep(s);
            case 6 -> { // one pack, and the list behind the last
                int pack = Integer.lowestOneBit(s[GC_DELETE]);
                if (pack != 0) {
                    s[PACKS] &= ~pack;
                    s[GC_DELETE] &= ~pack;
                } else {
                    lift(s, s[GC_SWEEP] - 1);
                    s[GC] = 5;
                }
            }
            case 7 -> {
                int going = goingOf(s);
                if (with(Mistake.COLLECTION_DELETES_AT_ONCE)) {
                    s[PACKS] &= ~going;
                } else if (going != 0 && s[MADE] < LISTS) {
                    s[PROPOSED + s[MADE]] = 1 + going;
                    s[LIST + s[MADE]] = with(Mistake.LISTS_ARE_IN_FORCE_AT_ONCE) ? 1 + going : 0;
                    s[MADE]++;
                }
                s[GC] = 8;
            }
            case 8 -> { // who committed between marking and proposing?
                boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
                if (needed && s[GC_LIVE] == 0 && s[MADE] > 0 && !with(Mistake.MANIFESTS_ARE_LISTED_ONCE)) {
                    s[RESCUED + s[MADE] - 1] |= packsOf(s, PROPOSED, s[MADE] - 1);
                }
                s[GC] = 9;
            }
            case 9 -> {
                for (int list = 0; list < LISTS; list++) {
                    s[LIST + list] = Math.max(s[LIST + list], s[PROPOSED + list]);
                }
                s[GC] = 10;
            }
            case 10 -> {
                withdrawProposals(s);
                endCollection(s);
            }
            default -> throw new IllegalStateException("" + s[GC]);
        }
        return s;
    }

    /** The next list that nobody who was seen at work may rely on. */
    private void beginSweep(int[] s) {
        for (int list = 0; list < LISTS; list++) {
            if (s[LIST + list] == 0 || (s[GC_DONE] >> list & 1) != 0) {
                continue;
            }
            s[GC_DONE] |= 1 << list;
            boolean settled = true;
            for (int w = 0; w < WRITERS; w++) {
                boolean other = (s[GC_OTHERS] >> w & 1) != 0;
                settled &= !other || (s[writer(w) + HONOURS] >> list & 1) != 0;
            }
            if (!settled && !with(Mistake.SWEEP_DOES_NOT_ASK_FOR_SESSIONS)) {
                continue;
            }
            int packs = (s[LIST + list] - 1) & ~s[GC_RESCUED + list];
            boolean elsewhere = (s[GC_USABLE] & s[PACKS] & ~packs) != 0;
            if (s[GC_LIVE] == 1 && packs != 0 && !elsewhere) {
                lift(s, list);
            } else {
                s[GC_SWEEP] = 1 + list;
                s[GC_DELETE] = packs & s[PACKS];
                s[GC] = 6;
                return;
            }
        }
        s[GC] = 7;
    }

    private static void withdrawProposals(int[] s) {
        for (int list = 0; list < LISTS; list++) {
            s[PROPOSED + list] = 0;
            if (s[LIST + list] == 0) {
                s[RESCUED + list] = 0;
            }
        }
    }

    private static void lift(int[] s, int list) {
        s[LIST + list] = 0;
        s[RESCUED + list] = 0;
    }

    /** Packs that nothing needs, or of which another copy stays; but none of a session at work. */
    private static int goingOf(int[] s) {
        int candidates = s[GC_USABLE] & s[PACKS];
        int going = s[GC_LIVE] == 1 ? candidates & ~Integer.lowestOneBit(candidates) : candidates;
        for (int pack = 0; pack < VARIANTS; pack++) {
            int author = s[AUTHORS] >> 2 * pack & 3;
            if (author != 0 && (s[GC_OTHERS] >> (author - 1) & 1) != 0) {
                going &= ~(1 << pack);
            }
        }
        return going;
    }

    private static void endCollection(int[] s) {
        Arrays.fill(s, GC, SIZE, 0);
        s[RUNS]--;
    }
}
