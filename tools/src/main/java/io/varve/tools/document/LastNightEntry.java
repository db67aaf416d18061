package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("The newest night of a job.")
public record LastNightEntry(
        @Says("The job") String jobName,
        @Says("Computer that it ran on") String host,

        @Says("The word of its exit code; or running, killed, unfinished or unknown")
        String status,

        @Says("When it started") Optional<Instant> startedAt,
        @Says("When it ended; absent if it did not") Optional<Instant> endedAt,
        @Says("Machines of the job") long machineCount,
        @Says("Machines that failed") long failedCount,
        @Says("Machines that were not started") long notStartedCount) {}
