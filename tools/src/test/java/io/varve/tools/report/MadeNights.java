package io.varve.tools.report;

import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobEnd.JobDisk;
import io.varve.store.job.JobStart;
import io.varve.store.job.NightRecord;
import io.varve.store.job.SourceTimes;
import io.varve.store.job.Warning;
import io.varve.tools.output.WarningCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Records of nights that nobody ran. The last one begins at {@link #LAST}. */
final class MadeNights {
    static final Instant LAST = Instant.parse("2026-11-28T22:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-29T07:30:00Z");
    private static final long GIB = 1L << 30;

    private final List<Job> jobs = new ArrayList<>();
    private int count;
    private int checks;

    /** Newest first. */
    List<Job> jobs() {
        return jobs.stream().sorted(Comparator.comparing(Job::id).reversed()).toList();
    }

    private void add(JobStart start, Optional<JobEnd> end) {
        jobs.add(new Job(
                start.startedAt() + String.format("-%08x", count++), Optional.of(start), end, Optional.empty()));
    }

    static Instant night(int ago) {
        return LAST.minus(Duration.ofDays(ago));
    }

    static JobDisk disk(String name, String mode, String reason, long size, long changed, long stored) {
        long read = mode.equals("incremental") ? changed + changed / 10 : size / 2;
        return new JobDisk(
                name,
                mode,
                reason,
                size,
                changed,
                read,
                stored,
                1 + read / 300_000,
                OptionalLong.of(changed),
                OptionalLong.of(0));
    }

    /** Of a text, perhaps with a code in brackets at its end. */
    private static Warning warning(String text) {
        int bracket = text.endsWith("]") ? text.lastIndexOf(" [") : -1;
        return bracket < 0
                ? new Warning("", Warning.Severity.WARNING, text, "")
                : WarningCode.of(text.substring(bracket + 2, text.length() - 1), text.substring(0, bracket));
    }

    MadeNights backup(int ago, String machine, int code, String error, List<String> warnings, JobDisk... disks) {
        Instant at = night(ago).plusSeconds(60 + count % 3600);
        long millis = List.of(disks).stream().mapToLong(JobDisk::millis).sum();
        add(
                new JobStart("backup", machine, "host1", 4711, "0.1.0", at, Optional.of("hosts")),
                Optional.of(new JobEnd(
                        at.plusMillis(millis),
                        code,
                        Optional.ofNullable(error),
                        error == null ? Optional.of("20261128T220100Z-1234abcd") : Optional.empty(),
                        List.of(disks),
                        warnings.stream().map(MadeNights::warning).toList(),
                        warnings.size(),
                        Optional.empty(),
                        error == null ? Optional.of("application") : Optional.empty(),
                        error == null ? Optional.of(new SourceTimes(12_000, 65_000)) : Optional.empty())));
        return this;
    }

    MadeNights killed(int ago, String machine) {
        add(
                new JobStart(
                        "backup",
                        machine,
                        "another-host",
                        1,
                        "0.1.0",
                        night(ago).plusSeconds(90),
                        Optional.empty()),
                Optional.empty());
        return this;
    }

    MadeNights night(
            int ago, int code, long machines, long failed, List<String> notStarted, NightRecord.Step... steps) {
        Instant at = night(ago);
        add(
                new JobStart("nightly", "", "host1", 4711, "0.1.0", at, Optional.of("hosts")),
                Optional.of(new JobEnd(
                        at.plusSeconds(7200),
                        code,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        0,
                        Optional.of(
                                new NightRecord(machines, failed, notStarted, notStarted.size(), List.of(steps))))));
        return this;
    }

    static NightRecord.Step step(String name, String result, String machine, String text, Map<String, Long> numbers) {
        return new NightRecord.Step(name, result, Optional.ofNullable(machine), Optional.empty(), text, 1_000, numbers);
    }

    /** Thirty quiet nights of so many machines with two disks each. */
    static MadeNights quiet(int machines, int nights) {
        MadeNights made = new MadeNights();
        Random random = new Random(1);
        for (int ago = nights - 1; ago >= 0; ago--) {
            for (int i = 0; i < machines; i++) {
                long changed = (long) (GIB * (0.5 + random.nextDouble()));
                String mode = ago == nights - 1 ? "full" : "incremental";
                String reason = ago == nights - 1 ? "first-backup" : "change-list";
                made.backup(
                        ago,
                        "vm" + i,
                        0,
                        null,
                        List.of(),
                        disk("system", mode, reason, 80 * GIB, changed, changed / 2),
                        disk("data", mode, reason, 400 * GIB, 2 * changed, changed));
            }
            made.night(
                    ago,
                    0,
                    machines,
                    0,
                    List.of(),
                    step(
                            "proof",
                            "done",
                            "vm0",
                            "restored 4.0 GiB of disk data: every block is what the snapshot says,"
                                    + " and the same as the live disk",
                            Map.of("restoredBytes", 4 * GIB)),
                    step(
                            "fsck",
                            "done",
                            null,
                            "900 snapshots, 8,000 packs, 320 packs read, 20.0 GiB",
                            Map.of("readBytes", 20 * GIB, "packBytes", 500 * GIB, "unreadBytes", 0L)),
                    step(
                            "repository",
                            "done",
                            null,
                            "500.0 GiB in 8000 packs, 1.5 TiB free",
                            Map.of("packBytes", 500 * GIB, "freeBytes", 1536 * GIB)));
        }
        return made;
    }

    /** A night while the clock was ahead, in which all was good; then one of today that fails. */
    MadeNights failedAfterANightOf2031() {
        int ahead = (int)
                Duration.between(Instant.parse("2031-01-01T22:00:00Z"), LAST).toDays();
        backup(ahead, "vm0", 0, null, List.of(), disk("system", "incremental", "change-list", 80 * GIB, GIB, GIB));
        night(
                ahead,
                0,
                1,
                0,
                List.of(),
                step("proof", "done", "vm0", "restored", Map.of("restoredBytes", GIB)),
                step("copy", "done", null, "copied", Map.of("storedBytes", GIB)),
                step("fsck", "done", null, "read", Map.of("readBytes", GIB)),
                step("repository", "done", null, "in packs", Map.of("packBytes", GIB)));
        Instant today = Instant.parse("2026-11-29T02:00:00Z");
        failed("backup", "vm0", today.plusSeconds(60), Optional.empty());
        failed("nightly", "", today, Optional.of(new NightRecord(1, 1, List.of(), 0, List.of())));
        return this;
    }

    private void failed(String command, String machine, Instant at, Optional<NightRecord> night) {
        add(
                new JobStart(command, machine, "host1", 4711, "0.1.0", at, Optional.of("hosts")),
                Optional.of(new JobEnd(
                        at.plusSeconds(60),
                        4,
                        Optional.of("/vm/vm0/system.vhdx: no such file"),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        0,
                        night)));
    }

    /** Thirty nights of a dozen machines; in the last one, three fail, one is killed, and more. */
    static MadeNights bad() {
        MadeNights made = quiet(12, 30);
        made.jobs.removeIf(job -> job.start().orElseThrow().startedAt().isAfter(LAST.minusSeconds(1)));
        for (int i = 0; i < 6; i++) {
            made.backup(
                    0,
                    "vm" + i,
                    0,
                    null,
                    List.of(),
                    disk("system", "incremental", "change-list", 80 * GIB, GIB, GIB / 2),
                    disk("data", "incremental", "change-list", 400 * GIB, 2 * GIB, GIB));
        }
        made.backup(0, "vm6", 4, "/vm/vm6/data.vhdx: no such file", List.of());
        made.backup(
                0,
                "vm7",
                4,
                "disk system: /vm/vm7/system.vhdx: read error at offset 1073741824 (Input/output error)",
                List.of(),
                disk("data", "incremental", "change-list", 400 * GIB, 2 * GIB, GIB));
        made.backup(
                0, "vm8", 4, "disk data (/vm/vm8/data.vhdx) is open for writing by qemu-system-x86 (2211)", List.of());
        made.killed(0, "vm9");
        made.backup(
                0,
                "vm10",
                1,
                null,
                List.of("disk system: the change list does not start where the previous snapshot"
                        + " stopped: read whole [token-mismatch]"),
                disk("system", "demoted", "token-mismatch", 80 * GIB, GIB, GIB / 2));
        made.backup(
                1,
                "vm10",
                1,
                null,
                List.of("disk system: read whole [token-mismatch]"),
                disk("system", "demoted", "token-mismatch", 80 * GIB, GIB, GIB / 2));
        made.night(
                0,
                4,
                12,
                4,
                List.of("vm11"),
                step(
                        "proof",
                        "done",
                        "vm3",
                        "restored 4.0 GiB of disk data: every block is what the snapshot says",
                        Map.of("restoredBytes", 4 * GIB)),
                step("copy", "target-failed", null, "/offsite/repo: no such directory", Map.of()),
                step(
                        "fsck",
                        "done",
                        null,
                        "900 snapshots, 8,000 packs, 320 packs read, 20.0 GiB",
                        Map.of("readBytes", 20 * GIB)),
                step(
                        "repository",
                        "done",
                        null,
                        "500.0 GiB in 8000 packs, 1.5 TiB free",
                        Map.of("packBytes", 500 * GIB, "freeBytes", 1536 * GIB)));
        return made;
    }

    /** A check by hand, later than all before. */
    MadeNights check(String result, String text, Map<String, Long> numbers) {
        Instant at = NOW.minusSeconds(3600L - 60L * ++checks);
        NightRecord record = new NightRecord(0, 0, List.of(), 0, List.of(step("fsck", result, null, text, numbers)));
        add(
                new JobStart("fsck", "", "host1", 4711, "0.1.0", at),
                Optional.of(new JobEnd(
                        at.plusSeconds(5),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        0,
                        Optional.of(record))));
        return this;
    }
}
