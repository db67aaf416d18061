package io.varve.tools.document;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@Says("How the last nights went.")
public record ReportDocument(
        @Says("Id of the repository") UUID repositoryId,
        @Says("Where the repository is") String location,
        @Says("When the report was made") Instant generatedAt,
        @Says("How many days of records it is made from") int dayCount,
        @Says("What needs attention, the worst first") List<HandEntry> hands,

        @Says("How many findings need attention; the list has only the first of very many")
        long handCount,

        @Says("The newest night of a job; absent if none is on record")
        Optional<LastNightEntry> lastNight,

        @Says("The last thirty nights, oldest first, each from noon to noon")
        List<NightEntry> nights,

        @Says("The last good restore proof; absent if none is on record")
        Optional<ReportStepEntry> lastProof,

        @Says("The last good check that read stored data; absent if none is on record")
        Optional<ReportStepEntry> lastFsck,

        @Says("The last good check of any kind, which covers the structure; absent if none is on record")
        Optional<ReportStepEntry> lastStructureFsck,

        @Says("The last good copy; absent if none is on record")
        Optional<ReportStepEntry> lastCopy,

        @Says("What the repository took at the last night; absent if no night is on record")
        Optional<ReportStepEntry> repositorySize,

        @Says("Its machines") List<MachineReportEntry> machineReports,
        @Says("Holds on retention") List<HoldLineEntry> activeHolds) {}
