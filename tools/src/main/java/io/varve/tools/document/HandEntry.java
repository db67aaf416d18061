package io.varve.tools.document;

import java.time.Instant;
import java.util.Optional;

@Says("Something that needs attention.")
public record HandEntry(
        @Says(
                value = "How bad it is",
                words = {"info", "warning", "error"})
        String severity,

        @Says("What it is, short and stable") String kind,
        @Says("Machine that it is about; absent if none") Optional<String> machine,
        @Says("Disk that it is about; absent if none") Optional<String> diskName,
        @Says("What happened") String message,
        @Says("When; absent if that is unknown") Optional<Instant> happenedAt,
        @Says("What to do; absent where that depends") Optional<String> advice) {}
