package io.varve.store.gc;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The protocol where nobody can know who is dead (docs/protocol.md, section 7): a process is <em>declared</em> dead, at
 * any moment and rightly or wrongly. If it was frozen, or if requests of it are still on their way, it goes on with
 * what it was about to do. Each step is one request to the storage.
 *
 * <p>As in {@link ProtocolModel} there is one chunk in question. Pack 0 has it at first, for a snapshot that is
 * forgotten at some moment. Two processes act beside the collections: each backs the chunk up, if need be in a pack of
 * its own (1 or 2), or brings the forgotten snapshot back.
 */
final class EvictionModel implements StateSearch.Machine {
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

    /** What a process does. */
    enum Work {
        BACKUP,
        BRING_BACK
    }

    private static final int MOST_PROCESSES = 2;
    private static final int LISTS = 3;
    private static final int VARIANTS = 3;

    // Fields of a state, all in one array so that states are compared and copied as one.
    private static final int PACKS = 0; // bit per pack that is there
    private static final int AUTHORS = 1; // two bits per pack: 1 + process
    private static final int OLD_SNAPSHOT = 2; // 1 while it exists
    private static final int COMMITTED = 3; // bit per name of a manifest, if that exists
    private static final int BLOCKED = 4; // bit per name of a manifest, if it is taken by a refusal
    private static final int PROCESS = 5; // per process the fields below
    private static final int PC = 0;
    private static final int REGISTERED = 1;
    private static final int HONOURS = 2; // bit per list
    private static final int SEEN = 3; // packs that were condemned when it looked; later: lists to rescue from
    private static final int RELIED = 4; // 1 + pack
    private static final int NEXT = 5;
    private static final int ANNOUNCED = 6;
    private static final int DECLARED = 7; // 0, or how far it is with being declared dead
    private static final int SEEN_RESCUES = 8; // per list
    private static final int PROCESS_FIELDS = SEEN_RESCUES + LISTS;
    private static final int LIST =
            PROCESS + MOST_PROCESSES * PROCESS_FIELDS; // per list: 1 + packs while it is in force
    private static final int PROPOSED = LIST + LISTS; // per list: 1 + packs while it is proposed
    private static final int RESCUED = PROPOSED + LISTS; // per list: packs
    private static final int MARKS = RESCUED + LISTS; // bit per list
    private static final int DECIDED = MARKS + 1; // per list: 1 + packs, once it is decided which are deleted
    private static final int MADE = DECIDED + LISTS; // lists made so far
    private static final int RUNS = MADE + 1; // collections still to come
    private static final int GC = RUNS + 1; // the collection that has the right; behind it one that was declared dead
    private static final int GC_PC = 0;
    private static final int GC_USABLE = 1;
    private static final int GC_OTHERS = 2; // bit per process
    private static final int GC_LIVE = 3; // 1 if the chunk is needed
    private static final int GC_RESCUED = 4; // of the list at hand, as read
    private static final int GC_LIST = 5; // 1 + list at hand
    private static final int GC_DELETE = 6; // packs of it still to be deleted
    private static final int GC_DONE = 7; // lists looked at
    private static final int GC_OWN = 8; // 1 + list that it makes
    private static final int GC_OWN_PACKS = 9;
    private static final int GC_LISTS = 10; // bit per list that was there before it asked who is at work
    private static final int GC_FIELDS = 11;
    private static final int SIZE = GC + 2 * GC_FIELDS;

    private static final int ENDED = 99;
    private static final int SETTLED = 9;

    private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
    private final List<Work> works;
    private final int collections;
    private final boolean lateCollections;
    private boolean frozenSweep;

    /** @param lateCollections whether a collection can go on after it was declared dead */
    EvictionModel(List<Work> works, int collections, boolean lateCollections, Mistake... mistakes) {
        this.works = works;
        this.collections = collections;
        this.lateCollections = lateCollections;
        this.mistakes.addAll(Arrays.asList(mistakes));
    }

    /** Begins where a collection froze that has marked list 0, with pack 0, and read its rescues. */
    EvictionModel fromFrozenSweep() {
        frozenSweep = true;
        return this;
    }

