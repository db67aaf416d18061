package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("What every document has.")
public record CommonFields(
        @Says("How the command ended: the word of its exit code, such as done or source-failed")
        String result,

        @Says("What went wrong; absent unless the command failed")
        Optional<String> error,

        @Says("Every warning that was printed, in order; absent if there was none")
        Optional<List<WarningEntry>> warnings,

        @Says("Requests to object storage; absent if the repository is in a folder")
        Optional<TrafficEntry> traffic) {}
