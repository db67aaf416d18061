package io.varve.tools.document;

import java.util.Optional;

@Says("A warning.")
public record WarningEntry(
        @Says("What it is, short and stable; absent in records of older builds")
        Optional<String> code,

        @Says(
                value = "How bad it is: warning, the result is complete; error, something is missing or may be wrong",
                words = {"warning", "error"})
        String severity,

        @Says("What happened") String text,

        @Says("What to do; absent where the text says it, and in records of older builds")
        Optional<String> advice) {}
