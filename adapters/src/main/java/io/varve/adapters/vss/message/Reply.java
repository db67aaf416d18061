package io.varve.adapters.vss.message;

import java.util.List;
import java.util.UUID;

/** What the worker tells the backup. */
public sealed interface Reply {
    /**
     * A step has begun or goes on; sent at least every few seconds while the worker is not stuck in a call.
     *
     * @param step what it does, for the operator
     */
    record Working(String step) implements Reply {}

    /** Something the operator should know that stops nothing. */
    record Notice(String text) implements Reply {}

    /** The machines that the Hyper-V writer offers, in its order. */
    record Machines(List<Machine> machines) implements Reply {
        public Machines {
            machines = List.copyOf(machines);
        }
    }

    /** The shadow copies are taken, the guest runs on. */
    record Frozen(Machine machine, List<ShadowVolume> volumes) implements Reply {
        public Frozen {
            volumes = List.copyOf(volumes);
        }
    }

    /** All shadow copies were there a moment ago. */
    record Intact() implements Reply {}

    /** The writer was told, and the shadow copies are deleted. The worker ends. */
    record Finished() implements Reply {}

    /**
     * The request failed. Everything it had begun was undone, unless a notice says otherwise. The worker ends.
     *
     * @param reason for the operator: what, where, what to do
     */
    record Failed(String reason) implements Reply {}

    /**
     * A virtual machine as the Hyper-V writer describes it.
     *
     * @param id its GUID
     * @param caption what the writer calls it: how it would be frozen, a backslash, the machine's name; in the host's
     *     language
     * @param files what belongs to it
     */
    record Machine(UUID id, String caption, List<FileSpec> files) {
        public Machine {
            files = List.copyOf(files);
        }

        /** Its name, as an operator sees it in Hyper-V. */
        public String displayName() {
            return caption.substring(caption.indexOf('\\') + 1);
        }

        /** How the writer would freeze it. */
        public Freezing freezing() {
            return Freezing.of(caption);
        }
    }

    /**
     * Files of a machine.
     *
     * @param folder as the writer gives it, on the live volume
     * @param pattern a file name, perhaps with {@code *} and {@code ?}
     * @param recursive whether those in folders below belong to it as well
     */
    record FileSpec(String folder, String pattern, boolean recursive) {}

    /**
     * A volume and its shadow copy.
     *
     * @param mountPath where the live volume is mounted, with a backslash at its end
     * @param device the shadow copy, without a backslash at its end
     */
    record ShadowVolume(String mountPath, String device) {}
}
