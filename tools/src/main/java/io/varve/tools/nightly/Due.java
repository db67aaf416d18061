package io.varve.tools.nightly;

import io.varve.store.job.Job;
import io.varve.store.job.NightRecord;
import io.varve.tools.output.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a night, or a step of it, is due. The decision is based on the records of jobs, so a timer may ask
 * any number of times, and a missed night is caught up. Records dated in the future are ignored: a clock that was wrong
 * once must not stop all later nights. Safety does not depend on this; an extra night costs only time.
 */
final class Due {
    /** How much later than now a record may be and still count, because clocks of computers differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    private static final Set<String> STOPPED =
            Set.of(ExitCode.STOPPED.word(), ExitCode.HUNG_UP.word(), ExitCode.TERMINATED.word());

    private Due() {}

    /** Returns the last scheduled start of a night before {@code now}. */
    static Instant lastWanted(JobFile.Schedule schedule, ZoneId zone, Instant now) {
        LocalDate day = now.atZone(zone).toLocalDate();
        while (true) {
            ZonedDateTime wanted = day.atTime(schedule.at()).atZone(zone);
            if (schedule.days().contains(day.getDayOfWeek())
                    && !wanted.toInstant().isAfter(now)) {
                return wanted.toInstant();
            }
            day = day.minusDays(1);
        }
    }

    /**
     * Whether a night has run to its end since {@code wanted}. A night that was killed or stopped does not count and is
     * caught up.
     */
    static boolean hasRun(List<Job> jobs, String name, Instant wanted, Instant now) {
        return jobs.stream()
                .filter(job -> isNight(job)
                        && job.start().get().job().filter(name::equals).isPresent())
                .filter(job -> !job.start().get().startedAt().isBefore(wanted))
                .filter(job -> !job.start().get().startedAt().isAfter(now.plus(TOLERANCE)))
                .anyMatch(job -> job.end()
                        .filter(end -> !STOPPED.contains(ExitCode.word(end.exitCode())))
                        .isPresent());
    }

    /**
     * Whether a step is due that runs at most once in {@code every}. It may run early by a quarter of that time, at
     * most six hours, because nights do not begin at exactly the same time.
     */
    static boolean isDue(String step, Optional<Duration> every, List<Job> jobs, Instant now) {
        if (every.isEmpty()) {
            return true;
        }
        Duration quarter = every.get().dividedBy(4);
        Duration grace = quarter.compareTo(Duration.ofHours(6)) < 0 ? quarter : Duration.ofHours(6);
        Instant before = now.minus(every.get()).plus(grace);
        return jobs.stream()
                .filter(Due::isNight)
                .filter(job -> job.end()
                        .flatMap(end -> end.night())
                        .flatMap(night -> night.step(step))
                        .filter(Due::wasDone)
                        .isPresent())
                .map(job -> job.start().get().startedAt())
                .noneMatch(at -> at.isAfter(before) && !at.isAfter(now.plus(TOLERANCE)));
    }

    private static boolean wasDone(NightRecord.Step step) {
        return step.result().equals(ExitCode.DONE.word()) || step.result().equals(ExitCode.WARNINGS.word());
    }

    private static boolean isNight(Job job) {
        return job.start()
                .filter(start -> start.command().equals(Night.COMMAND))
                .isPresent();
    }

    /** Whether the window is open. Without a start time it always is. */
    static boolean isOpen(Optional<JobFile.Window> window, ZoneId zone, Instant now) {
        if (window.isEmpty() || window.get().from().isEmpty()) {
            return true;
        }
        LocalTime from = window.get().from().get();
        LocalTime until = window.get().until();
        LocalTime time = now.atZone(zone).toLocalTime();
        return from.isBefore(until)
                ? !time.isBefore(from) && time.isBefore(until)
                : !time.isBefore(from) || time.isBefore(until);
    }

    /** Returns how long machines may still be started: until the window closes. */
    static Optional<Duration> left(Optional<JobFile.Window> window, ZoneId zone, Instant now) {
        if (window.isEmpty()) {
            return Optional.empty();
        }
        ZonedDateTime here = now.atZone(zone);
        ZonedDateTime end = here.toLocalDate().atTime(window.get().until()).atZone(zone);
        if (!end.toInstant().isAfter(now)) {
            end = here.toLocalDate().plusDays(1).atTime(window.get().until()).atZone(zone);
        }
        return Optional.of(Duration.between(now, end.toInstant()));
    }
}
