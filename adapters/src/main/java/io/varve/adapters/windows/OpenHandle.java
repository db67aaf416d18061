package io.varve.adapters.windows;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A handle of Windows, and who still needs it: its owner, and calls that nobody waits for any more. Whichever ends last
 * closes it. Windows gives the value of a closed handle to another file, so nobody may have it then. Thread-safe.
 */
public final class OpenHandle {
    private final String file;
    private final Pointer value;
    private int left; // calls that nobody waits for; below 0 for one that ends before it is told to be left
    private boolean isLeft;
    private boolean isReleased;
    private boolean isClosed;

    /** @param file what it is open for, for messages */
    public OpenHandle(String file, Pointer value) {
        this.file = file;
        this.value = value;
    }

    /** For closing it. */
    public Pointer value() {
        return value;
    }

    /**
     * To make a call with.
     *
     * @throws IOException when its owner has released it, or a call was left
     */
    public synchronized Pointer toAsk() throws IOException {
        if (isReleased || isLeft) {
            throw new IOException(file + ": closed, or a call of Windows about it hangs");
        }
        return value;
    }

    /**
     * To read through, which a call that was left does not forbid.
     *
     * @throws IOException when its owner has released it
     */
    public synchronized Pointer toRead() throws IOException {
        if (isReleased) {
            throw new IOException(file + ": closed, cannot be read any more");
        }
        return value;
    }

    /** A call with it is not waited for any more; {@link #ends} is called when that call returns. */
    public synchronized void leave() {
        left++;
        isLeft = true;
    }

    /** Whether a call was left, be it that it has returned since. */
    public synchronized boolean isLeft() {
        return isLeft;
    }

    public synchronized boolean isReleased() {
        return isReleased;
    }

    /**
     * A call that was left has returned.
     *
     * @return whether the caller has to close it now
     */
    public synchronized boolean ends() {
        left--;
        notifyAll();
        return isToClose();
    }

    /** Waits until all calls that were left have returned. */
    public synchronized void awaitEnds(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long rest = millis; left > 0 && rest > 0; rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(rest);
        }
    }

    /**
     * Its owner does not need it any more.
     *
     * @return whether the caller has to close it now
     */
    public synchronized boolean release() {
        isReleased = true;
        return isToClose();
    }

    private boolean isToClose() {
        boolean isNow = isReleased && left == 0 && !isClosed;
        isClosed |= isNow;
        return isNow;
    }
}
