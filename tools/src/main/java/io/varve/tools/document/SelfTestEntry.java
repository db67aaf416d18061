package io.varve.tools.document;

import java.util.Optional;

@Says("One question and its answer.")
public record SelfTestEntry(
        @Says("The question") String question,

        @Says("The answer that Varve expects; absent where any answer is fine")
        Optional<String> expected,

        @Says("The answer of Windows") String found,

        @Says("Whether the answer is as expected") boolean isExpected) {}
