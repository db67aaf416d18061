package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("A machine of a night.")
public record NightMachineEntry(
        @Says("Its name") String machine,
        @Says("The word of its exit code, or not-started") String status,
        @Says("Id of the snapshot; absent if there is none") Optional<String> snapshotId,
        @Says("Why it failed; absent unless it did") Optional<String> error,
        @Says("Warnings it gave") List<WarningEntry> warnings,
        @Says("How long it took, in seconds") double seconds) {}
