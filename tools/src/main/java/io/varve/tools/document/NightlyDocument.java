package io.varve.tools.document;

import java.time.Instant;
import java.util.List;

@Says("A night of a job.")
public record NightlyDocument(
        @Says("The job") String jobName,
        @Says("Exit code of the night") int exitCode,
        @Says("When it started") Instant startedAt,
        @Says("When it ended") Instant endedAt,
        @Says("The night in one line") String summary,
        @Says("Its machines") List<NightMachineEntry> nightMachines,

        @Says("What was done besides backups: retention, copy, gc, fsck, restore proof, hooks")
        List<NightStepEntry> nightSteps) {}
