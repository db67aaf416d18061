package io.varve.tools.document;

@Says("With --remove.")
public record ParityRemovedDocument(
        @Says("Packs whose parity was removed") int removedPackCount) {}
