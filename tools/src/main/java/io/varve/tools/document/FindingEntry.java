package io.varve.tools.document;

import java.util.Optional;

@Says("Something that a check found.")
public record FindingEntry(
        @Says(
                value = "How bad it is",
                words = {"info", "warning", "error"})
        String severity,

        @Says("What it is, as a code of docs/operations.md") String code,
        @Says("File or object that it was found in") String file,

        @Says("Where in the file, in bytes; absent if it concerns no one place")
        Optional<Long> offset,

        @Says("How much of the file, in bytes; absent if unknown")
        Optional<Long> length,

        @Says("The finding in words") String message,

        @Says("Part of the VHDX that it is about; absent in findings about a repository")
        Optional<String> structure,

        @Says("What the format asks for; absent unless the check of a VHDX says it")
        Optional<String> expected,

        @Says("What is there instead; absent in findings about a repository")
        Optional<String> found,

        @Says("Range of the virtual disk that it is about; absent if none")
        Optional<RangeEntry> virtualRange) {}
