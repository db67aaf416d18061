package io.varve.tools.document;

import java.util.Optional;

@Says("What became of a configuration file.")
public record RestoredFileEntry(
        @Says("Its name in the snapshot") String name,

        @Says("File that it was written to; absent if it was not written")
        Optional<String> target,

        @Says("Its size, in bytes; absent if it was not written")
        Optional<Long> size,

        @Says("Why it was not written; absent if it was") Optional<String> error) {}
