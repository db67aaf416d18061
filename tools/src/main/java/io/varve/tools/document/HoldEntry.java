package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("A hold.")
public record HoldEntry(
        @Says("Its id") String id,
        @Says("Machine whose snapshots it keeps") String machine,

        @Says("Disk that it was placed for; absent if it is about the machine")
        Optional<String> diskName,

        @Says("Why it was placed, as a code of docs/operations.md")
        String code,

        @Says("Why it was placed, in words") String reason,

        @Says("Snapshot that gave rise to it; absent if there is none")
        Optional<String> snapshotId,

        @Says("Computer that placed it") String host,
        @Says("When it was placed") Instant since) {}
