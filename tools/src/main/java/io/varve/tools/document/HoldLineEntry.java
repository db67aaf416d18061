package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("A hold on the retention of a machine.")
public record HoldLineEntry(
        @Says("Its id") String id,
        @Says("Machine whose snapshots it keeps") String machine,

        @Says("Disk that it was placed for; absent if it is about the machine")
        Optional<String> diskName,

        @Says("Why it was placed, as a code of docs/operations.md")
        String code,

        @Says("Why it was placed, in words") String reason,
        @Says("When it was placed") Instant since) {}
