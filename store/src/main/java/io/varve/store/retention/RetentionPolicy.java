package io.varve.store.retention;

import io.varve.store.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How many snapshots of each machine to keep. A snapshot is kept if any rule keeps it. {@code daily 7} keeps the newest
 * snapshot of each of the newest seven days that have one, so a night without a backup costs nothing; likewise for
 * hours, weeks, months and years.
 *
 * <p>Which snapshot is newer depends on the order in which they were made, not on their times. Times only decide to
 * which hour, day, week, month or year a snapshot belongs. {@code within} counts back from the machine's newest
 * snapshot, so a long pause forgets nothing. A clock that was wrong when a snapshot was taken must not cause others to
 * be forgotten either:
 *
 * <ul>
 *   <li>A snapshot later than now is kept, and counts for no rule. Where now is wrong, too early a time only keeps
 *       more.
 *   <li>A snapshot whose time contradicts its place among the others is kept where a rule goes by time, and takes no
 *       other's hour, day, week, … for that rule.
 *   <li>The night with the wrong clock may be the one in which these rules are applied, with the same clock. Therefore
 *       {@code within} counts back from a snapshot only if there is another one within the period before it. One that
 *       stands alone is kept, and the next older one is asked.
 * </ul>
 *
 * @param last newest snapshots
 * @param hourly hours of the clock of {@code zone}; an hour that occurs twice, when summer time ends, counts as two
 * @param daily days; weeks are those of ISO 8601, from Monday
 * @param within everything at most this much older than the machine's newest; empty for no such rule
 * @param tags everything that has one of these, besides what the other rules keep
 * @param zone where days begin
 */
public record RetentionPolicy(
        int last,
        int hourly,
        int daily,
        int weekly,
        int monthly,
        int yearly,
        Optional<Period> within,
        Set<String> tags,
        ZoneId zone) {
    /**
     * How much later than now a snapshot may be, because clocks differ and a snapshot may come from another computer.
     */
    public static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHxxx", Locale.ROOT);

    /** The reason for keeping a snapshot whose time is in the future. */
    public static final String LATER = "later than now";

    /** The reason for keeping a snapshot whose time contradicts the order in which snapshots were made. */
    public static final String OUT_OF_ORDER = "time out of order";

    public RetentionPolicy {
        tags = Set.copyOf(tags);
        if (last < 0 || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0) {
            throw new IllegalArgumentException("a negative number of snapshots to keep");
        }
        if (within.isPresent() && within.get().isNegative()) {
            throw new IllegalArgumentException("a negative period to keep: " + within.get());
        }
    }

    /** Whether no rule keeps anything but what has a tag. Alone, a tag that is misspelt would keep nothing at all. */
    public boolean isEmpty() {
        return last == 0 && nothingByTime();
    }

    private boolean nothingByTime() {
        return hourly == 0 && daily == 0 && weekly == 0 && monthly == 0 && yearly == 0 && within.isEmpty();
    }

    /**
     * The decision about one snapshot.
     *
     * @param reasons why it is kept, such as {@code "week 2026-W47"}; empty if it is to be forgotten
     */
    public record Verdict(Snapshot snapshot, List<String> reasons) {
        public boolean isKept() {
            return !reasons.isEmpty();
        }
    }

    /**
     * Applies the rules to {@code snapshots}, for each machine separately.
     *
     * @param snapshots in the order in which they were made, for each machine
     * @param keptAnyway why a snapshot is kept regardless of the rules; empty if the rules decide
     * @param now used only to find snapshots that are in the future
     * @return verdicts, in the order of {@code snapshots}
     */
    public List<Verdict> judge(List<Snapshot> snapshots, Function<Snapshot, Optional<String>> keptAnyway, Instant now) {
        Instant latest = now.plus(CLOCK_TOLERANCE);
        Map<Snapshot, List<String>> reasons = new HashMap<>();
        Map<String, List<Snapshot>> machines = new HashMap<>();
        for (Snapshot snapshot : snapshots) {
            reasons.put(snapshot, new ArrayList<>());
            if (snapshot.manifest().startedAt().isAfter(latest)) {
                reasons.get(snapshot).add(LATER);
                continue;
            }
            machines.computeIfAbsent(snapshot.manifest().machine(), none -> new ArrayList<>())
                    .add(snapshot);
        }
        for (List<Snapshot> machine : machines.values()) {
            judgeMachine(machine, reasons);
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            for (String tag : snapshot.manifest().labels().tags()) {
                if (tags.contains(tag)) {
                    reasons.get(snapshot).add("tag " + tag);
                }
            }
            keptAnyway.apply(snapshot).ifPresent(reasons.get(snapshot)::add);
            verdicts.add(new Verdict(snapshot, List.copyOf(reasons.get(snapshot))));
        }
        return verdicts;
    }

    private void judgeMachine(List<Snapshot> oldestFirst, Map<Snapshot, List<String>> reasons) {
        List<Snapshot> all = new ArrayList<>(oldestFirst);
        Collections.reverse(all);
        keep(all, last, "newest", snapshot -> snapshot.id().text(), reasons);
        if (nothingByTime()) {
            return;
        }
        List<Snapshot> newestFirst = new ArrayList<>();
        List<Boolean> fitting = InOrder.fitting(oldestFirst.stream()
                .map(snapshot -> snapshot.manifest().startedAt())
                .toList());
        for (int i = oldestFirst.size() - 1; i >= 0; i--) {
            if (fitting.get(i)) {
                newestFirst.add(oldestFirst.get(i));
            } else {
                reasons.get(oldestFirst.get(i)).add(OUT_OF_ORDER);
            }
        }
        keep(newestFirst, hourly, "hour", snapshot -> HOUR.format(time(snapshot)), reasons);
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
            keepWithin(newestFirst, within.get(), reasons);
        }
    }

    private void keepWithin(List<Snapshot> newestFirst, Period period, Map<Snapshot, List<String>> reasons) {
        for (int i = 0; i < newestFirst.size(); i++) {
            Instant oldest = time(newestFirst.get(i)).minus(period).toInstant();
            List<Snapshot> within = newestFirst.subList(i, newestFirst.size()).stream()
                    .filter(snapshot -> !snapshot.manifest().startedAt().isBefore(oldest))
                    .toList();
            within.forEach(snapshot -> reasons.get(snapshot).add("within " + period));
            if (within.size() > 1) {
                return;
            }
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
