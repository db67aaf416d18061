package io.varve.tools.document;

import java.util.List;

@Says("The parity that was written.")
public record ParityDocument(
        @Says("Packs that got parity") int writtenPackCount,
        @Says("Size of that parity, in bytes") long parityBytes,

        @Says("Packs whose parity was damaged and was written again")
        int renewedPackCount,

        @Says("Packs whose parity was removed") int removedPackCount,
        @Says("Damaged packs, which got none") List<String> damagedPackIds) {}
