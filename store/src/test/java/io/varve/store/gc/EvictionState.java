package io.varve.store.gc;

import java.util.EnumSet;
import java.util.Set;

/** The state of {@link EvictionModel}, and what its steps have in common. */
abstract class EvictionState {
    /** A rule left out, to see that the search would notice. */
    enum Mistake {
        COMMIT_IS_NOT_ANNOUNCED,
        LIFE_IS_CHECKED_BEFORE_THE_ANNOUNCEMENT,
        COMMIT_IS_NOT_SETTLED,
        COMMIT_IS_SETTLED_AFTER_THE_SESSION,
        SWEEP_HAS_NO_MARK,
        RESCUES_ARE_READ_BEFORE_THE_MARK,
        LIST_IS_NOT_READ_AGAIN,
        RESCUES_COUNT_IN_MARKED_LISTS,
        EACH_SWEEP_DECIDES_FOR_ITSELF,
        LISTS_ARE_READ_AFTER_THE_SESSIONS,
        LIFTING_RESCUES_NOTHING,
        LIFTING_DOES_NOT_LOOK_FOR_THE_MARK,
        NAMES_RETURN
    }

    static final int MOST_PROCESSES = 2;
    static final int LISTS = 3;
    static final int VARIANTS = 3;

    // Fields of a state, all in one array so that states are compared and copied as one.
    static final int PACKS = 0; // bit per pack that is there
    static final int AUTHORS = 1; // two bits per pack: 1 + process
    static final int OLD_SNAPSHOT = 2; // 1 while it exists
    static final int COMMITTED = 3; // bit per name of a manifest, if that exists
    static final int BLOCKED = 4; // bit per name of a manifest, if it is taken by a refusal
    static final int PROCESS = 5; // per process the fields below
    static final int PC = 0;
    static final int REGISTERED = 1;
    static final int HONOURS = 2; // bit per list
    static final int SEEN = 3; // packs that were condemned when it looked; later: lists to rescue from
    static final int RELIED = 4; // 1 + pack
    static final int NEXT = 5;
    static final int ANNOUNCED = 6;
    static final int DECLARED = 7; // 0, or how far it is with being declared dead
    static final int SEEN_RESCUES = 8; // per list
    static final int PROCESS_FIELDS = SEEN_RESCUES + LISTS;
    static final int LIST = PROCESS + MOST_PROCESSES * PROCESS_FIELDS; // per list: 1 + packs while it is in force
    static final int PROPOSED = LIST + LISTS; // per list: 1 + packs while it is proposed
    static final int RESCUED = PROPOSED + LISTS; // per list: packs
    static final int MARKS = RESCUED + LISTS; // bit per list
    static final int DECIDED = MARKS + 1; // per list: 1 + packs, once it is decided which are deleted
    static final int MADE = DECIDED + LISTS; // lists made so far
    static final int RUNS = MADE + 1; // collections still to come
    static final int GC = RUNS + 1; // the collection that has the right; behind it one that was declared dead
    static final int GC_PC = 0;
    static final int GC_USABLE = 1;
    static final int GC_OTHERS = 2; // bit per process
    static final int GC_LIVE = 3; // 1 if the chunk is needed
    static final int GC_RESCUED = 4; // of the list at hand, as read
    static final int GC_LIST = 5; // 1 + list at hand
    static final int GC_DELETE = 6; // packs of it still to be deleted
    static final int GC_DONE = 7; // lists looked at
    static final int GC_OWN = 8; // 1 + list that it makes
    static final int GC_OWN_PACKS = 9;
    static final int GC_LISTS = 10; // bit per list that was there before it asked who is at work
    static final int GC_FIELDS = 11;
    static final int SIZE = GC + 2 * GC_FIELDS;

    static final int ENDED = 99;
    static final int SETTLED = 9;

    private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);

    EvictionState(Set<Mistake> mistakes) {
        this.mistakes.addAll(mistakes);
    }

    protected boolean with(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    protected static int process(int p) {
        return PROCESS + p * PROCESS_FIELDS;
    }

    protected static int presentLists(int[] s) {
        int present = 0;
        for (int list = 0; list < LISTS; list++) {
            present |= s[LIST + list] != 0 ? 1 << list : 0;
        }
        return present;
    }

    /** What counts as absent because of a list. */
    protected int packsOf(int[] s, int kind, int list, int rescued) {
        if (s[kind + list] == 0) {
            return 0;
        }
        if (kind == LIST && s[DECIDED + list] != 0) {
            return s[DECIDED + list] - 1;
        }
        boolean marked = kind == LIST && (s[MARKS] >> list & 1) != 0;
        boolean count = !marked || with(Mistake.RESCUES_COUNT_IN_MARKED_LISTS);
        return (s[kind + list] - 1) & ~(count ? rescued : 0);
    }

    protected int listsWith(int[] s, int kind, int pack) {
        int lists = 0;
        for (int list = 0; list < LISTS; list++) {
            lists |= (packsOf(s, kind, list, s[RESCUED + list]) & pack) != 0 ? 1 << list : 0;
        }
        return lists;
    }

    protected static int bit(int[] s, int at) {
        return 1 << (s[at + RELIED] - 1);
    }

    protected int condemned(int[] s) {
        int condemned = 0;
        for (int list = 0; list < LISTS; list++) {
            condemned |= packsOf(s, LIST, list, s[RESCUED + list]);
        }
        return condemned;
    }

    protected boolean isSweptForLifting(int[] s, int list) {
        return (s[MARKS] >> list & 1) != 0 && !with(Mistake.LIFTING_DOES_NOT_LOOK_FOR_THE_MARK);
    }
}
