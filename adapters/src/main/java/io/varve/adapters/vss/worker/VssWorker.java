package io.varve.adapters.vss.worker;

import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.adapters.vss.message.Wire;
import io.varve.store.fault.Reason;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The worker's program: serves requests from standard input until the backup is over. The end of standard input means
 * that the backup's process is gone: then it aborts, and ends within {@value #LAST_SECONDS} seconds even if a call
 * never returns.
 */
public final class VssWorker {
    /** System property: seconds before a second attempt. */
    public static final String PAUSE = "varve.vss.pause";

    private static final int LAST_SECONDS = 30;
    /** For all but freezing, which has its own deadline. */
    private static final int OTHER_SECONDS = 600;

    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final DataInputStream in;
    private final DataOutputStream out;
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private volatile boolean abandoned;
    private long deadline; // of System.nanoTime, in the thread that serves
    private long lastBeat = System.nanoTime() - BEAT_NANOS;

    private VssWorker(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(new BufferedOutputStream(out));
    }

    /** Started by {@link io.varve.adapters.vss.VssWorkerProcess}; takes no arguments. */
    public static void main(String[] args) {
        OutputStream out = System.out;
        System.setOut(System.err); // standard output carries messages only
        int code = new VssWorker(System.in, out).run();
        Runtime.getRuntime().halt(code); // COM threads must not delay it
    }

    private int run() {
        Thread reader = new Thread(this::read, "requests");
        reader.setDaemon(true);
        reader.start();
        try {
            serve(new Requestor(Windows.load(), this::check, this::notice, Integer.getInteger(PAUSE, 15)));
            return 0;
        } catch (IOException | RuntimeException | LinkageError e) {
            tell(new Reply.Failed(e instanceof IOException failure ? Reason.of(failure) : e.toString()));
            return 1;
        }
    }

    /** Runs in a thread of its own, so that a backup that dies is noticed while a call is under way. */
    private void read() {
        try {
            for (Optional<Request> next = Wire.readRequest(in); next.isPresent(); next = Wire.readRequest(in)) {
                if (next.get() instanceof Request.Abandon) {
                    abandoned = true;
                }
                requests.add(next.get());
            }
        } catch (IOException e) {
            // As if it had ended: whoever wrote it is not well.
        }
        abandoned = true;
        requests.add(new Request.Abandon());
        try {
            TimeUnit.SECONDS.sleep(LAST_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(2);
    }

    private void serve(Requestor requestor) throws IOException {
        try {
            while (true) {
                Request request = requests.take();
                Reply reply = serve(request, requestor);
                tell(reply);
                if (!(reply instanceof Reply.Frozen || reply instanceof Reply.Intact)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            if (requestor.isFrozen()) {
                requestor.abandon();
            }
        }
    }

    private Reply serve(Request request, Requestor requestor) throws IOException {
        deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(OTHER_SECONDS);
        if (request instanceof Request.ListMachines) {
            return requestor.list();
        }
        if (request instanceof Request.Freeze freeze) {
            deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(freeze.deadlineSeconds());
            return requestor.freeze(freeze);
        }
        if (request instanceof Request.Abandon) {
            return requestor.abandon();
        }
        if (!requestor.isFrozen()) {
            throw new IOException("nothing is frozen");
        }
        return request instanceof Request.Check ? requestor.check() : requestor.finish();
    }

    private void check(String step) throws IOException {
        if (abandoned) {
            throw new InterruptedIOException("stopped on request");
        }
        long now = System.nanoTime();
        if (now - deadline > 0) {
            throw new IOException(step + ": not done in time; gave up");
        }
        if (now - lastBeat >= BEAT_NANOS) {
            lastBeat = now;
            tell(new Reply.Working(step));
        }
    }

    private void notice(String text) {
        tell(new Reply.Notice(text));
    }

    private void tell(Reply reply) {
        try {
            Wire.write(reply, out);
        } catch (IOException e) {
            abandoned = true; // nobody listens
        }
    }
}
