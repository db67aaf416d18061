package io.varve.tools.output;

import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.engine.port.TargetInUseException;
import io.varve.store.coordination.RepositoryBusyException;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.NotARepositoryException;
import io.varve.store.fault.RefusedException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.fault.UnsupportedRepositoryException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Exit codes of the process, which are part of the interface for scripts. */
public enum ExitCode {
    DONE(0, "done"),
    WARNINGS(1, "done, with warnings"),
    USAGE(2, "wrong arguments, or no repository there; nothing was done"),
    REPOSITORY_DAMAGED(3, "the repository is damaged; run 'varve fsck'"),
    SOURCE_FAILED(4, "a source cannot be read, or was refused; nothing was committed"),
    TARGET_FAILED(5, "a repository or target cannot be read or written, or is full"),
    BUSY(6, "another process is in the way; waited --wait seconds"),
    LOCKED(7, "the repository is encrypted and no key, or a wrong one, was given; nothing was done"),
    REFUSED(8, "refused to protect data, nothing was changed; the message names what overrides it"),
    UNKNOWN(9, "it is unknown whether the change took effect: check before repeating it"),
    SOURCE_NOT_CLEAN(10, "done, but Varve left something on the source host"),
    INTERNAL(70, "an internal error of Varve"),
    HUNG_UP(129, "stopped by SIGHUP, as 130"),
    STOPPED(130, "stopped on request (Ctrl-C); the message says what was done"),
    TERMINATED(143, "stopped by SIGTERM, as 130");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** The name in JSON output: {@code source-failed} … */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Returns the word for the exit code of any version of Varve. */
    public static String word(int code) {
        for (ExitCode known : values()) {
            if (known.code == code) {
                return known.word();
            }
        }
        return "exit code " + code;
    }

    public static ExitCode of(Throwable failure) {
        if (failure instanceof OutcomeException outcome) {
            return outcome.code();
        }
        if (failure instanceof UsageException
                || failure instanceof NotARepositoryException
                || failure instanceof UnsupportedRepositoryException) {
            return USAGE;
        }
        if (failure instanceof CorruptDataException || failure instanceof RepositoryDamagedException) {
            return REPOSITORY_DAMAGED;
        }
        if (failure instanceof UnknownOutcomeException) {
            return UNKNOWN;
        }
        if (failure instanceof RefusedException || failure instanceof TargetInUseException) {
            return REFUSED;
        }
        if (failure instanceof SourceException) {
            return SOURCE_FAILED;
        }
        if (failure instanceof RepositoryBusyException) {
            return BUSY;
        }
        if (failure instanceof LockedRepositoryException) {
            return LOCKED;
        }
        if (failure instanceof InterruptedIOException) {
            return STOPPED;
        }
        return failure instanceof TargetException || failure instanceof IOException ? TARGET_FAILED : INTERNAL;
    }
}
