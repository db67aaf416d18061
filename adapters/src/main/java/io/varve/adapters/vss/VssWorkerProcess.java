package io.varve.adapters.vss;

import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.adapters.vss.message.Wire;
import io.varve.adapters.vss.worker.VssWorker;
import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.Patience;
import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A worker process that takes and holds shadow copies. They vanish with it, so ending it, in whatever way, is all the
 * cleaning up there is. Nothing here waits for it without a limit: its start, its death, even where its pipe stays open
 * with somebody else, and its silence are all noticed in time. For one thread at a time.
 */
final class VssWorkerProcess implements Closeable {
    private static final int LOOK_MILLIS = 200;

    /** What a dead worker wrote last arrives within this time. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final String PREFIX = "varve.";

    private final Process process;
    private final DataOutputStream out;
    private final LinkedBlockingQueue<Object> replies = new LinkedBlockingQueue<>(); // Reply, or IOException at the end
    private final Consumer<String> notices;
    private final Timing timing;
    private boolean isOver; // it said its last word
    private long deadSince; // of System.nanoTime; 0 while it lives

    /**
     * How long a worker may take.
     *
     * @param freezeSeconds until a machine must be frozen
     * @param silenceSeconds without a word from the worker until it is taken for hung; also for its start
     * @param endSeconds to clean up, when the backup failed or is done
     */
    record Timing(int freezeSeconds, int silenceSeconds, int endSeconds) {
        /** The writer alone may take ten minutes for a guest; a call into VSS may block for one or two. */
        static final Timing DEFAULT = new Timing(1800, 300, 120);
    }

