package io.varve.adapters.vss;

import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.adapters.windows.Privileges;
import io.varve.adapters.windows.WindowsFiles;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One machine of this Hyper-V host, frozen by shadow copies of the host's volumes. A backup that dies leaves nothing
 * behind, so there is nothing to clean up after an earlier one, and nothing has to be remembered.
 */
public final class VssSource implements CheckpointSource {
    private final UUID machine;
    private final boolean allowSavedState;
    private final VssWords words;
    private final VssWorkerProcess.Timing timing;
    private final Computer computer;

    /** What a backup needs of the computer that it runs on. */
    interface Computer {
        /** @throws IOException when this computer or this account cannot do it, with what to do about it */
        WindowsFiles files() throws IOException;

        VssWorkerProcess startWorker(VssWords words, VssWorkerProcess.Timing timing) throws IOException;
    }

    /** The one that Varve runs on, which must be Windows. */
    static final class ThisComputer implements Computer {
        @Override
        public WindowsFiles files() throws IOException {
            WindowsFiles files = WindowsFiles.load();
            if (!Privileges.BACKUP.enable()) {
                throw new IOException(Privileges.BACKUP.advice());
            }
            return files;
        }

        @Override
        public VssWorkerProcess startWorker(VssWords words, VssWorkerProcess.Timing timing) throws IOException {
            return VssWorkerProcess.start(words.notices(), timing, words.cancellation());
        }
    }

    /**
     * @param machine its GUID in Hyper-V
     * @param allowSavedState whether the machine may be interrupted while its state is saved
     */
    public VssSource(UUID machine, boolean allowSavedState, VssWords words) {
        this(machine, allowSavedState, words, VssWorkerProcess.Timing.DEFAULT);
    }

    VssSource(UUID machine, boolean allowSavedState, VssWords words, VssWorkerProcess.Timing timing) {
        this(machine, allowSavedState, words, timing, new ThisComputer());
    }

    VssSource(
            UUID machine, boolean allowSavedState, VssWords words, VssWorkerProcess.Timing timing, Computer computer) {
        this.computer = computer;
        this.machine = machine;
        this.allowSavedState = allowSavedState;
        this.words = words;
        this.timing = timing;
    }

    /**
     * The machines of this host, as the Hyper-V VSS writer offers them. Freezes nothing.
     *
     * @throws IOException when this is no Hyper-V host, or VSS fails
     */
    public static List<Reply.Machine> machines(VssWords words) throws IOException {
        WindowsFiles.load();
        try (VssWorkerProcess worker = new ThisComputer().startWorker(words, VssWorkerProcess.Timing.DEFAULT)) {
            Reply reply = worker.ask(new Request.ListMachines(), words.cancellation(), words.steps());
            return VssWorkerProcess.expect(Reply.Machines.class, reply).machines();
        }
    }

    /**
     * What passes between a backup through VSS and the operator.
     *
     * @param cancellation looked at while VSS works
     * @param notices told what the operator should know
     * @param steps told what VSS is doing
     */
    public record VssWords(Cancellation cancellation, Consumer<String> notices, Consumer<String> steps) {}

    @Override
    public Checkpoint take(Previous previous) throws IOException {
        WindowsFiles files = computer.files();
        VssWorkerProcess worker = computer.startWorker(words, timing);
        try {
            Request.Freeze request = new Request.Freeze(machine, allowSavedState, timing.freezeSeconds());
            Reply reply = worker.ask(request, words.cancellation(), words.steps());
            Reply.Frozen frozen = VssWorkerProcess.expect(Reply.Frozen.class, reply);
            ShadowCopies copies = new ShadowCopies(files, frozen.volumes());
            return VssCheckpoint.open(frozen.machine(), copies, worker, words);
        } catch (IOException | RuntimeException e) {
            try {
                worker.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }
}
