package io.varve.adapters.vss.worker;

import io.varve.adapters.vss.message.Freezing;
import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Serves the requests of one backup, one after the other. For one thread. */
final class Requestor {
    private static final int ATTEMPTS = 3;

    private final Windows windows;
    private final Waiting waiting;
    private final Consumer<String> notices;
    private final int pauseSeconds;
    private Session session; // null while nothing is frozen
    private Component component;

    /** @param pauseSeconds before a second attempt; twice as long before a third one */
    Requestor(Windows windows, Waiting waiting, Consumer<String> notices, int pauseSeconds) {
        this.windows = windows;
        this.waiting = waiting;
        this.notices = notices;
        this.pauseSeconds = pauseSeconds;
    }

    Reply list() throws IOException {
        try (Session listing = new Session(windows, waiting)) {
            List<Reply.Machine> machines = new ArrayList<>();
            for (Component machine : listing.machines()) {
                machines.add(machine.machine());
            }
            return new Reply.Machines(machines);
        }
    }

    /** Tries again, with a new session, where the failure may pass. */
    Reply freeze(Request.Freeze request) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Session opened = new Session(windows, waiting);
            try {
                Component chosen = chosen(opened.machines(), request);
                List<Reply.ShadowVolume> volumes = opened.freeze(chosen);
                session = opened;
                component = chosen;
                return new Reply.Frozen(chosen.machine(), volumes);
            } catch (IOException | RuntimeException e) {
                undo(opened);
                if (!(e instanceof VssException failure) || !mayPass(failure, attempt)) {
                    throw e;
                }
                notices.accept("attempt " + attempt + " of " + ATTEMPTS + " failed: " + failure.getMessage());
                pause(attempt);
            }
        }
    }

    private static boolean mayPass(VssException failure, int attempt) {
        return switch (failure.outcome()) {
            case AGAIN -> attempt < ATTEMPTS;
            case ONCE_MORE -> attempt < 2;
            case WAIT, FAIL -> false;
        };
    }

    private void pause(int attempt) throws IOException {
        for (int second = 0; second < attempt * pauseSeconds; second++) {
            waiting.second("waiting before the next attempt");
        }
    }

    private static Component chosen(List<Component> machines, Request.Freeze request) throws VssException {
        for (Component machine : machines) {
            if (machine.machine().id().equals(request.machine())) {
                Freezing freezing = machine.machine().freezing();
                if (freezing != Freezing.ONLINE && !request.allowSavedState()) {
                    throw new VssException(
                            "the Hyper-V writer calls it '" + machine.machine().caption() + "': "
                                    + (freezing == Freezing.SAVED_STATE
                                            ? "the machine, if it runs, would be interrupted while its state is saved"
                                            : "whether the machine would be interrupted is unknown")
                                    + ". If it may be, allow that (--allow-saved-state)",
                            VssError.Outcome.FAIL);
                }
                return machine;
            }
        }
        throw new VssException(
                "the Hyper-V writer has no machine " + request.machine() + " (varve vss list shows all)",
                VssError.Outcome.FAIL);
    }

    Reply check() throws IOException {
        session.checkShadowCopies();
        return new Reply.Intact();
    }

    Reply finish() throws IOException {
        Session finished = session;
        session = null;
        try (finished) {
            finished.finish(component);
        }
        return new Reply.Finished();
    }

    Reply abandon() {
        undo(session);
        session = null;
        return new Reply.Finished();
    }

    boolean isFrozen() {
        return session != null;
    }

    /** What goes wrong while cleaning up hides no earlier failure. */
    private void undo(Session opened) {
        if (opened != null) {
            try {
                opened.close();
            } catch (VssException e) {
                notices.accept("cleaning up: " + e.getMessage());
            }
        }
    }
}
