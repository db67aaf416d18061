package io.varve.tools.document;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Says("A machine's last backup and what came before.")
public record MachineReportEntry(
        @Says("Its name") String machine,
        @Says("How its last backup ended") String status,
        @Says("When that started") Optional<Instant> startedAt,

        @Says("How long it took, in seconds; absent if it did not end")
        Optional<Double> seconds,

        @Says("Its snapshot; absent if there is none") Optional<String> snapshotId,
        @Says("Why it failed; absent unless it did") Optional<String> error,

        @Says("Consistency of its snapshot: application, crash or offline; absent if that is not on record")
        Optional<String> consistency,

        @Says("Time until its source was frozen and opened, in seconds; absent if not on record")
        Optional<Double> freezeSeconds,

        @Says("Time from the commit until its source was released (on Hyper-V: until the host had merged the"
                + " checkpoint's files), in seconds; absent if not on record")
        Optional<Double> releaseSeconds,

        @Says("Warnings it gave") long warningCount,

        @Says("When the last good one started; absent if none is on record")
        Optional<Instant> lastGoodAt,

        @Says("Computer that it ran on; absent if unknown") Optional<String> host,
        @Says("Size of its disks, in bytes") long size,
        @Says("What had changed, in bytes") long changedBytes,
        @Says("What was read, in bytes") long readBytes,
        @Says("What was added to the repository, in bytes") long storedBytes,

        @Says("Rate, in bytes per second; absent where nothing was read")
        Optional<Long> bytesPerSecond,

        @Says("Its disks") List<DiskReportEntry> diskReports,

        @Says("Nights with a good backup among the last thirty, oldest first")
        List<StoredNightEntry> storedNights) {}
