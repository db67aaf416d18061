package io.varve.store.retention;

import io.varve.store.snapshot.Snapshot;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How many snapshots of each machine to keep. A snapshot is kept if one rule keeps it. Rules with a number keep the
 * newest snapshot of each of the newest so many days (weeks, …) that have one, so a night without a backup costs
 * nothing.
 *
 * <p>Time is what the snapshots say, never what a clock says now: {@code within} counts back from the machine's newest
 * snapshot. So neither a wrong clock nor a long pause forgets anything that would have been kept.
 *
 * @param last newest snapshots
 * @param daily days; weeks are those of ISO 8601, from Monday
 * @param within everything this much older than the machine's newest; empty for no such rule
 * @param zone where days begin
 */
public record RetentionPolicy(
        int last, int daily, int weekly, int monthly, int yearly, Optional<Period> within, ZoneId zone) {
    public RetentionPolicy {
        if (last < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0) {
            throw new IllegalArgumentException("a negative number of snapshots to keep");
        }
        if (within.isPresent() && within.get().isNegative()) {
            throw new IllegalArgumentException("a negative period to keep: " + within.get());
        }
    }

    /** Whether no rule keeps anything. */
    public boolean isEmpty() {
        return last + daily + weekly + monthly + yearly == 0 && within.isEmpty();
    }

    /**
     * What becomes of one snapshot.
     *
     * @param reasons why it is kept, such as {@code "week 2026-W47"}; empty when it is to be forgotten
     */
    public record Verdict(Snapshot snapshot, List<String> reasons) {
        public boolean isKept() {
            return !reasons.isEmpty();
        }
    }

    /**
     * Judges {@code snapshots}, each machine's for themselves.
     *
     * @param isProtected snapshots that are kept whatever the rules say; they use up no place of a rule's number
     * @return in the order given
     */
    public List<Verdict> judge(List<Snapshot> snapshots, Function<Snapshot, Boolean> isProtected) {
        Map<Snapshot, List<String>> reasons = new HashMap<>();
        Map<String, List<Snapshot>> machines = new HashMap<>();
        for (Snapshot snapshot : snapshots) {
            reasons.put(snapshot, new ArrayList<>());
            machines.computeIfAbsent(snapshot.manifest().machine(), none -> new ArrayList<>())
                    .add(snapshot);
        }
        for (List<Snapshot> machine : machines.values()) {
            machine.sort((a, b) -> {
                int order = b.manifest().startedAt().compareTo(a.manifest().startedAt());
                return order != 0 ? order : b.id().compareTo(a.id());
            });
            judgeMachine(machine, reasons);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            if (isProtected.apply(snapshot)) {
                reasons.get(snapshot).add("protected");
            }
            verdicts.add(new Verdict(snapshot, List.copyOf(reasons.get(snapshot))));
        }
        return verdicts;
    }

    private void judgeMachine(List<Snapshot> newestFirst, Map<Snapshot, List<String>> reasons) {
        keep(newestFirst, last, "newest", snapshot -> snapshot.id().text(), reasons);
        keep(newestFirst, daily, "day", snapshot -> time(snapshot).toLocalDate().toString(), reasons);
        keep(
                newestFirst,
                weekly,
                "week",
                snapshot -> time(snapshot).get(IsoFields.WEEK_BASED_YEAR)
                        + String.format("-W%02d", time(snapshot).get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)),
                reasons);
        keep(
                newestFirst,
                monthly,
                "month",
                snapshot -> String.format(
                        "%d-%02d", time(snapshot).getYear(), time(snapshot).getMonthValue()),
                reasons);
        keep(newestFirst, yearly, "year", snapshot -> "" + time(snapshot).getYear(), reasons);
        if (within.isPresent()) {
            Instant oldest = time(newestFirst.get(0)).minus(within.get()).toInstant();
            newestFirst.stream()
                    .filter(snapshot -> !snapshot.manifest().startedAt().isBefore(oldest))
                    .forEach(snapshot -> reasons.get(snapshot).add("within " + within.get()));
        }
    }

    private ZonedDateTime time(Snapshot snapshot) {
        return snapshot.manifest().startedAt().atZone(zone);
    }

    private static void keep(
            List<Snapshot> newestFirst,
            int most,
            String rule,
            Function<Snapshot, String> slotOf,
            Map<Snapshot, List<String>> reasons) {
        Set<String> slots = new HashSet<>();
        for (Snapshot snapshot : newestFirst) {
            String slot = slotOf.apply(snapshot);
            if (slots.size() < most && slots.add(slot)) {
                reasons.get(snapshot).add(rule.equals("newest") ? rule + " " + slots.size() : rule + " " + slot);
            }
        }
    }
}
