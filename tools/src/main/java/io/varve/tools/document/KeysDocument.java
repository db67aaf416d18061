package io.varve.tools.document;

import java.util.List;

@Says("The keys.")
public record KeysDocument(@Says("The keys") List<KeyEntry> keys) {}
