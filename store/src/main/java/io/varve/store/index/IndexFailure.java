package io.varve.store.index;

import io.varve.store.backend.FailedRead;
import io.varve.store.backend.PlainFile;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * What an error of RocksDB means. Only what is said about the files themselves is damage, which a rebuild cures: a
 * wrong checksum, a missing file, a medium error of a local disk. A time-out, a lost mount or a full quota says nothing
 * about them, so the index stays as it is and the command ends.
 */
final class IndexFailure {
    /** Messages of the operating system about what has a name, not about whether the disk or server answers. */
    private static final Set<String> ABOUT_THE_FILE = Set.of(
            "no such file or directory",
            "permission denied",
            "operation not permitted",
            "is a directory",
            "not a directory",
            "too many levels of symbolic links",
            "no such device or address",
            // Windows: 2, 3, 5
            "the system cannot find the file specified",
            "the system cannot find the path specified",
            "access is denied");

    /** Messages by which a lock file fails that nobody holds. */
    private static final Set<String> NOT_ANSWERED = Set.of(
            "input/output error",
            "connection timed out",
            "stale file handle",
            "transport endpoint is not connected",
            "host is down",
            "no locks available");

    /** RocksDB uses the system's message "no locks available" for this, too. */
    private static final String LOCKED_IN_THIS_PROCESS = "lock hold by current process";

    /** What RocksDB adds when a file is missing that its manifest names: a writer deletes files while readers open. */
    private static final Pattern BLAMED = Pattern.compile("\\s+The file \\S+ may be corrupted\\.?\\s*$");

    private static final Pattern FILE =
            Pattern.compile("[/\\\\]([0-9]{6,}\\.(?:sst|log)|MANIFEST-[0-9]+|OPTIONS-[0-9]+|CURRENT)");

    private static final int PROBED = 3;

    private IndexFailure() {}

    /**
     * The exception for an error: {@link DamagedIndexException} if the index must be rebuilt, and
     * {@link IndexUnavailableException} if nothing is known about it.
     *
     * @param what happened, for the message: {@code cannot be read}
     */
    static IOException of(Path directory, String what, RocksDBException e) {
        Status status = e.getStatus();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new IndexUnavailableException(directory, "no space left on device", new IOException(e));
        }
        for (String reason : reasons(directory, e)) {
            if (!isDamage(directory, reason, e)) {
                return new IndexUnavailableException(
                        directory,
                        what + " (" + reason + "), which says nothing about its content; if this persists, run 'varve"
                                + " rebuild-index'",
                        new IOException(reason, e));
            }
        }
        return new DamagedIndexException(directory, what, e);
    }

    /**
     * Whether the content of a file is bad, so that the next process to open the index may see nothing of it. A file
     * that is missing shows at once.
     */
    static boolean isOfContent(Path directory, RocksDBException e) {
        return reasons(directory, e).stream().noneMatch(reason -> ABOUT_THE_FILE.contains(plain(reason)))
                && e.getStatus() != null
                && (e.getStatus().getCode() == Status.Code.Corruption
                        || e.getStatus().getCode() == Status.Code.IOError);
    }

    /** Whether the database is locked by another writer. RocksDB has no code for this, only a message. */
    static boolean isLocked(Path directory, RocksDBException e) {
        if (e.getStatus() == null || e.getStatus().getCode() != Status.Code.IOError) {
            return false;
        }
        String message = message(directory, e).toLowerCase(Locale.ROOT);
        return message.contains(LOCKED_IN_THIS_PROCESS)
                || message.contains("lock")
                        && reasons(directory, e).stream().noneMatch(reason -> NOT_ANSWERED.contains(plain(reason)));
    }

    /**
     * The operating system's messages in an error, which RocksDB puts behind the last colon. Empty if the error is
     * RocksDB's own. Checking all files when it opens, RocksDB reports a file that does not answer as corruption, one
     * file a line.
     */
    private static List<String> reasons(Path directory, RocksDBException e) {
        if (e.getStatus() == null) {
            return List.of();
        }
        String message = message(directory, e);
        return switch (e.getStatus().getCode()) {
            case IOError -> List.of(last(message));
            case TimedOut, Busy, TryAgain, Aborted, Incomplete, ShutdownInProgress -> List.of(message);
            default ->
                message.lines()
                        .filter(line -> line.contains("IO error"))
                        .map(IndexFailure::last)
                        .toList();
        };
    }

    /** Without the path, which may contain anything. */
    private static String message(Path directory, RocksDBException e) {
        return String.valueOf(e.getMessage()).replace(directory.toString(), "");
    }

    private static String last(String message) {
        String cause = BLAMED.matcher(message).replaceFirst("");
        return cause.substring(cause.lastIndexOf(": ") + 1).strip();
    }

    private static String plain(String reason) {
        return reason.strip().replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isDamage(Path directory, String reason, RocksDBException e) {
        return ABOUT_THE_FILE.contains(plain(reason))
                || isAboutItsFile(directory, String.valueOf(e.getMessage()))
                || FailedRead.of(
                                directory,
                                "index",
                                -1,
                                0,
                                new IOException(reason),
                                () -> probe(directory, String.valueOf(e.getMessage())))
                        instanceof CorruptDataException;
    }

    /**
     * Whether a file that the message names is missing, no file, or not ours to read, and others are there. The
     * system's words for that are in the user's language.
     */
    private static boolean isAboutItsFile(Path directory, String message) {
        Matcher named = FILE.matcher(message);
        while (named.find()) {
            Path file = directory.resolve(named.group(1));
            try {
                if (!PlainFile.is(file) || !Files.isReadable(file)) {
                    return hasOthers(directory);
                }
            } catch (IOException e) {
                return false; // the place does not answer
            }
        }
        return false;
    }

    private static boolean hasOthers(Path directory) throws IOException {
        for (Path other : PlainFile.in(directory)) {
            if (hasContent(other)) {
                return true;
            }
        }
        return false;
    }

    /** Reads from another of the index's files; the message names the one that failed. */
    private static void probe(Path directory, String message) throws IOException {
        IOException failure = new IOException(directory + ": no other file can be read");
        int probed = 0;
        for (Path other : PlainFile.in(directory)) {
            if (probed < PROBED && !message.contains(other.getFileName().toString()) && hasContent(other)) {
                probed++;
                try {
                    FailedRead.probe(other);
                    return;
                } catch (IOException e) {
                    failure.addSuppressed(e);
                }
            }
        }
        throw failure;
    }

    /** Reading an empty file asks the disk nothing. */
    private static boolean hasContent(Path file) throws IOException {
        return PlainFile.is(file) && Files.size(file) > 0;
    }
}
