package io.varve.tools.document;

import java.util.Optional;

@Says("A machine of a group that was backed up together.")
public record HyperVGroupEntry(
        @Says("Its name in the repository") String machine,

        @Says("Id of its snapshot; absent if it has none") Optional<String> snapshotId,

        @Says("Why it has none; absent if it has one") Optional<String> error) {}