    private VssWorkerProcess(Process process, Consumer<String> notices, Timing timing) {
        this.process = process;
        this.out = new DataOutputStream(process.getOutputStream());
        this.notices = notices;
        this.timing = timing;
        Thread reader = new Thread(this::read, "vss-worker-replies");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process. */
    @FunctionalInterface
    interface Start {
        Process start() throws IOException;
    }

    /**
     * Starts a worker with this process's own Java and class path.
     *
     * @param notices told what the operator should know, by the thread that asks
     * @param cancellation looked at while the system starts it
     */
    static VssWorkerProcess start(Consumer<String> notices, Timing timing, Cancellation cancellation)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.INHERIT);
        return start(builder::start, notices, timing, cancellation);
    }

    /** What starts a worker. */
    static List<String> command() {
        List<String> command = new ArrayList<>();
        String executable = File.separatorChar == '\\' ? "java.exe" : "java";
        command.add(Path.of(System.getProperty("java.home"), "bin", executable).toString());
        command.add("-Xmx64m");
        command.add("-Xshare:auto");
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(VssWorker.class.getName());
        return command;
    }

    /**
     * Starts a worker. A system may hold up the start of a process, as virus scanners do, so that is waited for no
     * longer than for a word of the worker; one that starts later is killed.
     */
    static VssWorkerProcess start(Start start, Consumer<String> notices, Timing timing, Cancellation cancellation)
            throws IOException {
        AtomicReference<Process> started = new AtomicReference<>();
        Patience patience = new Patience(TimeUnit.SECONDS.toMillis(timing.silenceSeconds), cancellation);
        try {
            Process process = patience.call(
                    "the VSS worker process",
                    "start it",
                    () -> {
                        started.set(start.start());
                        return started.get();
                    },
                    () -> Optional.ofNullable(started.get()).ifPresent(Process::destroyForcibly));
            return new VssWorkerProcess(process, notices, timing);
        } catch (NoAnswerException e) {
            throw new IOException(
                    "the VSS worker process was not started within "
                            + Count.of(timing.silenceSeconds, "second")
                            + "; nothing was frozen. Run the backup again; if this persists, see whether a virus"
                            + " scanner holds up the start of Java",
                    e);
        }
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
            while (true) {
                replies.add(Wire.readReply(in));
            }
        } catch (IOException e) {
            replies.add(e);
        } catch (RuntimeException e) {
            replies.add(new IOException("its message cannot be read: " + e, e));
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param cancellation looked at while waiting; the caller then closes this
     * @param steps told what the worker does
     * @throws IOException when the request failed, or the worker ended or hung; then it is dead, and with it all shadow
     *     copies
     */
    Reply ask(Request request, Cancellation cancellation, Consumer<String> steps) throws IOException {
        if (isOver) { // several disks may ask, and only the first was told why
            throw new IOException("the VSS worker process has ended, and with it the shadow copies");
        }
        try {
            Wire.write(request, out);
        } catch (IOException e) {
            // It has ended: what it said last tells why, and follows.
        }
        long silent = System.nanoTime();
        while (true) {
            cancellation.check();
            Object next = next();
            if (next == null) {
                if (isDead()) { // its pipe stays open, with a process that has inherited it, say
                    throw ended(new EOFException());
                }
                if (System.nanoTime() - silent > TimeUnit.SECONDS.toNanos(timing.silenceSeconds)) {
                    kill();
                    throw new IOException("the VSS worker process was silent for "
                            + Count.of(timing.silenceSeconds, "second")
                            + " and was stopped, which deletes its shadow copies. A call into VSS hangs: look"
                            + " at the host's event logs, and restart the services VSS and vmms if this persists");
                }
                continue;
            }
            silent = System.nanoTime();
            if (next instanceof Reply.Working working) {
                steps.accept(working.step());
            } else if (next instanceof Reply.Notice notice) {
                notices.accept("VSS: " + notice.text());
            } else if (next instanceof Reply.Failed failed) {
                isOver = true;
                throw new IOException(failed.reason());
            } else if (next instanceof Reply reply) {
                isOver = !(reply instanceof Reply.Frozen || reply instanceof Reply.Intact);
                return reply;
            } else {
                throw ended((IOException) next);
            }
        }
    }

    /** Whether it has ended, and all that it wrote has had time to arrive. */
    private boolean isDead() {
        if (process.isAlive()) {
            return false;
        }
        long now = System.nanoTime();
        deadSince = deadSince == 0 ? now : deadSince;
        return now - deadSince >= LAST_WORDS_NANOS;
    }

    private Object next() throws IOException {
        try {
            return replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private IOException ended(IOException end) {
        kill();
        String code = process.isAlive() ? "" : " with exit code " + process.exitValue();
        String detail = end instanceof EOFException ? "" : ": " + Reason.of(end);
        return new IOException(
                "the VSS worker process ended" + code + detail
                        + ", and with it the shadow copies; run the backup again",
                end);
    }

    private void kill() {
        isOver = true;
        process.destroyForcibly();
        try {
            process.waitFor(timing.endSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lets the worker abandon what is not finished, and waits until it has ended; stops it if it does not end. */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted(); // of this thread's request to stop, which must not stop cleaning up
        try {
            if (!isOver) {
                abandon();
            }
            out.close();
            if (!process.waitFor(timing.endSeconds, TimeUnit.SECONDS)) {
                notices.accept("VSS: the worker process did not end and was stopped; its shadow copies are deleted");
                kill();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            kill();
        } catch (IOException e) {
            kill(); // it does not read any more
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void abandon() throws IOException, InterruptedException {
        Wire.write(new Request.Abandon(), out);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(timing.endSeconds);
        while (System.nanoTime() < until) {
            Object next = replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null && isDead()) {
                return;
            }
            if (next instanceof Reply.Notice notice) {
                notices.accept("VSS: " + notice.text());
            } else if (next instanceof Reply.Finished || next instanceof Reply.Failed || next instanceof IOException) {
                return;
            }
        }
    }

    /** What an answer must be. */
    static <T extends Reply> T expect(Class<T> type, Reply reply) throws IOException {
        return Optional.of(reply)
                .filter(type::isInstance)
                .map(type::cast)
                .orElseThrow(() -> new IOException("the VSS worker process answered "
                        + reply.getClass().getSimpleName() + " where " + type.getSimpleName() + " was expected"));
    }
}
