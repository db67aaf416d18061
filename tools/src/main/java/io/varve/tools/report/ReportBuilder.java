package io.varve.tools.report;

import io.varve.store.hold.Holds;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobStart;
import io.varve.store.job.NightRecord;
import io.varve.store.job.SourceTimes;
import io.varve.tools.report.Records.Entry;
import io.varve.tools.report.Report.DiskLine;
import io.varve.tools.report.Report.Hand;
import io.varve.tools.report.Report.HoldLine;
import io.varve.tools.report.Report.LastNight;
import io.varve.tools.report.Report.MachineLine;
import io.varve.tools.report.Report.NightLine;
import io.varve.tools.report.Report.StepLine;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Builds the report from records and holds. A pure function. */
public final class ReportBuilder {
    /** Number of nights in the plots. */
    static final int NIGHTS = 30;

    private static final int MOST_HANDS = 1_000;

    private final Records records;
    private final Holds.Listing holds;
    private final Instant now;
    private final ZoneId zone;

    /** @param zone time zone that decides which night a job belongs to; a night lasts from noon to noon */
    public ReportBuilder(Records records, Holds.Listing holds, Instant now, ZoneId zone) {
        this.records = records;
        this.holds = holds;
        this.now = now;
        this.zone = zone;
    }

    /**
     * @param id of the repository
     * @param location where it is
     * @param days number of days of which there are records
     */
    public Report build(String id, String location, int days) {
        List<MachineLine> machines = records.machines().entrySet().stream()
                .map(entry -> machine(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(MachineLine::machine))
                .toList();
        List<Hand> hands = new Hands(records, holds, now).list();
        return new Report(
                id,
                location,
                now.toString(),
                days,
                hands.subList(0, Math.min(MOST_HANDS, hands.size())),
                hands.size(),
                records.nights().isEmpty() ? null : lastNight(records.nights().get(0)),
                nights(),
                step("proof", "restoredBytes"),
                step("fsck", "readBytes", CheckStep::readsData),
                step("fsck", "readBytes"),
                step("copy", "storedBytes"),
                step("repository", "packBytes"),
                machines,
                holdLines());
    }

    private LastNight lastNight(Entry entry) {
        JobStart start = entry.job().start().orElseThrow();
        Optional<NightRecord> night = entry.night();
        return new LastNight(
                start.job().orElse(""),
                start.host(),
                entry.result(),
                start.startedAt().toString(),
                entry.job().end().map(end -> end.endedAt().toString()).orElse(null),
                night.map(NightRecord::machines).orElse(0L),
                night.map(NightRecord::failedMachines).orElse(0L),
                night.map(NightRecord::notStartedCount).orElse(0L));
    }

    /** Returns the newest good run of a step. */
    private StepLine step(String name, String bytes) {
        return step(name, bytes, step -> true);
    }

    private StepLine step(String name, String bytes, Predicate<NightRecord.Step> wanted) {
        for (Entry entry : records.nightsAndChecks()) {
            Optional<NightRecord.Step> step =
                    entry.night().flatMap(night -> night.step(name)).filter(wanted);
            if (step.isPresent() && JobResult.isGood(step.get().result())) {
                return new StepLine(
                        entry.at().toString(),
                        step.get().result(),
                        step.get().machine().orElse(null),
                        step.get().disk().orElse(null),
                        step.get().text(),
                        step.get().number(bytes).orElse(null),
                        step.get().number("freeBytes").orElse(null));
            }
        }
        return null;
    }

    private List<HoldLine> holdLines() {
        List<HoldLine> lines = new ArrayList<>();
        holds.holds()
                .forEach(hold -> lines.add(new HoldLine(
                        hold.id(),
                        hold.machine(),
                        hold.disk().orElse(null),
                        hold.code(),
                        hold.reason(),
                        hold.since().toString())));
        holds.damaged()
                .keySet()
                .forEach(id -> lines.add(new HoldLine(id, null, null, "damaged", "this hold cannot be read", null)));
        return lines;
    }

    private LocalDate night(Instant at) {
        return at.atZone(zone).minusHours(12).toLocalDate();
    }

    /** Returns how many nights ago; negative if a clock was ahead. */
    private long age(Instant at) {
        return night(at).until(night(now), java.time.temporal.ChronoUnit.DAYS);
    }

    private List<NightLine> nights() {
        NightSum[] sums = new NightSum[NIGHTS];
        for (List<Entry> jobs : records.machines().values()) {
            for (Entry job : jobs) {
                long age = age(job.at());
                if (age >= 0 && age < NIGHTS) {
                    int i = (int) (NIGHTS - 1 - age);
                    sums[i] = sums[i] == null ? new NightSum() : sums[i];
                    sums[i].add(job);
                }
            }
        }
        List<NightLine> lines = new ArrayList<>();
        for (int i = 0; i < NIGHTS; i++) {
            LocalDate date = night(now).minusDays(NIGHTS - 1L - i);
            lines.add((sums[i] == null ? new NightSum() : sums[i]).line(date));
        }
        return lines;
    }

    /** The totals of the jobs of a night. */
    private static final class NightSum {
        private int done;
        private int warnings;
        private int failed;
        private long read;
        private long stored;
        private long changed;
        private Instant first;
        private Instant last;

        void add(Entry job) {
            if (!job.isGood()) {
                failed += job.result().equals(JobResult.RUNNING) ? 0 : 1;
            } else if (job.result().equals("done")) {
                done++;
            } else {
                warnings++;
            }
            for (JobEnd.JobDisk disk : job.disks()) {
                read += disk.read();
                stored += disk.stored();
                changed += disk.changed();
            }
            Instant end = job.at().plus(job.took().orElse(Duration.ZERO));
            first = first == null || job.at().isBefore(first) ? job.at() : first;
            last = last == null || end.isAfter(last) ? end : last;
        }

        NightLine line(LocalDate date) {
            long seconds = first == null ? 0 : Duration.between(first, last).toSeconds();
            return new NightLine(date.toString(), done, warnings, failed, read, stored, changed, seconds);
        }
    }

    private MachineLine machine(String name, List<Entry> jobs) {
        Entry newest = jobs.get(0);
        List<JobEnd.JobDisk> disks = newest.disks();
        long read = disks.stream().mapToLong(JobEnd.JobDisk::read).sum();
        Optional<Duration> took = newest.took();
        Long rate = took.filter(duration -> duration.toMillis() > 0)
                .map(duration -> read * 1000 / duration.toMillis())
                .orElse(null);
        return new MachineLine(
                name,
                newest.result(),
                newest.at().toString(),
                took.map(duration -> duration.toMillis() / 1e3).orElse(null),
                newest.job().end().flatMap(JobEnd::snapshot).orElse(null),
                newest.job().end().flatMap(JobEnd::error).orElse(null),
                newest.job().end().flatMap(JobEnd::consistency).orElse(null),
                times(newest).map(times -> times.freezeMillis() / 1e3).orElse(null),
                times(newest).map(times -> times.releaseMillis() / 1e3).orElse(null),
                newest.job().end().map(JobEnd::warningCount).orElse(0L),
                jobs.stream()
                        .filter(Entry::isGood)
                        .findFirst()
                        .map(good -> good.at().toString())
                        .orElse(null),
                newest.job().start().orElseThrow().host(),
                disks.stream().mapToLong(JobEnd.JobDisk::size).sum(),
                disks.stream().mapToLong(JobEnd.JobDisk::changed).sum(),
                read,
                disks.stream().mapToLong(JobEnd.JobDisk::stored).sum(),
                rate,
                disks.stream().map(disk -> disk(disk, jobs)).toList(),
                stored(jobs));
    }

    private static Optional<SourceTimes> times(Entry entry) {
        return entry.job().end().flatMap(JobEnd::times);
    }

    private static DiskLine disk(JobEnd.JobDisk disk, List<Entry> jobs) {
        return new DiskLine(
                disk.name(),
                disk.mode(),
                disk.reason(),
                disk.size(),
                disk.changed(),
                disk.read(),
                disk.stored(),
                disk.millis() > 0 ? disk.read() * 1000 / disk.millis() : null,
                DiskHistory.demotedInARow(jobs, disk.name()));
    }

    private List<Long> stored(List<Entry> jobs) {
        List<Long> stored = new ArrayList<>(Collections.nCopies(NIGHTS, -1L));
        for (Entry job : jobs) {
            long age = age(job.at());
            if (job.isGood() && age >= 0 && age < NIGHTS) {
                int i = (int) (NIGHTS - 1 - age);
                long bytes =
                        job.disks().stream().mapToLong(JobEnd.JobDisk::stored).sum();
                stored.set(i, Math.max(0, stored.get(i)) + bytes);
            }
        }
        return stored;
    }
}
