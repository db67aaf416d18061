package io.varve.store.gc;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
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
final class EvictionModel extends EvictionState implements StateSearch.Machine {
    /** What a process does. */
    enum Work {
        BACKUP,
        BRING_BACK
    }

    private final EvictionCollection collection;
    private final List<Work> works;
    private final int collections;
    private final boolean lateCollections;
    private boolean frozenSweep;

    /** @param lateCollections whether a collection can go on after it was declared dead */
    EvictionModel(List<Work> works, int collections, boolean lateCollections, Mistake... mistakes) {
        super(Set.of(mistakes));
        this.collection = new EvictionCollection(works.size(), Set.of(mistakes));
        this.works = works;
        this.collections = collections;
        this.lateCollections = lateCollections;
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
                s = collection.step(s, GC);
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
            next.add(collection.step(s, GC));
        }
        int late = GC + GC_FIELDS;
        if (s[late + GC_PC] > 0) {
            next.add(collection.step(s, late));
        }
        if (s[GC + GC_PC] > 0) {
            int[] dead = s.clone();
            if (lateCollections && s[late + GC_PC] == 0) {
                System.arraycopy(s, GC, dead, late, GC_FIELDS);
            }
            EvictionCollection.end(dead, GC);
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
}
