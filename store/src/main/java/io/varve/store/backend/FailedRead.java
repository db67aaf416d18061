package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * What a failed read of a local file means. The bytes are damaged only if the system says so of these very bytes (a
 * medium error, a checksum of the file system, the end of the file), the file system is local, and the rest of it still
 * answers: a disk that was unplugged gives the same error for every byte. Any other failure says nothing about the
 * bytes.
 */
public final class FailedRead {
    private FailedRead() {}

    /** Reads something else on the same file system. */
    @FunctionalInterface
    public interface Probe {
        void read() throws IOException;
    }

    /**
     * The exception to throw.
     *
     * @param object the file's name for callers
     * @param offset offset in bytes that was read from; -1 if it is not known
     * @param probe used only if the answer depends on it
     */
    public static IOException of(Path file, String object, long offset, long length, IOException failure, Probe probe) {
        return of(file, object, offset, length, failure, new Surroundings(probe, FailedRead::isRemote));
    }

    /**
     * What decides whether a medium error is one.
     *
     * @param remote whether a file is, or may be, on another computer
     */
    record Surroundings(Probe probe, Predicate<Path> remote) {}

    static IOException of(
            Path file, String object, long offset, long length, IOException failure, Surroundings surroundings) {
        if (failure instanceof CorruptDataException e) {
            return new CorruptDataException(object, e.offset(), e.expected(), e.found());
        }
        if (failure instanceof NoSuchFileException
                || failure instanceof AccessDeniedException
                || failure instanceof ClosedChannelException) {
            return failure instanceof AccessDeniedException
                    ? LocatedFailures.located("cannot read it", file, failure)
                    : failure; // nothing was read, and callers know what that means
        }
        if (failure instanceof EOFException) {
            return new CorruptDataException(object, offset, length + " bytes", "the end of the file");
        }
        String place = offset < 0 ? object : object + " at offset " + offset;
        String reason = reason(failure);
        if (!MediumErrors.isOne(reason)) {
            return new UnavailableException(place, "cannot be read now (" + reason + ")", failure);
        }
        if (surroundings.remote().test(file)) {
            return new UnavailableException(
                    place,
                    "the server or the connection fails (" + reason + "); nothing is known about the data",
                    failure);
        }
        try {
            surroundings.probe().read();
        } catch (IOException e) {
            failure.addSuppressed(e);
            return new UnavailableException(
                    place, "the disk below does not answer (" + reason + "); nothing is known about the data", failure);
        }
        return new CorruptDataException(object, offset, length + " readable bytes", reason);
    }

    /** Reads the beginning of another file in the same place, past the page cache if the file system allows that. */
    public static void probe(Path other) throws IOException {
        StoredFile.probe(other);
    }

    /** The system's own message, without added context. */
    private static String reason(IOException failure) {
        IOException first = failure;
        while (first.getCause() instanceof IOException cause) {
            first = cause;
        }
        return first instanceof FileSystemException e && e.getReason() != null ? e.getReason() : Reason.of(first);
    }

    /** Whether another attempt may help: not after damage, nor in an interrupted thread. */
    static boolean mayPass(IOException meaning) {
        return (meaning instanceof UnavailableException || meaning instanceof ClosedChannelException)
                && !Thread.currentThread().isInterrupted();
    }

    /** Whether the file is, or may be, on another computer. */
    private static boolean isRemote(Path file) {
        try {
            return RemoteFileSystems.isOne(Files.getFileStore(file).type())
                    || file.toRealPath().toString().startsWith("\\\\");
        } catch (IOException e) {
            return true;
        }
    }
}
