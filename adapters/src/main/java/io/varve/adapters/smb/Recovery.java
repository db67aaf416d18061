package io.varve.adapters.smb;

import io.varve.adapters.login.KdcAwayException;
import io.varve.adapters.smb.link.Link;
import io.varve.adapters.smb.link.LinkLostException;
import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Repeats what failed because a connection was lost, or could not be made again, over a new one, until it has been
 * tried for long enough. What is repeated must not do harm twice. For one thread.
 */
final class Recovery {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final SmbServer server;
    private long deadline; // of System.nanoTime; 0 before anything failed
    private Duration pause = FIRST_PAUSE;

    private Recovery(SmbServer server) {
        this.server = server;
    }

    /** Something to do over a connection. */
    @FunctionalInterface
    interface Step<T> {
        /** @param link connected when it was handed out */
        T take(Link link) throws IOException;
    }

    /**
     * Does it, again and again if need be.
     *
     * @param where for messages
     * @throws IOException when the server cannot be reached any more, or for another reason of the step
     */
    static <T> T run(SmbServer server, String share, String where, Step<T> step) throws IOException {
        Recovery recovery = new Recovery(server);
        while (true) {
            Link link = null;
            try {
                link = server.link(share);
                return step.take(link);
            } catch (LinkLostException | KdcAwayException e) {
                recovery.pause(where, e);
            } catch (StatusException e) {
                if (NtStatus.outcome(e.status()) != NtStatus.Outcome.RECONNECT) {
                    throw e;
                }
                if (link != null) {
                    link.close();
                }
                recovery.pause(where, e);
            }
        }
    }

    private void pause(String where, IOException failure) throws IOException {
        if (!server.hasConnected()) {
            throw failure;
        }
        long now = System.nanoTime();
        Duration whole = server.timings().recovering();
        if (deadline == 0) {
            deadline = now + whole.toNanos();
        }
        if (now + pause.toNanos() > deadline) {
            throw new LinkLostException(
                    where + ": the server stopped answering; gave up after " + whole.toSeconds()
                            + " s. The file may be intact. Last error: " + failure.getMessage(),
                    failure);
        }
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(where + ": interrupted");
            interrupted.initCause(failure);
            throw interrupted;
        }
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
