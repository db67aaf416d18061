package io.varve.store.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The place of a new snapshot among those of its machine. Pure functions of the machine's snapshots, oldest first.
 *
 * <p>If its neighbours' numbers are consecutive, the new snapshot takes the lower one, and time decides between the
 * two.
 *
 * @param previous the snapshot it comes after; empty when it comes first
 * @param sequence its number; empty if its neighbours have none, so only {@code previous} determines its place
 */
public record Placement(Optional<SnapshotHead> previous, Optional<Long> sequence) {
    /** After all others. */
    public static Placement last(List<SnapshotOrder.Placed> machine) {
        return after(machine, machine.size() - 1, Optional.empty());
    }

    /** By its time: for backups of an earlier state. */
    public static Placement at(List<SnapshotOrder.Placed> machine, Instant time) {
        int previous = machine.size() - 1;
        while (previous >= 0 && machine.get(previous).noLaterThan().isAfter(time)) {
            previous--;
        }
        return after(machine, previous, Optional.empty());
    }

    /**
     * After a given snapshot.
     *
     * @param previous position in {@code machine}, -1 for before all
     * @param preferred the number to take if it fits
     */
    public static Placement after(List<SnapshotOrder.Placed> machine, int previous, Optional<Long> preferred) {
        Optional<SnapshotHead> head = previous < 0
                ? Optional.empty()
                : Optional.of(machine.get(previous).head());
        Optional<Long> upper = machine.subList(previous + 1, machine.size()).stream()
                .flatMap(placed -> placed.head().sequence().stream())
                .min(Long::compare);
        if (upper.isEmpty() && previous + 1 < machine.size()) {
            return new Placement(head, head.flatMap(SnapshotHead::sequence));
        }
        long lower = machine.subList(0, previous + 1).stream()
                .flatMap(placed -> placed.head().sequence().stream())
                .max(Long::compare)
                .orElse(upper.map(next -> Math.max(-1, next - 2)).orElse(0L));
        long limit = upper.orElse(SnapshotHead.MAX_SEQUENCE + 1);
        Optional<Long> fitting = preferred.filter(number -> number > lower && number < limit);
        long next = lower + 1 < limit ? lower + 1 : Math.max(0, lower);
        return new Placement(head, Optional.of(fitting.orElse(next)));
    }
}
