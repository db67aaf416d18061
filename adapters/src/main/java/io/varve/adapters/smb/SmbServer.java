package io.varve.adapters.smb;

import io.varve.adapters.smb.link.Link;
import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.Timings;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server with one connection to it, which is made when it is first needed and again when it was lost. For any number
 * of threads.
 */
public final class SmbServer implements Closeable {
    /** Reads in flight for one caller; with more, the connection is busy anyway. */
    private static final int READS_AT_ONCE = 4;

    private final ServerAddress address;
    private final SmbLogin login;
    private final Timings timings;
    private final AtomicLong failures = new AtomicLong();
    private final ExecutorService readers = Executors.newFixedThreadPool(READS_AT_ONCE, task -> {
        Thread thread = new Thread(task, "smb-read");
        thread.setDaemon(true);
        return thread;
    });
    private Link current; // guarded by this
    private IOException lastFailure; // guarded by this
    private boolean closed; // guarded by this
    private volatile boolean hasConnected;

    /** @param login closed together with this */
    public SmbServer(ServerAddress address, SmbLogin login, Timings timings) {
        this.address = address;
        this.login = login;
        this.timings = timings;
    }

    public ServerAddress address() {
        return address;
    }

    /** Whether there was a connection; if not, name or address may be wrong, and trying for long helps nobody. */
    boolean hasConnected() {
        return hasConnected;
    }

    Timings timings() {
        return timings;
    }

    /** For reads that are longer than one request. */
    ExecutorService readers() {
        return readers;
    }

    /**
     * The connection, made again if there is none. Threads that wait for somebody else's attempt share its failure.
     *
     * @param share one that is needed; a logon is complete only with it
     */
    Link link(String share) throws IOException {
        long before = failures.get();
        synchronized (this) {
            if (closed) {
                throw new IOException(address + ": was closed");
            }
            if (current != null && !current.isLost()) {
                return current;
            }
            if (failures.get() != before) {
                // As it is: a refused logon that looked like a lost connection would be tried again by every thread,
                // until the account is locked.
                throw lastFailure;
            }
            if (current != null) {
                current.close();
                current = null;
            }
            try {
                current = Link.open(address, login.credentials(address.host()), login.who(), share, timings);
                hasConnected = true;
                return current;
            } catch (IOException e) {
                lastFailure = login.explained(e);
                failures.incrementAndGet();
                throw lastFailure;
            }
        }
    }

    /** The dialect in use, as in {@code 3.1.1}. */
    public String dialect(String share) throws IOException {
        return link(share).dialect();
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            if (current != null) {
                current.close();
                current = null;
            }
            try (login) {
                readers.shutdownNow();
            }
        }
    }
}
