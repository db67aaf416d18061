package io.varve.tools.document;

import java.util.Optional;

@Says("A step of the benchmark.")
public record StepEntry(
        @Says("The step") String name,
        @Says("What it processed, in bytes") long bytes,
        @Says("What was added to the repository, in bytes") long storedBytes,
        @Says("How long it took, in seconds") double seconds,
        @Says("Processor time, in seconds") double cpuSeconds,
        @Says("Rate, in bytes per second") long bytesPerSecond,

        @Says("The same extrapolated to 1 TiB of data, in seconds")
        double secondsPerTib,

        @Says("Peak of the heap, in bytes, garbage included")
        long heapBytes,

        @Says("The best rate that the limits allow, in bytes per second; absent for steps they do not bound")
        Optional<Long> limitBytesPerSecond) {}
