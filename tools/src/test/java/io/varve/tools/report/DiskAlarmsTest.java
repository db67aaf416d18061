package io.varve.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.job.JobEnd.JobDisk;
import io.varve.tools.report.DiskAlarms.Alarm;
import io.varve.tools.report.Records.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Made histories: what raises an alarm, and what must not. */
class DiskAlarmsTest {
    private static final long GIB = 1L << 30;
    private static final long SIZE = 200 * GIB;

    private final Random random = new Random(5);

    private static JobDisk disk(double changedGib, double ratio) {
        return disk(changedGib, changedGib, 0, ratio);
    }

    private static JobDisk disk(double changedGib, double addedGib, double zeroGib, double ratio) {
        return new JobDisk(
                "system",
                "incremental",
                "change-list",
                SIZE,
                (long) (changedGib * GIB),
                (long) (changedGib * GIB),
                (long) (addedGib * ratio * GIB),
                1,
                OptionalLong.of((long) (addedGib * GIB)),
                OptionalLong.of((long) (zeroGib * GIB)));
    }

    private static JobDisk demoted() {
        return new JobDisk(
                "system",
                "demoted",
                "token-mismatch",
                SIZE,
                GIB,
                SIZE,
                GIB / 2,
                1,
                OptionalLong.of(GIB),
                OptionalLong.of(0));
    }

    /** @param disk by the number of nights ago */
    private static List<Entry> history(int nights, IntFunction<JobDisk> disk) {
        MadeNights made = new MadeNights();
        for (int ago = nights; ago >= 1; ago--) {
            made.backup(ago, "vm", 0, null, List.of(), disk.apply(ago));
        }
        return Records.of(made.jobs(), List.of(), MadeNights.NOW).machines().getOrDefault("vm", List.of());
    }

    /** A server: one to two GiB a night, compressing to half, give or take. */
    private JobDisk ordinary(int ago) {
        return disk(1 + random.nextDouble(), 0.45 + 0.1 * random.nextDouble());
    }

    private static List<String> codes(List<Alarm> alarms) {
        return alarms.stream()
                .map(alarm -> alarm.code() + (alarm.holds() ? " holds" : ""))
                .toList();
    }

    private List<String> codes(JobDisk tonight, List<Entry> history) {
        return codes(DiskAlarms.of(tonight, history));
    }

    @Test
    void ordinaryNightsRaiseNothing() {
        for (int i = 0; i < 500; i++) {
            assertEquals(List.of(), codes(ordinary(0), history(14 + random.nextInt(30), this::ordinary)));
        }
    }

    @Test
    void encryptingMalwareHoldsAlsoWhenItGoesSlowly() {
        List<Entry> before = history(30, this::ordinary);
        assertEquals(List.of("content-incompressible holds"), codes(disk(120, 1.0), before));
        assertEquals(List.of("content-incompressible holds"), codes(disk(1.5, 0.99), before), "no more than usual");
        assertTrue(
                DiskAlarms.of(disk(120, 1.0), before).get(0).message().contains("to 100 %, usually 50 %"),
                DiskAlarms.of(disk(120, 1.0), before).get(0).message());
    }

    /** Blocks move: much changed, and it compresses as ever; or the repository has most of it already. */
    @Test
    void aDefragmentationIsAWarningThatHoldsNothing() {
        List<Entry> before = history(30, this::ordinary);
        assertEquals(List.of("change-volume"), codes(disk(90, 0.52), before));
        assertEquals(List.of("change-volume"), codes(disk(90, 0.01, 2, 0.52), before));
    }

    @Test
    void aNewDatabaseIsAWarningThatHoldsNothing() {
        assertEquals(List.of("change-volume"), codes(disk(60, 0.25), history(30, this::ordinary)));
    }

    @Test
    void contentThatBecomesZerosHolds() {
        assertEquals(List.of("content-removed holds"), codes(disk(80, 0.5, 79, 0.5), history(30, this::ordinary)));
    }

