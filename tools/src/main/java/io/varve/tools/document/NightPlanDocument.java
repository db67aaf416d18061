package io.varve.tools.document;

import java.util.List;

@Says("With --dry-run: what a night would do.")
public record NightPlanDocument(
        @Says("Always true: nothing was done") boolean dryRun,
        @Says("The job") String jobName,
        @Says("Machines, in the order they would start") List<PlannedMachineEntry> plannedMachines,

        @Says("What would follow the backups, in order, as the text output says it")
        List<String> plannedSteps) {}
