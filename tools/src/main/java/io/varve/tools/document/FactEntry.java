package io.varve.tools.document;

import java.util.Optional;

@Says("A field of a VHDX file.")
public record FactEntry(
        @Says("Structure that the field is in") String section,
        @Says("Its name") String field,
        @Says("Its value in words") String value,

        @Says("Where in the file, in bytes; absent for what is computed")
        Optional<Long> offset) {}
