package io.varve.tools.document;

import java.util.List;

@Says("A machine as the Hyper-V VSS writer describes it.")
public record VssMachineEntry(
        @Says("Its GUID in Hyper-V, for --vm") String id,
        @Says("Its name in Hyper-V") String name,

        @Says("What the writer calls it, in the host's language")
        String caption,

        @Says("How it would be frozen: online (it runs on), saved-state (it is interrupted) or unknown")
        String freezing,

        @Says("Its files as the writer names them: paths, perhaps with wildcards")
        List<String> filePatterns) {}
