package io.varve.store.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkId;
import io.varve.store.retention.RetentionPolicy.Verdict;
import io.varve.store.snapshot.Labels;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static Snapshot snapshot(String machine, String time) {
        return snapshot(machine, time, Labels.NONE);
    }

    private static Snapshot snapshot(String machine, String time, Labels labels) {
        Instant at = Instant.parse(time);
        Manifest manifest = new Manifest(
                new UUID(1, 2),
                machine,
                Optional.empty(),
                "host",
                at,
                at,
                "offline",
                List.of(),
                List.of(),
                "test",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                labels);
        return new Snapshot(SnapshotId.create(at), manifest, ChunkId.ZERO);
    }

    private static RetentionPolicy policy(int last, int daily, int weekly, int monthly, int yearly) {
        return new RetentionPolicy(last, 0, daily, weekly, monthly, yearly, Optional.empty(), Set.of(), ZoneOffset.UTC);
    }

    /** Times of the kept ones, as far as the minute. */
    private static List<String> kept(RetentionPolicy policy, List<Snapshot> snapshots) {
        return policy.judge(snapshots, snapshot -> Optional.empty(), NOW).stream()
                .filter(Verdict::isKept)
                .map(verdict ->
                        verdict.snapshot().manifest().startedAt().toString().substring(0, 16))
                .toList();
    }

    private static List<Snapshot> nights(String... times) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (String time : times) {
            snapshots.add(snapshot("m", time));
        }
        return snapshots;
    }

    @Test
    void newestOfEachOfTheNewestDaysThatHaveOne() {
        List<Snapshot> snapshots = nights(
                "2026-11-01T01:00:00Z",
                "2026-11-01T23:00:00Z",
                "2026-11-02T01:00:00Z",
                // Three nights without a backup.
                "2026-11-06T01:00:00Z",
                "2026-11-06T02:00:00Z");
        assertEquals(
                List.of("2026-11-01T23:00", "2026-11-02T01:00", "2026-11-06T02:00"),
                kept(policy(0, 3, 0, 0, 0), snapshots));
        assertEquals(List.of("2026-11-06T01:00", "2026-11-06T02:00"), kept(policy(2, 0, 0, 0, 0), snapshots));
        assertEquals(List.of(), kept(policy(0, 0, 0, 0, 0), snapshots));
    }

    @Test
    void newestOfEachHour() {
        List<Snapshot> snapshots = nights(
                "2026-11-01T09:10:00Z",
                "2026-11-01T09:50:00Z",
                "2026-11-01T10:00:00Z",
                "2026-11-02T10:59:00Z",
                "2026-11-02T11:00:00Z");
        RetentionPolicy policy = new RetentionPolicy(0, 3, 0, 0, 0, 0, Optional.empty(), Set.of(), ZoneOffset.UTC);
        assertEquals(List.of("2026-11-01T10:00", "2026-11-02T10:59", "2026-11-02T11:00"), kept(policy, snapshots));
        Verdict last =
                policy.judge(snapshots, snapshot -> Optional.empty(), NOW).get(4);
        assertEquals(List.of("hour 2026-11-02T11+00:00"), last.reasons());
        assertFalse(policy.isEmpty());
    }

    /** In the night in which summer time ends, two o'clock comes twice. */
    @Test
    void anHourThatComesTwiceIsTwo() {
        List<Snapshot> snapshots = nights("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertEquals(
                2,
                kept(new RetentionPolicy(0, 5, 0, 0, 0, 0, Optional.empty(), Set.of(), berlin), snapshots)
                        .size());
    }

    @Test
    void aTagKeepsBesidesTheOtherRules() {
        List<Snapshot> snapshots = List.of(
                snapshot("m", "2026-11-01T09:00:00Z", new Labels(List.of("release", "old"), Optional.empty())),
                snapshot("m", "2026-11-02T09:00:00Z", new Labels(List.of("other"), Optional.of("release"))),
                snapshot("m", "2026-11-03T09:00:00Z"));
        RetentionPolicy policy =
                new RetentionPolicy(1, 0, 0, 0, 0, 0, Optional.empty(), Set.of("release", "unused"), ZoneOffset.UTC);
        assertEquals(List.of("2026-11-01T09:00", "2026-11-03T09:00"), kept(policy, snapshots));
        assertEquals(
                List.of("tag release"),
                policy.judge(snapshots, snapshot -> Optional.empty(), NOW)
                        .get(0)
                        .reasons());
        assertTrue(
                new RetentionPolicy(0, 0, 0, 0, 0, 0, Optional.empty(), Set.of("release"), ZoneOffset.UTC).isEmpty());
    }

    @Test
    void weeksAreThoseOfIsoAcrossTheYear() {
        // 2026-12-28 is a Monday and begins week 53 of 2026, which ends on 2027-01-03.
        List<Snapshot> snapshots =
                nights("2026-12-27T12:00:00Z", "2026-12-28T12:00:00Z", "2027-01-03T12:00:00Z", "2027-01-04T12:00:00Z");
        assertEquals(
                List.of("2026-12-27T12:00", "2027-01-03T12:00", "2027-01-04T12:00"),
                kept(policy(0, 0, 9, 0, 0), snapshots));
        Verdict second = policy(0, 0, 9, 0, 0)
                .judge(snapshots, snapshot -> Optional.empty(), NOW)
                .get(2);
        assertEquals(List.of("week 2026-W53"), second.reasons());
        // A year is that of the calendar: 2027-01-03 belongs to the last week of 2026, and to 2027.
        assertEquals(List.of("2026-12-28T12:00", "2027-01-04T12:00"), kept(policy(0, 0, 0, 0, 9), snapshots));
    }

    @Test
    void daysBeginWhereTheOperatorIs() {
        List<Snapshot> snapshots = nights("2026-11-01T22:30:00Z", "2026-11-01T23:30:00Z");
        RetentionPolicy utc = policy(0, 5, 0, 0, 0);
        assertEquals(1, kept(utc, snapshots).size());
        RetentionPolicy berlin =
                new RetentionPolicy(0, 0, 5, 0, 0, 0, Optional.empty(), Set.of(), ZoneId.of("Europe/Berlin"));
        assertEquals(2, kept(berlin, snapshots).size());
    }

    /** Invariant 10: a clock that jumps, or a year without backups, forgets nothing. */
    @Test
    void withinCountsFromTheNewestSnapshotNotFromNow() {
        List<Snapshot> snapshots = nights("1999-01-01T00:00:00Z", "1999-01-25T00:00:00Z", "1999-01-31T00:00:00Z");
        RetentionPolicy policy =
                new RetentionPolicy(0, 0, 0, 0, 0, 0, Optional.of(Period.ofDays(6)), Set.of(), ZoneOffset.UTC);
        assertEquals(List.of("1999-01-25T00:00", "1999-01-31T00:00"), kept(policy, snapshots));
    }

    private static RetentionPolicy within(int days) {
        return new RetentionPolicy(0, 0, 0, 0, 0, 0, Optional.of(Period.ofDays(days)), Set.of(), ZoneOffset.UTC);
    }

    /** The computer that forgets has the wrong clock too: both run in the same night. */
    @Test
    void oneNightWithAWrongClockForgetsNothing() {
        List<Snapshot> snapshots =
                nights("2026-11-18T01:00:00Z", "2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z", "2029-03-01T01:00:00Z");
        assertEquals(List.of("2026-11-19T01:00", "2026-11-20T01:00", "2029-03-01T01:00"), kept(within(1), snapshots));
        // Once there are two nights after a pause, it was one.
        snapshots =
                nights("2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z", "2029-03-01T01:00:00Z", "2029-03-02T01:00:00Z");
        assertEquals(List.of("2029-03-01T01:00", "2029-03-02T01:00"), kept(within(1), snapshots));
        // Two wrong nights far from each other, and none but lone ones.
        snapshots =
                nights("2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z", "2028-03-01T01:00:00Z", "2029-03-01T01:00:00Z");
        assertEquals(4, kept(within(1), snapshots).size());
        assertEquals(
                3,
                kept(within(1), nights("2026-01-01T01:00:00Z", "2027-01-01T01:00:00Z", "2028-01-01T01:00:00Z"))
                        .size());
    }

    /** Whichever night it was, and however wrong: nothing goes that would have stayed. */
    @Test
    void aClockThatWasWrongForOneNightCostsNothing() {
        for (int wrongNight = 0; wrongNight < 39; wrongNight++) {
            for (int days : new int[] {-4000, -400, -40, -2, 2, 40, 400, 4000}) {
                List<Snapshot> right = new ArrayList<>();
                List<Snapshot> wrong = new ArrayList<>();
                for (int night = 0; night < 40; night++) {
                    Instant time = Instant.parse("2026-11-01T01:00:00Z").plus(Duration.ofDays(night));
                    right.add(snapshot("m", time.toString()));
                    wrong.add(
                            night != wrongNight
                                    ? right.get(night)
                                    : snapshot(
                                            "m",
                                            time.plus(Duration.ofDays(days)).toString()));
                }
                for (RetentionPolicy policy :
                        List.of(policy(0, 7, 0, 0, 0), policy(3, 7, 4, 2, 1), policy(1, 0, 0, 0, 0), within(5))) {
                    List<Verdict> expected = policy.judge(right, snapshot -> Optional.empty(), NOW);
                    List<Verdict> found = policy.judge(wrong, snapshot -> Optional.empty(), NOW);
                    for (int night = 0; night < 40; night++) {
                        assertTrue(
                                found.get(night).isKept()
                                        || !expected.get(night).isKept(),
                                policy + ", night " + wrongNight + " wrong by " + days + " days: lost night " + night);
                    }
                }
            }
        }
    }

    @Test
    void theLastMadeIsTheNewestEvenIfItsClockWasBehind() {
        List<Snapshot> snapshots = nights("2026-11-18T11:00:00Z", "2026-11-18T02:00:00Z", "2026-11-18T03:00:00Z");
        assertEquals(List.of("2026-11-18T03:00"), kept(policy(1, 0, 0, 0, 0), snapshots));
        List<Verdict> verdicts = policy(0, 1, 0, 0, 0).judge(snapshots, snapshot -> Optional.empty(), NOW);
        assertEquals(List.of("time out of order"), verdicts.get(0).reasons());
        assertEquals(List.of(), verdicts.get(1).reasons());
        assertEquals(List.of("day 2026-11-18"), verdicts.get(2).reasons());
    }

    @Test
    void whatIsLaterThanNowIsKeptAndCountsForNoRule() {
        List<Snapshot> snapshots = nights(
                "2029-12-30T01:00:00Z",
                "2029-12-31T01:00:00Z",
                "2030-01-01T20:00:00Z",
                "2036-01-01T01:00:00Z",
                "2036-01-02T01:00:00Z");
        assertEquals(
                List.of("2030-01-01T20:00", "2036-01-01T01:00", "2036-01-02T01:00"),
                kept(policy(1, 0, 0, 0, 0), snapshots));
        assertEquals(
                List.of("2029-12-31T01:00", "2030-01-01T20:00", "2036-01-01T01:00", "2036-01-02T01:00"),
                kept(within(2), snapshots));
        List<Verdict> verdicts = within(2).judge(snapshots, snapshot -> Optional.empty(), NOW);
        assertEquals(List.of(), verdicts.get(0).reasons());
        assertEquals(List.of("within P2D"), verdicts.get(2).reasons());
        assertEquals(List.of("later than now"), verdicts.get(4).reasons());
        // A clock that is behind keeps everything.
        assertTrue(within(1).judge(snapshots, snapshot -> Optional.empty(), Instant.EPOCH).stream()
                .allMatch(Verdict::isKept));
    }

    @Test
    void machinesAreJudgedForThemselvesAndProtectedOnesKept() {
        List<Snapshot> snapshots = List.of(
                snapshot("a", "2026-11-01T00:00:00Z"),
                snapshot("b", "2026-11-02T00:00:00Z"),
                snapshot("a", "2026-11-03T00:00:00Z"));
        List<Verdict> verdicts = policy(1, 0, 0, 0, 0).judge(snapshots, snapshot -> Optional.empty(), NOW);
        assertEquals(
                List.of(false, true, true),
                verdicts.stream().map(Verdict::isKept).toList());
        verdicts = policy(1, 0, 0, 0, 0)
                .judge(
                        snapshots,
                        snapshot -> Optional.of("protected").filter(why -> snapshot.equals(snapshots.get(0))),
                        NOW);
        assertEquals(List.of("protected"), verdicts.get(0).reasons());
        assertEquals(List.of("newest 1"), verdicts.get(2).reasons());
    }

    /** More rules never forget more; and the newest one is kept by every rule. */
    @Test
    void moreRulesKeepMore() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            List<Snapshot> snapshots = new ArrayList<>();
            for (int i = random.nextInt(1, 40); i > 0; i--) {
                Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextLong(2L * 365 * 86_400));
                snapshots.add(snapshot(random.nextBoolean() ? "a" : "b", at.toString()));
            }
            int[] n = random.ints(5, 0, 6).toArray();
            List<String> few = kept(policy(n[0], n[1], n[2], n[3], n[4]), snapshots);
            int more = random.nextInt(5);
            n[more] += 1 + random.nextInt(3);
            List<String> many = kept(policy(n[0], n[1], n[2], n[3], n[4]), snapshots);
            assertTrue(many.containsAll(few), "seed " + seed + ", round " + round);
            String newest = snapshots
                    .get(snapshots.size() - 1)
                    .manifest()
                    .startedAt()
                    .toString()
                    .substring(0, 16);
            assertTrue(many.contains(newest), "seed " + seed + ", round " + round);
        }
    }

    @Test
    void nonsense() {
        assertThrows(IllegalArgumentException.class, () -> policy(-1, 0, 0, 0, 0));
        assertTrue(policy(0, 0, 0, 0, 0).isEmpty());
    }
}
