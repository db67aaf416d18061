package io.varve.tools.document;

import java.util.List;

@Says("The holds, oldest first.")
public record HoldsDocument(@Says("The holds") List<HoldEntry> holds) {}
