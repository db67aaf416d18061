package io.varve.tools.output;

/** How much a command says beside its result, its warnings and its errors, which are always said. */
public enum Verbosity {
    /** No progress, no notices; and no result where it is only a confirmation. */
    QUIET,
    NORMAL,
    /** Where settings come from, what is opened, how long it took; and of an error, its causes. */
    VERBOSE
}
