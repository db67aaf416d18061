package io.varve.store.snapshot;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The place of a new snapshot among those of its machine. Pure functions of the machine's snapshots, oldest first.
 *
 * <p>If its neighbours' numbers are consecutive, the new snapshot takes the lower one, and time decides between the
 * two. If time would put it before the other one, whose clock was ahead, it has no number and follows that one as its
 * parent.
 *
 * @param previous the snapshot it comes after; empty when it comes first
 * @param sequence its number; empty if only {@code previous} determines its place
 */
public record Placement(Optional<SnapshotHead> previous, Optional<Long> sequence) {
    /** After all others. */
    public static Placement last(List<SnapshotOrder.Placed> machine) {
        return after(machine, machine.size() - 1, Optional.empty());
    }

    /** By its time: for backups of an earlier state. */
    public static Placement at(List<SnapshotOrder.Placed> machine, Instant time) {
        return at(machine, time, -1, machine.size(), Optional.empty());
    }

    /**
     * By its time, between two given snapshots.
     *
     * @param after position in {@code machine} of one that it comes after, -1 for none
     * @param before position of one that it comes before, the size of {@code machine} for none
     * @param preferred the number to take if it fits
     */
    public static Placement at(
            List<SnapshotOrder.Placed> machine, Instant time, int after, int before, Optional<Long> preferred) {
        int previous = before - 1;
        while (previous > after && machine.get(previous).noLaterThan().isAfter(time)) {
            previous--;
        }
        Placement place = after(machine, previous, preferred);
        boolean sharesNumber = place.sequence.isPresent()
                && place.previous.flatMap(SnapshotHead::sequence).equals(place.sequence);
        return sharesNumber && !timePutsItBehind(machine, previous, time)
                ? new Placement(place.previous, Optional.empty())
                : place;
    }

    /** Whether time puts it behind the one at {@code previous} if both have the same number. */
    private static boolean timePutsItBehind(List<SnapshotOrder.Placed> machine, int previous, Instant time) {
        SnapshotOrder.Placed before = machine.get(previous);
        Instant noLaterThan = previous + 1 < machine.size()
                ? Collections.min(List.of(time, machine.get(previous + 1).noLaterThan()))
                : time;
        int order = before.noLaterThan().compareTo(noLaterThan);
        return order < 0 || order == 0 && !before.head().startedAt().isAfter(time);
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
