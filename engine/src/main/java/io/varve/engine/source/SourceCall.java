package io.varve.engine.source;

import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import java.io.IOException;

/**
 * Calls into a source. Everything they throw becomes a {@link SourceException}: a damaged file of an adapter is not a
 * damaged repository, and an unchecked exception of a driver is not a fault in Varve.
 */
public final class SourceCall {
    private SourceCall() {}

    /** A call that returns something. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws IOException;
    }

    /** A call that returns nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    /**
     * @param where file, disk or step, for the message; empty if the exception says it itself
     * @throws SourceException for everything that the call throws, as its cause
     */
    public static <T> T get(String where, Call<T> call) throws SourceException {
        try {
            return call.run();
        } catch (SourceException e) {
            throw e;
        } catch (Exception | Error e) {
            throw new SourceException(where.isEmpty() ? reason(e) : where + ": " + reason(e), e);
        }
    }

    /** As {@link #get}, for a call that must not return null. */
    public static <T> T require(String where, Call<T> call) throws SourceException {
        T result = get(where, call);
        if (result == null) {
            throw new SourceException(where + ": expected an answer, found none");
        }
        return result;
    }

    /** As {@link #get}. */
    public static void run(String where, Action action) throws SourceException {
        get(where, () -> {
            action.run();
            return null;
        });
    }

    /**
     * Returns why a source failed, in words. For an unchecked exception that includes the class, because its message
     * alone says too little.
     */
    public static String reason(Throwable failure) {
        return failure instanceof IOException e ? Reason.of(e, "cannot be read") : failure.toString();
    }
}