    @Override
    public int[] start() {
        int[] start = new int[SIZE];
        start[PACKS] = 1;
        start[OLD_SNAPSHOT] = frozenSweep ? 0 : 1;
        start[RUNS] = collections;
        if (frozenSweep) {
            int late = GC + GC_FIELDS;
            start[LIST] = 1 + 1;
            start[MADE] = 1;
            start[MARKS] = 1;
            start[late + GC_PC] = 22;
            start[late + GC_LIST] = 1;
            start[late + GC_LISTS] = 1;
            start[late + GC_DONE] = 1;
            start[late + GC_DELETE] = 1;
        }
        return start;
    }

    @Override
    public String wrong(int[] s) {
        boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
        return needed && s[PACKS] == 0 ? "a snapshot exists whose chunk is in no pack" : null;
    }

    /** With everybody gone, collections keep what is needed and nothing else. */
    @Override
    public String wrongAtTheEnd(int[] end) {
        int[] s = end.clone();
        for (int p = 0; p < works.size(); p++) {
            s[process(p) + REGISTERED] = 0;
        }
        for (int run = 0; run < 4; run++) {
            if (s[MADE] == LISTS) {
                return null; // no room left to say more
            }
            s[RUNS] = 1;
            while (s[RUNS] == 1) {
                s = collect(s, GC);
                if (wrong(s) != null) {
                    return wrong(s);
                }
            }
        }
        boolean needed = s[OLD_SNAPSHOT] == 1 || s[COMMITTED] != 0;
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
        for (int p = 0; p < works.size(); p++) {
            if (s[process(p) + PC] != ENDED && mayStep(s, p)) {
                next.add(works.get(p) == Work.BACKUP ? backUp(s, p) : bringBack(s, p));
            }
            int declared = s[process(p) + DECLARED];
            if (declared == 0 ? s[process(p) + REGISTERED] == 1 : declared != SETTLED) {
                next.add(declareDead(s, p));
            }
        }
        if (s[RUNS] > 0 && (s[GC + GC_PC] > 0 || !isCollectingOtherwise(s))) {
            next.add(collect(s, GC));
        }
        int late = GC + GC_FIELDS;
        if (s[late + GC_PC] > 0) {
            next.add(collect(s, late));
        }
        if (s[GC + GC_PC] > 0) {
            int[] dead = s.clone();
            if (lateCollections && s[late + GC_PC] == 0) {
                System.arraycopy(s, GC, dead, late, GC_FIELDS);
            }
            endCollection(dead, GC);
            next.add(dead);
        }
        return next;
    }

    /** Who brings back has the right to collect: no collection runs, except one that was declared dead. */
    private boolean mayStep(int[] s, int p) {
        return works.get(p) == Work.BACKUP
                || s[process(p) + PC] > 0
                || s[OLD_SNAPSHOT] == 0 && s[GC + GC_PC] == 0 && !isCollectingOtherwise(s);
    }

    private boolean isCollectingOtherwise(int[] s) {
        for (int p = 0; p < works.size(); p++) {
            int pc = s[process(p) + PC];
            if (works.get(p) == Work.BRING_BACK && pc > 0 && pc != ENDED && s[process(p) + DECLARED] == 0) {
                return true;
            }
        }
        return false;
    }

    /** Backups have names of their own; who brings back gives the name that the snapshot had. */
    private int manifest(int p) {
        return works.get(p) == Work.BACKUP ? 1 << p : 1 << MOST_PROCESSES;
    }

    private static int process(int p) {
        return PROCESS + p * PROCESS_FIELDS;
    }

