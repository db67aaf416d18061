package io.varve.tools;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Which operation on the file system fails next. Operations below one directory are counted, in the order in which they
 * come; the one that is asked for fails.
 */
final class Faults {
    /** How it fails. */
    enum Kind {
        /** One operation that reads or looks. */
        READ("Input/output error"),
        /** One operation that changes something, and does not. */
        WRITE("Input/output error"),
        /** One operation that changes something, and reports a failure although it did. */
        ANSWER("Input/output error"),
        /** From one operation on, nothing takes more room. */
        FULL("No space left on device"),
        /** One operation on a name, which its owner does not allow. */
        DENIED(null),
        /** From one operation on, nothing is changed any more, as on a file system that the kernel made read-only. */
        READ_ONLY("Read-only file system");

        private final String reason;

        Kind(String reason) {
            this.reason = reason;
        }
    }

    /** What an operation does. */
    enum Effect {
        /** Reads, or looks. */
        NONE,
        /** Takes room. */
        GROWS,
        /** Changes something without taking room. */
        CHANGES
    }

    /** What is done when it does not fail. */
    @FunctionalInterface
    interface Operation<T> {
        T run() throws IOException;
    }

    /** Milliseconds that each operation on packs takes longer, so that a command can be stopped in the middle. */
    private static final long SLOW = Long.getLong("varve.slow", 0);

    private static String scope; // null when nothing is counted
    private static Kind kind;
    private static int failing;
    private static final Map<Kind, List<String>> OPERATIONS = new EnumMap<>(Kind.class);
    private static final List<String> FAILED = new ArrayList<>();

    private Faults() {}

    /**
     * Begins to count.
     *
     * @param below directory of which the operations count
     * @param number of the operation that fails, from 0; -1 for none
     */
    static synchronized void arm(Path below, Kind how, int number) {
        scope = below.toString() + "/";
        kind = how;
        failing = number;
        OPERATIONS.clear();
        for (Kind each : Kind.values()) {
            OPERATIONS.put(each, new ArrayList<>());
        }
        FAILED.clear();
    }

    /** Lets everything succeed again. */
    static synchronized void disarm() {
        scope = null;
    }

    /** The operations that can fail so, in their order. */
    static synchronized List<String> operations(Kind how) {
        return List.copyOf(OPERATIONS.get(how));
    }

    /** What failed, the first one first. */
    static synchronized List<String> failed() {
        return List.copyOf(FAILED);
    }

    private static synchronized boolean fails(String name, Path path, Effect effect, boolean isName) {
        String text = path.toString();
        if (scope == null || !text.startsWith(scope) || text.contains("/index") || text.contains("/libraries")) {
            return false;
        }
        String operation = name + " " + text.substring(scope.length());
        for (Kind other : Kind.values()) {
            if (counts(other, effect, isName)) {
                OPERATIONS.get(other).add(operation);
            }
        }
        if (!counts(kind, effect, isName)) {
            return false;
        }
        int number = OPERATIONS.get(kind).size() - 1;
        boolean isLasting = kind == Kind.FULL || kind == Kind.READ_ONLY;
        boolean fails = isLasting ? failing >= 0 && number >= failing : number == failing;
        if (fails) {
            FAILED.add(operation);
        }
        return fails;
    }

    private static boolean counts(Kind kind, Effect effect, boolean isName) {
        return switch (kind) {
            case READ -> effect == Effect.NONE;
            case WRITE, ANSWER, READ_ONLY -> effect != Effect.NONE;
            case DENIED -> isName;
            case FULL -> effect == Effect.GROWS;
        };
    }

    private static synchronized Kind kind() {
        return kind;
    }

    /** An operation on an open file, whose failures name no file. */
    static <T> T onOpenFile(String name, Path path, Effect effect, Operation<T> operation) throws IOException {
        return run(name, path, effect, false, operation, new IOException(kind() == null ? "" : kind().reason));
    }

    /** An operation on a name. */
    static <T> T onName(String name, Path path, Effect effect, Operation<T> operation) throws IOException {
        IOException failure = kind() == Kind.DENIED
                ? new AccessDeniedException(path.toString())
                : new FileSystemException(path.toString(), null, kind() == null ? "" : kind().reason);
        return run(name, path, effect, true, operation, failure);
    }

    private static <T> T run(
            String name, Path path, Effect effect, boolean isName, Operation<T> operation, IOException failure)
            throws IOException {
        if (SLOW > 0 && path.toString().contains("/packs/")) {
            LockSupport.parkNanos(SLOW * 1_000_000);
        }
        if (!fails(name, path, effect, isName)) {
            return operation.run();
        }
        if (kind() == Kind.ANSWER) {
            operation.run();
        }
        throw failure;
    }
}
