package io.varve.tools.document;

import java.util.UUID;

@Says("The repository that was created.")
public record InitDocument(
        @Says("Where it is") String location,
        @Says("Its id") UUID repositoryId,
        @Says("Size of its blocks, in bytes") int blockSize,
        @Says("Whether it is encrypted") boolean encrypted) {}
