package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("What the benchmark measured.")
public record BenchDocument(
        @Says("Processors of this computer") int processorCount,
        @Says("Threads that were used") int threadCount,
        @Says("How large the heap may become, in bytes") long maxHeapBytes,

        @Says("What limits the use of the figures; absent if nothing does")
        Optional<String> notes,

        @Says("What the hardware can do") List<LimitEntry> limits,
        @Says("The steps") List<StepEntry> steps) {}