    /** Where content is compressed or encrypted already, volume is all there is to go by. */
    @Test
    void whereNothingCompressesVolumeAloneHolds() {
        List<Entry> media = history(30, ago -> disk(1 + random.nextDouble(), 0.99));
        assertEquals(List.of(), codes(disk(1.8, 1.0), media));
        assertEquals(List.of("change-volume holds"), codes(disk(120, 1.0), media));
    }

    /** The first peak may be one; the later ones are not. */
    @Test
    void aWeeklyPeakIsNoOddity() {
        IntFunction<JobDisk> weekly = ago -> ago % 7 == 0 ? disk(40 + random.nextInt(10), 0.5) : ordinary(ago);
        for (int i = 0; i < 100; i++) {
            assertEquals(List.of(), codes(disk(40 + random.nextInt(10), 0.5), history(28, weekly)));
        }
    }

    @Test
    void growthIsNoOddity() {
        IntFunction<JobDisk> growing = ago -> disk(20 * Math.pow(1.05, -ago), 0.5);
        assertEquals(List.of(), codes(disk(20, 0.5), history(60, growing)));
    }

    @Test
    void littleIsNoOddityHoweverQuietADiskIs() {
        List<Entry> quiet = history(30, ago -> disk(0.001, 0.5));
        assertEquals(List.of(), codes(disk(0.05, 1.0), quiet), "below 64 MiB");
        assertEquals(List.of(), codes(disk(1.5, 0.5), quiet), "below a hundredth of the disk");
        assertEquals(
                List.of("change-volume holds"), codes(disk(5, 0.5), quiet), "never enough to tell compressibility");
    }

    @Test
    void aShortHistorySaysNothingAndTheFirstBackupIsNoPartOfIt() {
        List<Entry> few = history(13, this::ordinary);
        assertEquals(List.of(), codes(disk(150, 0.5), few));
        MadeNights made = new MadeNights();
        made.backup(
                40,
                "vm",
                0,
                null,
                List.of(),
                new JobDisk(
                        "system",
                        "full",
                        "first-backup",
                        SIZE,
                        150 * GIB,
                        150 * GIB,
                        75 * GIB,
                        1,
                        OptionalLong.of(150 * GIB),
                        OptionalLong.of(0)));
        for (int ago = 30; ago >= 1; ago--) {
            made.backup(ago, "vm", 0, null, List.of(), ordinary(ago));
        }
        List<Entry> all = new ArrayList<>(
                Records.of(made.jobs(), List.of(), MadeNights.NOW).machines().get("vm"));
        assertEquals(List.of("change-volume"), codes(disk(90, 0.5), all), "the first night is no peak to compare with");
    }

    @Test
    void twoDemotionsInARowHoldAndFurtherOnesOnlyWarn() {
        assertEquals(List.of(), codes(demoted(), history(20, this::ordinary)));
        assertEquals(
                List.of("demoted-twice holds"),
                codes(demoted(), history(20, ago -> ago == 1 ? demoted() : ordinary(ago))));
        assertEquals(
                List.of("demoted-twice"), codes(demoted(), history(20, ago -> ago <= 2 ? demoted() : ordinary(ago))));
        assertEquals(List.of(), codes(demoted(), history(20, ago -> ago == 2 ? demoted() : ordinary(ago))));
    }

    @Test
    void recordsOfOlderBuildsDoNotTellCompressibility() {
        List<Entry> old = history(30, ago -> {
            JobDisk disk = ordinary(ago);
            return new JobDisk(
                    disk.name(),
                    disk.mode(),
                    disk.reason(),
                    disk.size(),
                    disk.changed(),
                    disk.read(),
                    disk.stored(),
                    disk.millis(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        });
        assertEquals(List.of("change-volume holds"), codes(disk(120, 1.0), old));
    }
}
