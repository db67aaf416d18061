package io.varve.tools.doctor;

import io.varve.store.backend.ProcessLock;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Checks whether a lock on a file system excludes another process until it is released. Starts a second JVM, because
 * locks within one process prove nothing.
 */
final class LockProbe {
    private static final int TAKEN = 3;
    private static final int REFUSED = 4;

    private LockProbe() {}

    /**
     * The other process.
     *
     * @param arguments the file to lock
     */
    public static void main(String[] arguments) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusive(Path.of(arguments[0]));
        if (lock != null) {
            lock.close();
        }
        System.exit(lock != null ? TAKEN : REFUSED);
    }

    /** @param directory where to create the file */
    static Finding look(Path directory) throws IOException {
        Path file = directory.resolve("doctor-" + ProcessHandle.current().pid() + ProcessLock.SUFFIX);
        ProcessLock lock = ProcessLock.tryExclusive(file);
        if (lock == null) {
            return Finding.error("locks", "a lock on a new file in " + directory + " was refused", advice());
        }
        int held;
        try {
            held = other(file);
        } finally {
            lock.close();
        }
        int free = other(file);
        java.nio.file.Files.deleteIfExists(file);
        if (held == REFUSED && free == TAKEN) {
            return Finding.ok("locks", "locks in " + directory + " keep other processes out");
        }
        if (held != TAKEN && held != REFUSED) {
            return Finding.warning("locks", "locks could not be tried: another JVM ended with exit code " + held, "");
        }
        return Finding.error(
                "locks",
                held == TAKEN
                        ? "locks in " + directory + " do not keep other processes out"
                        : "a lock in " + directory + " stays when its process has given it back",
                advice());
    }

    private static String advice() {
        return "use a file system with working locks (NFS: version 4, or lockd; no 'nolock'): without them gc may"
                + " delete what a running backup needs";
    }

    private static int other(Path file) throws IOException {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                LockProbe.class.getName(),
                file.toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while locks were tried");
        }
    }

    private static String absolute(String classPath) {
        StringBuilder absolute = new StringBuilder();
        for (String part : classPath.split(File.pathSeparator, -1)) {
            absolute.append(absolute.length() == 0 ? "" : File.pathSeparator)
                    .append(Path.of(part).toAbsolutePath());
        }
        return absolute.toString();
    }
}
