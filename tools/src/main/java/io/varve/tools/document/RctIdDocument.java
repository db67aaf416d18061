package io.varve.tools.document;

@Says("Which id a disk was given.")
public record RctIdDocument(
        @Says("The disk") String file,

        @Says("What was set: virtual-disk-id or identifier") String kind,
        @Says("The id before") String before,

        @Says("The id now; without --force, the one that would be set")
        String after,

        @Says("Whether it was set") boolean applied) {}
