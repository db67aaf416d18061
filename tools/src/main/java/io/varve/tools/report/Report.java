package io.varve.tools.report;

import java.util.List;

/**
 * What a report says, in whatever form it is shown. Times are UTC in ISO 8601; sizes are bytes; what is not known is
 * null.
 *
 * @param days how far back the records were read
 * @param hands what needs a hand, the worst first
 * @param handCount how many there are; more than are listed, if there are very many
 * @param lastNight the newest night of a job that is not dated in the future; null if none is on record
 * @param nights the last thirty, oldest first; each from noon to noon
 * @param proof the last restore proof that was good; null if none is on record
 * @param fsck the last good check, likewise
 * @param copy the last good copy, likewise
 * @param repositorySize what the last night found it to take, likewise
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
        StepLine copy,
        StepLine repositorySize,
        List<MachineLine> machines,
        List<HoldLine> holds) {
    /** How bad something is, from the worst on. */
    public enum Severity {
        ERROR,
        WARNING,
        INFO
    }

    /**
     * Something to look at.
     *
     * @param severity {@code error}, {@code warning} or {@code info}
     * @param kind short and stable: {@code failed}, {@code killed}, {@code not-started}, {@code demoted},
     *     {@code warnings}, {@code hold}, {@code overdue}, {@code step}, {@code clock}
     * @param machine or null, as is {@code disk}
     * @param since when it happened
     */
    public record Hand(
            String severity, String kind, String machine, String disk, String text, String since, String advice) {}

    /** @param result word of the exit code, or {@code running}, {@code killed} … */
    public record LastNight(
            String job,
            String host,
            String result,
            String startedAt,
            String endedAt,
            long machines,
            long failed,
            long notStarted) {}

    /** @param date of the day on which the night began */
    public record NightLine(
            String date, int done, int warnings, int failed, long read, long stored, long changed, long seconds) {}

    /** @param bytes that the step is about: restored, read, copied, in packs; null where there are none */
    public record StepLine(String at, String result, String machine, String disk, String text, Long bytes, Long free) {}

    /**
     * A machine's last backup and what came before.
     *
     * @param result of the last job
     * @param lastGood when the last good one began; null if none is on record
     * @param stored bytes stored in each of the last thirty nights, oldest first; −1 for a night without a good backup
     */
    public record MachineLine(
            String machine,
            String result,
            String startedAt,
            Double seconds,
            String snapshot,
            String error,
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

    /** @param demotedInARow how many of its newest backups read it whole, since its list could not be trusted */
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
