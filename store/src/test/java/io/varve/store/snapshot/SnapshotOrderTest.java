package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.store.snapshot.SnapshotOrder.Placed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Snapshots are named by letters here; hours count from one night. */
class SnapshotOrderTest {
    private static final Instant NIGHT = Instant.parse("2026-11-21T02:00:00Z");
    private static final int YEAR = 365 * 24;

    private final Map<SnapshotId, SnapshotId> forgotten = new HashMap<>();
    private final Map<SnapshotId, String> letters = new HashMap<>();

    private SnapshotId id(String letter) {
        SnapshotId id = new SnapshotId(String.format("20261121T020000Z-%08x", (int) letter.charAt(0)));
        letters.put(id, letter);
        return id;
    }

    private SnapshotHead head(String letter, Integer sequence, String parent, int hours) {
        return head("web", letter, sequence, parent, hours);
    }

    private SnapshotHead head(String machine, String letter, Integer sequence, String parent, int hours) {
        return new SnapshotHead(
                id(letter),
                machine,
                Optional.ofNullable(sequence).map(Integer::longValue),
                Optional.ofNullable(parent).map(this::id),
                NIGHT.plus(Duration.ofHours(hours)));
    }

    private List<Placed> placed(List<SnapshotHead> heads) throws IOException {
        return SnapshotOrder.oldestFirst(heads, id -> Optional.ofNullable(forgotten.get(id)));
    }