    private boolean with(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    /** One step of those who take a session for ended. Its own steps go on. */
    private int[] declareDead(int[] before, int p) {
        int[] s = before.clone();
        int at = process(p);
        boolean late = with(Mistake.COMMIT_IS_SETTLED_AFTER_THE_SESSION);
        switch (s[at + DECLARED]) {
            case 0 -> { // its life
                s[at + REGISTERED] = late ? 0 : 1;
                s[at + DECLARED] = 1;
            }
            case 1 -> s[at + DECLARED] = s[at + ANNOUNCED] == 1 ? 2 : 3; // what did it announce?
            case 2 -> { // takes the name, unless the manifest is there
                if ((s[COMMITTED] & manifest(p)) == 0 && !with(Mistake.COMMIT_IS_NOT_SETTLED)) {
                    s[BLOCKED] |= manifest(p);
                }
                s[at + DECLARED] = 3;
            }
            case 3 -> {
                s[at + REGISTERED] = 0;
                s[at + DECLARED] = SETTLED;
            }
            default -> throw new IllegalStateException("" + s[at + DECLARED]);
        }
        return s;
    }

    private static int presentLists(int[] s) {
        int present = 0;
        for (int list = 0; list < LISTS; list++) {
            present |= s[LIST + list] != 0 ? 1 << list : 0;
        }
        return present;
    }

    /** What counts as absent because of a list. */
    private int packsOf(int[] s, int kind, int list, int rescued) {
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

    private int listsWith(int[] s, int kind, int pack) {
        int lists = 0;
        for (int list = 0; list < LISTS; list++) {
            lists |= (packsOf(s, kind, list, s[RESCUED + list]) & pack) != 0 ? 1 << list : 0;
        }
        return lists;
    }

    private static int bit(int[] s, int at) {
        return 1 << (s[at + RELIED] - 1);
    }

    /** One step of a backup. */
    private int[] backUp(int[] before, int p) {
        int[] s = before.clone();
        int at = process(p);
        switch (s[at + PC]) {
            case 0 -> { // names of the lists and marks that are there
                s[at + HONOURS] = presentLists(s);
                s[at + PC] = 1;
            }
            case 1 -> {
                s[at + REGISTERED] = 1;
                s[at + PC] = 2;
            }
            case 2 -> {
                System.arraycopy(s, RESCUED, s, at + SEEN_RESCUES, LISTS);
                s[at + PC] = 3;
            }
            case 3 -> { // marks, decisions and lists: what is condemned
                s[at + SEEN] = 0;
                for (int list = 0; list < LISTS; list++) {
                    s[at + SEEN] |= packsOf(s, LIST, list, s[at + SEEN_RESCUES + list]);
                }
                Arrays.fill(s, at + SEEN_RESCUES, at + SEEN_RESCUES + LISTS, 0);
                s[at + PC] = 4;
            }
            case 4 -> { // what is there
                int known = s[PACKS] & ~s[at + SEEN];
                s[at + RELIED] = 1 + Integer.numberOfTrailingZeros(known == 0 ? 1 : known);
                s[at + PC] = known == 0 ? 5 : 20;
            }
            case 5 -> { // a new pack: its name tells of the session
                s[at + RELIED] = with(Mistake.NAMES_RETURN) ? 1 : 2 + p;
                s[at + PC] = 6;
            }
            case 6 -> { // publish; who finds the name taken relies on what is there
                if ((s[PACKS] & bit(s, at)) == 0) {
                    s[PACKS] |= bit(s, at);
                    int shift = 2 * (s[at + RELIED] - 1);
                    s[AUTHORS] = (s[AUTHORS] & ~(3 << shift)) | (1 + p) << shift;
                }
                s[at + PC] = 20;
            }
            default -> commit(s, p);
        }
        return s;
    }

    /** One step of bringing the forgotten snapshot back: it lifts all lists, then relies on what is there. */
    private int[] bringBack(int[] before, int p) {
        int[] s = before.clone();
        int at = process(p);
        int list = s[at + NEXT];
        switch (s[at + PC]) {
            case 0 -> {
                s[at + HONOURS] = presentLists(s);
                s[at + PC] = 1;
            }
            case 1 -> {
                s[at + REGISTERED] = 1;
                s[at + PC] = s[LIST] != 0 ? 40 : 44;
            }
            case 40 -> {
                s[RESCUED + list] |= with(Mistake.LIFTING_RESCUES_NOTHING) ? 0 : s[LIST + list] - 1;
                s[at + PC] = 41;
            }
            case 41 -> s[at + PC] = isSweptForLifting(s, list) ? 44 : 42;
            case 42 -> {
                s[LIST + list] = 0;
                s[at + PC] = 43;
            }
            case 43 -> {
                s[RESCUED + list] = 0;
                s[at + PC] = 44;
            }
            case 44 -> { // the next list
                do {
                    s[at + NEXT]++;
                } while (s[at + NEXT] < LISTS && s[LIST + s[at + NEXT]] == 0);
                s[at + PC] = s[at + NEXT] < LISTS ? 40 : 2;
            }
            case 2 -> {
                int known = s[PACKS] & ~condemned(s);
                s[at + NEXT] = 0;
                s[at + RELIED] = 1 + Integer.numberOfTrailingZeros(known == 0 ? 1 : known);
                s[at + PC] = known == 0 ? 30 : 20;
            }
            default -> commit(s, p);
        }
        return s;
    }

    private boolean isSweptForLifting(int[] s, int list) {
        return (s[MARKS] >> list & 1) != 0 && !with(Mistake.LIFTING_DOES_NOT_LOOK_FOR_THE_MARK);
    }

    private void commit(int[] s, int p) {
        int at = process(p);
        switch (s[at + PC]) {
            case 20, 21, 32, 33 -> { // is it condemned by now, or proposed for that?
                boolean first = s[at + PC] == 20 || s[at + PC] == 32;
                s[at + SEEN] = (first ? 0 : s[at + SEEN]) | listsWith(s, first ? PROPOSED : LIST, bit(s, at));
                s[at + PC]++;
            }
            case 22, 34 -> {
                for (int list = 0; list < LISTS; list++) {
                    if ((s[at + SEEN] >> list & 1) != 0) {
                        s[RESCUED + list] |= bit(s, at);
                    }
                }
                s[at + SEEN] = 0;
                s[at + PC] = s[at + PC] == 22 ? 24 : 30;
            }
            case 24 ->
                s[at + PC] = (s[PACKS] & bit(s, at)) == 0 // has it vanished?
                        ? 30
                        : with(Mistake.LIFE_IS_CHECKED_BEFORE_THE_ANNOUNCEMENT) ? 26 : 25;
            case 25 -> {
                s[at + ANNOUNCED] = with(Mistake.COMMIT_IS_NOT_ANNOUNCED) ? 0 : 1;
                s[at + PC] = with(Mistake.LIFE_IS_CHECKED_BEFORE_THE_ANNOUNCEMENT) ? 27 : 26;
            }
            case 26 ->
                s[at + PC] =
                        s[at + DECLARED] != 0 ? 30 : with(Mistake.LIFE_IS_CHECKED_BEFORE_THE_ANNOUNCEMENT) ? 25 : 27;
            case 27, 29 -> { // publish
                boolean refused = (s[BLOCKED] & manifest(p)) != 0;
                s[COMMITTED] |= refused ? 0 : manifest(p);
                s[at + PC] = !refused ? 32 : s[at + PC] == 27 ? 28 : 30;
            }
            case 28 -> s[at + PC] = s[at + DECLARED] != 0 ? 30 : 36; // meant for this one, or for an earlier attempt?
            case 36 -> {
                s[BLOCKED] &= ~manifest(p);
                s[at + PC] = 29;
            }
            case 30 -> {
                s[at + ANNOUNCED] = 0;
                s[at + PC] = 31;
            }
            case 31 -> {
                s[at + REGISTERED] = 0;
                s[at + SEEN] = 0;
                s[at + PC] = ENDED;
            }
            default -> throw new IllegalStateException("" + s[at + PC]);
        }
    }

    /** One step of a collection: of the one with the right, or of one that was declared dead. */
    private int[] collect(int[] before, int gc) {
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
                for (int p = 0; p < works.size(); p++) {
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
                endCollection(s, gc);
            }
            default -> throw new IllegalStateException("" + s[gc + GC_PC]);
        }
        return s;
    }

    private int condemned(int[] s) {
        int condemned = 0;
        for (int list = 0; list < LISTS; list++) {
            condemned |= packsOf(s, LIST, list, s[RESCUED + list]);
        }
        return condemned;
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
        for (int p = 0; p < works.size(); p++) {
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

    private static void endCollection(int[] s, int gc) {
        Arrays.fill(s, gc, gc + GC_FIELDS, 0);
        if (gc == GC) {
            s[RUNS]--;
        }
    }
}
