package io.varve.tools.document;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Says("A run of a command, as its records in the repository tell it.")
public record JobEntry(
        @Says("Its id") String id,

        @Says("The word of its exit code; or running, killed, unfinished or unknown")
        String status,

        @Says("The command; this and the next five are absent if the record of the start is missing")
        Optional<String> command,

        @Says("Machine that was backed up") Optional<String> machine,
        @Says("Computer that it ran on") Optional<String> host,
        @Says("Id of its process there") Optional<Long> pid,
        @Says("Version of Varve that ran") Optional<String> writer,
        @Says("When it started") Optional<Instant> startedAt,

        @Says("Job of varve nightly that it was part of; absent otherwise")
        Optional<String> jobName,

        @Says("When it ended; this and all that follow are absent if it did not end")
        Optional<Instant> endedAt,

        @Says("Its exit code") Optional<Integer> exitCode,
        @Says("What went wrong; absent unless it failed") Optional<String> error,
        @Says("Id of the snapshot; absent if there is none") Optional<String> snapshotId,
        @Says("Warnings it gave") Optional<Long> warningCount,
        @Says("Its disks, as far as they were read") Optional<List<JobDiskEntry>> jobDisks,
        @Says("The first 100 warnings") Optional<List<WarningEntry>> warnings) {}
