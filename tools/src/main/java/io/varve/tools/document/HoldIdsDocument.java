package io.varve.tools.document;

import java.util.List;

@Says("The holds that were released.")
public record HoldIdsDocument(@Says("Their ids") List<String> holdIds) {}
