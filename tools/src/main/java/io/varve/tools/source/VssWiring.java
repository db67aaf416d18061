package io.varve.tools.source;

import io.varve.adapters.vss.VssSource;
import io.varve.adapters.vss.message.Reply;
import io.varve.engine.Cancellation;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Puts sources for machines of this host together that are frozen by shadow copies. */
public final class VssWiring {
    private VssWiring() {}

    /**
     * The source of one machine.
     *
     * @param allowSavedState whether the machine may be interrupted while its state is saved
     */
    public static VssSource source(UUID machine, boolean allowSavedState, Output output, Cancellation cancellation) {
        return new VssSource(
                machine, allowSavedState, new VssSource.VssWords(cancellation, output::notice, new Steps(output)::say));
    }

    /** The machines that the Hyper-V VSS writer of this computer offers; freezes nothing. */
    public static List<Reply.Machine> machines(Output output, Cancellation cancellation) throws IOException {
        return HyperVHosts.asked(
                () -> VssSource.machines(new VssSource.VssWords(cancellation, output::notice, step -> {})));
    }

    /** Reports each step once, however often it is announced. */
    private static final class Steps {
        private final Output output;
        private String last = "";

        Steps(Output output) {
            this.output = output;
        }

        void say(String step) {
            if (!step.equals(last)) {
                last = step;
                output.line("VSS: %s", step);
            }
        }
    }
}
