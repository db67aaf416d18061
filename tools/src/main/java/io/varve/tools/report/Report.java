package io.varve.tools.report;

import java.util.List;

/**
 * The content of a report, for all output formats. Times are UTC in ISO 8601, sizes are in bytes, and unknown values
 * are null.
 *
 * @param days number of days of which records were read
 * @param hands what needs attention, the worst first
 * @param handCount total number of them, which may be more than are listed
 * @param lastNight the newest night that is not dated in the future; null if none is recorded
 * @param nights the last thirty nights, oldest first, each from noon to noon
 * @param proof the last good restore proof; null if none is recorded
 * @param fsck the last good check that read stored data; null if none is recorded
 * @param structure the last good check of any kind: each covers the structure; null if none is recorded
 * @param copy the last good copy; null if none is recorded
 * @param repositorySize the size of the repository according to the last night; null if none is recorded
 */
public record Report(
        String repositoryId,
        String repository,
        String generatedAt,
        int days,
        List<Hand> hands,
        int handCount,
        LastNight lastNight,
        List<NightLine> nights,
        StepLine proof,
        StepLine fsck,
        StepLine structure,
        StepLine copy,
        StepLine repositorySize,
        List<MachineLine> machines,
        List<HoldLine> holds) {
    /** Severities, the worst first. */
    public enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    /**
     * Something that needs attention.
     *
     * @param severity {@code error}, {@code warning} or {@code info}
     * @param kind short and stable: {@code failed}, {@code killed}, {@code not-started}, {@code not-clean},
     *     {@code demoted}, {@code warnings}, {@code hold}, {@code overdue}, {@code step}, {@code clock}
     * @param machine or null, as is {@code disk}
     * @param since time at which it happened
     */
    public record Hand(
            String severity, String kind, String machine, String disk, String text, String since, String advice) {}

    /** @param result result in one word; see {@link JobResult} */
    public record LastNight(
            String job,
            String host,
            String result,
            String startedAt,
            String endedAt,
            long machines,
            long failed,
            long notStarted) {}

    /** @param date the day on which the night began */
    public record NightLine(
            String date, int done, int warnings, int failed, long read, long stored, long changed, long seconds) {}

    /** @param bytes bytes that the step restored, read, copied or found in packs; null if it has none */
    public record StepLine(String at, String result, String machine, String disk, String text, Long bytes, Long free) {}

    /**
     * A machine's last backup and its history.
     *
     * @param result result of the last job
     * @param consistency of its snapshot; null if that is not on record
     * @param freezeSeconds until its source was frozen and opened, {@code releaseSeconds} after the commit until it was
     *     let go; null if that is not on record
     * @param lastGood start of the last good backup; null if none is recorded
     * @param stored bytes stored in each of the last thirty nights, oldest first; −1 for a night without a good backup
     */
    public record MachineLine(
            String machine,
            String result,
            String startedAt,
            Double seconds,
            String snapshot,
            String error,
            String consistency,
            Double freezeSeconds,
            Double releaseSeconds,
            long warnings,
            String lastGood,
            String host,
            long size,
            long changed,
            long read,
            long storedBytes,
            Long bytesPerSecond,
            List<DiskLine> disks,
            List<Long> stored) {}

    /** @param demotedInARow number of its latest backups that read it whole because its change list was not trusted */
    public record DiskLine(
            String disk,
            String mode,
            String reason,
            long size,
            long changed,
            long read,
            long stored,
            Long bytesPerSecond,
            int demotedInARow) {}

    /** A hold on a machine's retention. */
    public record HoldLine(String id, String machine, String disk, String code, String reason, String since) {}
}
