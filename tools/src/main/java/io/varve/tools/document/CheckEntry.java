package io.varve.tools.document;

import java.util.Optional;

@Says("One thing that was looked at.")
public record CheckEntry(
        @Says(
                value = "How bad it is",
                words = {"ok", "warning", "error"})
        String severity,

        @Says("What it is, short and stable") String code,
        @Says("What was found") String message,

        @Says("What to do; absent where nothing is to be done")
        Optional<String> advice) {}
