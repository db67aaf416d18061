package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("What a night last did of a kind, or for checks whoever ran one last.")
public record ReportStepEntry(
        @Says("When") Instant happenedAt,
        @Says("How it ended") String status,
        @Says("Machine that it was about; absent if none") Optional<String> machine,
        @Says("Disk that it was about; absent if none") Optional<String> diskName,
        @Says("What it did") String message,

        @Says("What it was about, in bytes: restored, read, copied, stored; absent where there are none")
        Optional<Long> bytes,

        @Says("Free space then, in bytes; absent where nobody looked")
        Optional<Long> freeBytes) {}
