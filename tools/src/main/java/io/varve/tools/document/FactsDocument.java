package io.varve.tools.document;

import java.util.List;

@Says("Of a VHDX.")
public record FactsDocument(
        @Says("The fields of its structures, in the order of the file")
        List<FactEntry> facts) {}
