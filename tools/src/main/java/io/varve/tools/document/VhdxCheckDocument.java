package io.varve.tools.document;

import java.util.List;

@Says("What is wrong with VHDX files.")
public record VhdxCheckDocument(
        @Says("One entry for each file that was named") List<ChainCheckEntry> chains) {}
