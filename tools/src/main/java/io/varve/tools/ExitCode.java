package io.varve.tools;

import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.store.CorruptDataException;
import io.varve.store.NotARepositoryException;
import io.varve.store.UnsupportedRepositoryException;
import io.varve.store.backend.ForeignRepositoryException;
import io.varve.store.cache.UntrustedDirectoryException;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.gc.CollectionRefusedException;
import io.varve.store.session.RepositoryBusyException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** What the process returns; part of the interface, for scripts. */
enum ExitCode {
    DONE(0, "done"),
    WARNINGS(1, "done, with warnings: read them"),
    USAGE(2, "wrong arguments, or no repository there; nothing was done"),
    REPOSITORY_DAMAGED(3, "the repository is damaged; run 'varve fsck'"),
    SOURCE_FAILED(4, "the disk to back up or describe could not be read; nothing was committed"),
    TARGET_FAILED(5, "the place written to failed or is full: the repository of a backup, the target of a restore"),
    BUSY(6, "another process writes into the repository"),
    LOCKED(7, "the repository is encrypted, and there is no key or the wrong one; nothing was done"),
    REFUSED(8, "collection was refused: not safe, or more would go than allowed; nothing was deleted"),
    INTERNAL(70, "a fault in Varve itself"),
    STOPPED(130, "stopped on request (Ctrl-C); nothing was committed");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }

    /** The name in JSON output: {@code source-failed} … */
    String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static ExitCode of(Throwable failure) {
        if (failure instanceof UsageException
                || failure instanceof NotARepositoryException
                || failure instanceof UnsupportedRepositoryException) {
            return USAGE;
        }
        if (failure instanceof CorruptDataException || failure instanceof RepositoryDamagedException) {
            return REPOSITORY_DAMAGED;
        }
        if (failure instanceof CollectionRefusedException
                || failure instanceof ForeignRepositoryException
                || failure instanceof UntrustedDirectoryException) {
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