    /** In whatever order they are given. */
    private String order(SnapshotHead... heads) throws IOException {
        List<SnapshotHead> given = new ArrayList<>(List.of(heads));
        String expected = null;
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(given, random);
            String found = placed(given).stream()
                    .map(place -> letters.get(place.head().id()))
                    .collect(Collectors.joining());
            assertEquals(expected == null ? found : expected, found);
            expected = found;
        }
        return expected;
    }

    @Test
    void numbersBeatClocks() throws IOException {
        for (int wrong : new int[] {10, -10, 10 * 24, -10 * 24, 9 * YEAR, -9 * YEAR}) {
            assertEquals(
                    "abcd",
                    order(
                            head("a", 1, null, 0),
                            head("b", 2, "a", 24 + wrong),
                            head("c", 3, "b", 48),
                            head("d", 4, "c", 72)));
        }
    }

    @Test
    void parentsBeatClocksWhereThereAreNoNumbers() throws IOException {
        for (int wrong : new int[] {10, -10, 30 * 24, -30 * 24, 9 * YEAR, -9 * YEAR}) {
            assertEquals(
                    "abcd",
                    order(
                            head("a", null, null, wrong),
                            head("b", null, "a", 24),
                            head("c", null, "b", 48),
                            head("d", null, "c", 72)));
        }
    }

    @Test
    void aForgottenNightDoesNotCutTheChain() throws IOException {
        forgotten.put(id("b"), id("a"));
        assertEquals("acd", order(head("a", null, null, YEAR), head("c", null, "b", 48), head("d", null, "c", 72)));
    }

    @Test
    void whereTheChainIsCutTimeDecidesAndAWrongClockBeforeTheCutStaysBeforeIt() throws IOException {
        assertEquals(
                "abcde",
                order(
                        head("a", null, null, 0),
                        head("b", null, "a", YEAR),
                        head("c", null, "b", 48),
                        head("d", null, "x", 72),
                        head("e", null, "d", 96)));
    }

    @Test
    void anOlderBuildBetweenNewerOnesStaysWhereItWas() throws IOException {
        assertEquals(
                "abcde",
                order(
                        head("a", null, null, 0),
                        head("b", 1, "a", 24),
                        head("c", null, "b", 48),
                        head("d", 2, "c", 72),
                        head("e", 3, "d", -YEAR)));
    }

    @Test
    void twoHostsThatFollowTheSameNightAreOrderedByTime() throws IOException {
        assertEquals(
                "abcd",
                order(head("a", 1, null, 0), head("c", 2, "a", 26), head("b", 2, "a", 25), head("d", 3, "c", 20)));
    }

    @Test
    void machinesStandBesideEachOtherByTimeEachInItsOrder() throws IOException {
        assertEquals(
                "amnbo",
                order(
                        head("a", 1, null, 0),
                        head("b", 2, "a", 25),
                        head("db", "m", 1, null, YEAR),
                        head("db", "n", 2, "m", 1),
                        head("db", "o", 3, "n", 26)));
    }

    @Test
    void contradictionsStillGiveAnOrder() throws IOException {
        assertEquals("ab", order(head("a", null, "b", 0), head("b", null, "a", 1)));
        assertEquals(
                "bca",
                order(head("a", 5, "c", 0), head("b", 3, null, 1), head("c", null, "b", 2))
                        .replace("?", ""));
        order(head("a", 5, "b", 0), head("b", null, "c", 1), head("c", 6, null, 2));
    }

    @Test
    void aBackfillGoesWhereItsTimeSays() throws IOException {
        List<Placed> nights = placed(
                List.of(head("a", 1, null, YEAR), head("b", 2, "a", 24), head("c", 3, "b", 48), head("d", 4, "c", 72)));
        for (int hours : new int[] {-1, 12, 25, 47, 50, 73}) {
            Instant time = NIGHT.plus(Duration.ofHours(hours));
            Placement place = Placement.at(nights, time);
            List<SnapshotHead> all =
                    new ArrayList<>(nights.stream().map(Placed::head).toList());
            all.add(new SnapshotHead(
                    id("x"), "web", place.sequence(), place.previous().map(SnapshotHead::id), time));
            String expected = hours < 24 ? "xabcd" : hours < 48 ? "abxcd" : hours < 72 ? "abcxd" : "abcdx";
            assertEquals(expected, order(all.toArray(SnapshotHead[]::new)), "backfill at " + hours);
        }
    }

    @Test
    void aBackfillAmongNightsWithoutNumbers() throws IOException {
        List<Placed> nights = placed(List.of(
                head("a", null, null, 0), head("b", null, "a", 24), head("c", 1, "b", 48), head("d", 2, "c", 72)));
        for (int hours : new int[] {-1, 12, 25, 50, 73}) {
            Instant time = NIGHT.plus(Duration.ofHours(hours));
            Placement place = Placement.at(nights, time);
            List<SnapshotHead> all =
                    new ArrayList<>(nights.stream().map(Placed::head).toList());
            all.add(new SnapshotHead(
                    id("x"), "web", place.sequence(), place.previous().map(SnapshotHead::id), time));
            String expected =
                    hours < 0 ? "xabcd" : hours < 24 ? "axbcd" : hours < 48 ? "abxcd" : hours < 72 ? "abcxd" : "abcdx";
            assertEquals(expected, order(all.toArray(SnapshotHead[]::new)), "backfill at " + hours);
        }
    }

    /** Nights one after the other, clocks wrong at random, some forgotten: whoever is last made is last. */
    @Test
    void theLastMadeIsTheLastWhateverTheClocksSaid() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            forgotten.clear();
            List<SnapshotHead> there = new ArrayList<>();
            List<SnapshotId> made = new ArrayList<>();
            for (int night = 0; night < 12; night++) {
                int wrong = random.nextInt(3) > 0 ? 0 : random.nextInt(2 * YEAR) - YEAR;
                Placement place = Placement.last(placed(there));
                boolean olderBuild = random.nextInt(3) == 0;
                SnapshotHead head = new SnapshotHead(
                        new SnapshotId(String.format("20261121T020000Z-%04x%04x", random.nextInt(1 << 16), night)),
                        "web",
                        olderBuild ? Optional.empty() : place.sequence(),
                        place.previous().map(SnapshotHead::id),
                        NIGHT.plus(Duration.ofHours(24L * night + wrong)));
                there.add(head);
                made.add(head.id());
                if (night > 2 && random.nextInt(3) == 0) {
                    SnapshotHead going = there.remove(random.nextInt(there.size() - 1));
                    going.parent().ifPresent(parent -> forgotten.put(going.id(), parent));
                }
                List<SnapshotId> expected = new ArrayList<>(made);
                expected.retainAll(there.stream().map(SnapshotHead::id).collect(Collectors.toCollection(HashSet::new)));
                List<SnapshotId> found =
                        placed(there).stream().map(placed -> placed.head().id()).toList();
                assertEquals(expected, found, "seed " + seed + ", round " + round + ", night " + night);
            }
        }
    }
}
