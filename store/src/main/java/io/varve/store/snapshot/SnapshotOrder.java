package io.varve.store.snapshot;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/**
 * The order in which snapshots were made. Clocks are sometimes wrong, so time decides only where nothing better is
 * known:
 *
 * <ol>
 *   <li>Within a machine a lower sequence number comes first.
 *   <li>A snapshot without a number, or whose parent has none, comes after its parent. If the parent was forgotten, its
 *       record of forgetting names the snapshot before it.
 *   <li>Otherwise the earlier time comes first. A snapshot counts as no later than any that is known to follow it, so
 *       one whose clock was ahead does not push back those made after it.
 * </ol>
 *
 * Between machines only time decides. The order is total and deterministic for any input, even a contradictory one.
 */
public final class SnapshotOrder {
    /** By time, oldest first, for snapshots that no rule orders. */
    private static final Comparator<SnapshotHead> BY_TIME =
            Comparator.comparing(SnapshotHead::startedAt).thenComparing(SnapshotHead::id);

    private SnapshotOrder() {}

    /** Finds the predecessors of forgotten snapshots in their records. */
    @FunctionalInterface
    public interface ForgottenParents {
        /** The snapshot before {@code forgotten}; empty when there is no record of it, or none that says so. */
        Optional<SnapshotId> before(SnapshotId forgotten) throws IOException;
    }

    /**
     * A snapshot in its place.
     *
     * @param noLaterThan the least of its own time and those of all that follow it
     */
    public record Placed(SnapshotHead head, Instant noLaterThan) {}

    /** Snapshots of any machines, oldest first; those of one machine in their order. */
    public static List<Placed> oldestFirst(Collection<SnapshotHead> heads, ForgottenParents forgotten)
            throws IOException {
        Map<String, List<SnapshotHead>> machines = new TreeMap<>();
        for (SnapshotHead head : heads) {
            machines.computeIfAbsent(head.machine(), none -> new ArrayList<>()).add(head);
        }
        List<List<Placed>> ordered = new ArrayList<>();
        for (List<SnapshotHead> machine : machines.values()) {
            ordered.add(ofMachine(machine, forgotten));
        }
        return merge(ordered);
    }

    private static List<Placed> ofMachine(List<SnapshotHead> heads, ForgottenParents forgotten) throws IOException {
        List<SnapshotHead> byTime = heads.stream().sorted(BY_TIME).toList();
        OrderGraph graph = new OrderGraph(byTime.size());
        Map<SnapshotId, Integer> numbers = new HashMap<>();
        for (int i = 0; i < byTime.size(); i++) {
            numbers.put(byTime.get(i).id(), i);
        }
        TreeMap<Long, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < byTime.size(); i++) {
            SnapshotHead head = byTime.get(i);
            if (head.sequence().isPresent()) {
                groups.computeIfAbsent(head.sequence().get(), none -> new ArrayList<>())
                        .add(i);
            }
            Integer parent = presentAncestor(head, numbers, forgotten);
            if (parent != null
                    && (head.sequence().isEmpty()
                            || byTime.get(parent).sequence().isEmpty())) {
                graph.follows(i, parent);
            }
        }
        graph.inSteps(new ArrayList<>(groups.values()));
        Instant[] times = byTime.stream().map(SnapshotHead::startedAt).toArray(Instant[]::new);
        Instant[] noLaterThan = graph.earliestOfFollowers(times);
        Comparator<Integer> byPlace =
                Comparator.comparing((Integer i) -> noLaterThan[i]).thenComparing(i -> i);
        return graph.sorted(byPlace).stream()
                .map(i -> new Placed(byTime.get(i), noLaterThan[i]))
                .toList();
    }

    /** The nearest ancestor that still exists. */
    private static Integer presentAncestor(
            SnapshotHead head, Map<SnapshotId, Integer> present, ForgottenParents forgotten) throws IOException {
        Set<SnapshotId> seen = new HashSet<>(Set.of(head.id()));
        Optional<SnapshotId> parent = head.parent();
        while (parent.isPresent() && seen.add(parent.get())) {
            Integer number = present.get(parent.get());
            if (number != null) {
                return number;
            }
            parent = forgotten.before(parent.get());
        }
        return null;
    }

    private static List<Placed> merge(List<List<Placed>> machines) {
        if (machines.size() == 1) {
            return machines.get(0);
        }
        record Cursor(List<Placed> list, int at) {
            Placed head() {
                return list.get(at);
            }
        }
        Comparator<Cursor> byTime = Comparator.comparing(
                        (Cursor cursor) -> cursor.head().noLaterThan())
                .thenComparing(cursor -> cursor.head().head().id())
                .thenComparing(cursor -> cursor.head().head().machine());
        PriorityQueue<Cursor> queue = new PriorityQueue<>(byTime);
        machines.forEach(list -> queue.add(new Cursor(list, 0)));
        List<Placed> merged = new ArrayList<>();
        while (!queue.isEmpty()) {
            Cursor first = queue.poll();
            merged.add(first.head());
            if (first.at + 1 < first.list.size()) {
                queue.add(new Cursor(first.list, first.at + 1));
            }
        }
        return merged;
    }
}
