package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.tools.option.Environment;
import io.varve.tools.output.Output;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A command of the operator, run by the platform's shell. What it prints is shown; it can read nothing. */
final class Hook {
    private static final int MOST_LINES = 200;
    private static final int MOST_COLUMNS = 1_000;

    /** What a process ends with that died of SIGHUP, SIGINT or SIGTERM. */
    private static final Set<Integer> SIGNALS_TO_STOP = Set.of(129, 130, 143);

    /** How much later than a process it started this program may learn of the same Ctrl-C. */
    private static final Duration SIGNAL_DELAY = Duration.ofSeconds(2);

    private final String name;
    private final String command;
    private final Duration timeLimit;
    private final Map<String, String> environment;
    private volatile boolean ended; // by this program, which closes what it printed

    /**
     * @param name what it is called in messages: {@code freeze}
     * @param environment variables besides those of this process
     */
    Hook(String name, String command, Duration timeLimit, Map<String, String> environment) {
        this.name = name;
        this.command = command;
        this.timeLimit = timeLimit;
        this.environment = environment;
    }

    /**
     * Runs it to its end.
     *
     * @param cancellation stops it; null for what has to run whatever was asked
     * @throws SourceException when it cannot be started, ends with another exit code than 0, or takes too long; it and
     *     all that it started are ended then
     */
    void run(Cancellation cancellation, Output output) throws IOException {
        ProcessBuilder builder = Environment.shell(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("VARVE_HOOK", name);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new SourceException("hook " + name + " cannot be started: " + e.getMessage(), e);
        }
        process.getOutputStream().close();
        Thread reader = new Thread(() -> show(process, output), "varve-hook");
        reader.setDaemon(true);
        reader.start();
        long end = System.nanoTime() + timeLimit.toNanos();
        try {
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                if (cancellation != null && cancellation.isRequested()) {
                    kill(process);
                    cancellation.check();
                }
                if (System.nanoTime() - end > 0) {
                    kill(process);
                    throw new SourceException("hook " + name + " took longer than " + timeLimit.toSeconds()
                            + " s and was ended: " + command);
                }
            }
            reader.join(1_000); // a grandchild may keep the pipe open for ever
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while hook " + name + " ran");
        }
        if (process.exitValue() != 0) {
            if (cancellation != null && wasStopped(process.exitValue(), cancellation)) {
                cancellation.check();
            }
            throw new SourceException("hook " + name + " ended with exit code " + process.exitValue() + ": " + command);
        }
    }

    /**
     * Whether it ended because the operator stopped Varve. Ctrl-C goes to all processes of the terminal, and the hook
     * may die of it before this program learns of it.
     */
    private static boolean wasStopped(int exitValue, Cancellation cancellation) throws InterruptedIOException {
        long end = System.nanoTime() + SIGNAL_DELAY.toNanos();
        while (SIGNALS_TO_STOP.contains(exitValue) && !cancellation.isRequested() && System.nanoTime() - end < 0) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a hook ended");
            }
        }
        return cancellation.isRequested();
    }

    private void kill(Process process) {
        ended = true;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void show(Process process, Output output) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                count++;
                if (count <= MOST_LINES) {
                    String shown = line.length() > MOST_COLUMNS ? line.substring(0, MOST_COLUMNS) + "…" : line;
                    output.notice(name + ": " + shown);
                }
            }
            if (count > MOST_LINES) {
                output.notice(name + ": " + (count - MOST_LINES) + " more lines");
            }
        } catch (IOException e) {
            if (ended) {
                return;
            }
            output.notice("what hook " + name + " printed cannot be read: " + e.getMessage());
        }
    }
}
