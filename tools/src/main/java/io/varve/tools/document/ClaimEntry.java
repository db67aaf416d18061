package io.varve.tools.document;

@Says("A right that a process has in a repository without locks.")
public record ClaimEntry(
        @Says("Its id, for --declare-dead") String id,

        @Says("The right: write, alone, collect or keys") String right,

        @Says("Process, computer and purpose, in words") String owner) {}
