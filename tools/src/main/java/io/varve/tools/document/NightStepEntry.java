package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("A step of a night.")
public record NightStepEntry(
        @Says("The step") String name,
        @Says("How it ended") String status,

        @Says("Machine that it was about; absent if it was about all")
        Optional<String> machine,

        @Says("Disk that it was about; absent if none") Optional<String> diskName,
        @Says("What it did") String message,
        @Says("How long it took, in seconds") double seconds,
        @Says("Its figures, such as bytes and packs") List<FigureEntry> figures) {}
