package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.store.coordination.Waiting;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks the running command to stop after Ctrl-C, SIGTERM or SIGHUP, and waits a while for it to clean up. */
final class StopSignal {
    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private StopSignal(Cancellation cancellation) {
        hook = new Thread(
                () -> {
                    cancellation.request();
                    Waiting.giveUp();
                    try {
                        boolean tidy = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                        if (!tidy) {
                            System.err.println("varve: did not stop within " + PATIENCE_SECONDS
                                    + " s; unfinished files are left behind: see 'Interrupted' in docs/operations.md");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "varve-stop");
    }

    /** Returns one for commands that can end at any moment. */
    static StopSignal none() {
        return new StopSignal(new Cancellation());
    }

    static StopSignal forwardTo(Cancellation cancellation) {
        StopSignal signal = new StopSignal(cancellation);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Called when the command is done. */
    void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is already ending, and the hook has been told
        }
    }
}
