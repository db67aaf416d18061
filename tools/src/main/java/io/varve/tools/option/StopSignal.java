package io.varve.tools.option;

import io.varve.engine.Cancellation;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and its like ask the running command to stop, and wait a while for it to tidy up. */
final class StopSignal {
    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private StopSignal(Cancellation cancellation) {
        hook = new Thread(
                () -> {
                    cancellation.request();
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

    /** For commands that can be ended at any moment. */
    static StopSignal none() {
        return new StopSignal(new Cancellation());
    }

    static StopSignal forwardTo(Cancellation cancellation) {
        StopSignal signal = new StopSignal(cancellation);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** The command is done. */
    void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // the process is ending already, and the hook was told
        }
    }
}
