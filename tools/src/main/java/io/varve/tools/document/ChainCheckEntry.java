package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("A VHDX and its parents.")
public record ChainCheckEntry(
        @Says("The file that was named") String file,

        @Says(
                value = "The worst of the findings; unreadable if it could not be checked",
                words = {"sound", "odd", "bad", "unreadable"})
        String verdict,

        @Says("Why it could not be checked; absent if it was")
        Optional<String> error,

        @Says("The file and its parents, in this order; absent if it could not be checked")
        Optional<List<VhdxCheckEntry>> members) {}
