package io.varve.tools.document;

@Says("What the hardware can do.")
public record LimitEntry(
        @Says("What was measured") String name,
        @Says("Rate of one core, in bytes per second") long oneCoreBytesPerSecond,
        @Says("Rate of all cores, in bytes per second") long allCoresBytesPerSecond) {}
