package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("With --dry-run: what a backup would do.")
public record BackupPlanDocument(
        @Says("Always true: nothing was done") boolean dryRun,
        @Says("The machine") String machine,

        @Says("Id of the machine's snapshot that the disks would be compared with; absent if there is none")
        Optional<String> parentId,

        @Says("The disks that would be read") List<PlannedDiskEntry> plannedDisks) {}
