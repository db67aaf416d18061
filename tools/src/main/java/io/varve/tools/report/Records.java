package io.varve.tools.report;

import io.varve.store.Repository;
import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.NightRecord;
import io.varve.store.retention.RetentionPolicy;
import io.varve.store.session.Sessions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of jobs, sorted into the backups of each machine, the nights and the checks by hand, each newest first.
 * Records dated in the future are kept apart: their true time is unknown, and as "the newest" they would hide
 * everything that happens until then.
 *
 * @param machines backups of each machine, by its name
 * @param checks runs of {@code fsck} by hand
 * @param future backups, nights and checks dated more than {@link RetentionPolicy#CLOCK_TOLERANCE} later than now,
 *     newest first
 */
public record Records(Map<String, List<Entry>> machines, List<Entry> nights, List<Entry> checks, List<Entry> future) {
    /** Most jobs to read: sixty nights of three thousand machines. */
    public static final int MOST_JOBS = 200_000;

    private static final String BACKUP = "backup";
    private static final String NIGHTLY = "nightly";
    private static final String FSCK = "fsck";

    /** @param result see {@link JobResult} */
    public record Entry(Job job, String result) {
        /** The start time. Records without one are not in this class. */
        public Instant at() {
            return job.start().orElseThrow().startedAt();
        }

        public boolean isGood() {
            return JobResult.isGood(result);
        }

        public List<JobEnd.JobDisk> disks() {
            return job.end().map(JobEnd::disks).orElse(List.of());
        }

        Optional<NightRecord> night() {
            return job.end().flatMap(JobEnd::night);
        }

        /** Returns how long it took; empty while it runs. Never negative, even if clocks were wrong. */
        Optional<Duration> took() {
            return job.end()
                    .map(end -> Duration.between(at(), end.endedAt()))
                    .map(took -> took.isNegative() ? Duration.ZERO : took);
        }
    }

    /** Reads the records of the last {@code days} days. */
    public static Records read(Repository repository, Instant now, int days) throws IOException {
        List<Sessions.Entry> living = Sessions.living(repository);
        return of(repository.jobs().since(now.minus(Duration.ofDays(days)), MOST_JOBS), living, now);
    }

    /**
     * @param jobs newest first
     * @param now decides which records are dated in the future
     */
    public static Records of(List<Job> jobs, List<Sessions.Entry> living, Instant now) {
        Instant latest = now.plus(RetentionPolicy.CLOCK_TOLERANCE);
        List<Entry> future = new ArrayList<>();
        Map<String, List<Entry>> machines = new LinkedHashMap<>();
        List<Entry> nights = new ArrayList<>();
        List<Entry> checks = new ArrayList<>();
        for (Job job : jobs) {
            if (job.start().isEmpty()) {
                continue;
            }
            Entry entry = new Entry(job, JobResult.of(job, living));
            String command = job.start().get().command();
            if (!List.of(BACKUP, NIGHTLY, FSCK).contains(command)) {
                continue;
            }
            if (entry.at().isAfter(latest)) {
                future.add(entry);
            } else if (command.equals(BACKUP)) {
                machines.computeIfAbsent(job.start().get().machine(), none -> new ArrayList<>())
                        .add(entry);
            } else {
                (command.equals(FSCK) ? checks : nights).add(entry);
            }
        }
        // Sorted again, because within a second the order of job ids is random.
        Comparator<Entry> newestFirst = Comparator.comparing(Entry::at).reversed();
        machines.values().forEach(entries -> entries.sort(newestFirst));
        nights.sort(newestFirst);
        checks.sort(newestFirst);
        return new Records(machines, nights, checks, future);
    }

    /** The nights, and the checks by hand, which have a step as nights do: newest first. */
    public List<Entry> nightsAndChecks() {
        return Stream.concat(nights.stream(), checks.stream())
                .sorted(Comparator.comparing(Entry::at).reversed())
                .toList();
    }
}
