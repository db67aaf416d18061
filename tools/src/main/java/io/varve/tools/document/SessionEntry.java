package io.varve.tools.document;

@Says("A process that is registered in the repository.")
public record SessionEntry(
        @Says("Its id, for --declare-dead") String id,

        @Says("Process, computer and purpose, in words") String description,

        @Says("Whether it is at work, or cannot be told from one that is")
        boolean alive) {}
