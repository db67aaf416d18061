package io.varve.adapters.vss;

import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.vss.VssSource.VssWords;
import io.varve.adapters.vss.message.Freezing;
import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A machine's files in shadow copies, which the worker process holds until this is closed. */
final class VssCheckpoint implements Checkpoint {
    private final Reply.Machine machine;
    private final FileCheckpoint contents;
    private final VssWorkerProcess worker; // guarded by itself: disks ask it at the same time
    private final VssWords words;

    private VssCheckpoint(Reply.Machine machine, FileCheckpoint contents, VssWorkerProcess worker, VssWords words) {
        this.machine = machine;
        this.contents = contents;
        this.worker = worker;
        this.words = words;
    }

    /**
     * Opens the machine's disks in the shadow copies.
     *
     * @param worker taken over; the caller's when this fails
     */
    static VssCheckpoint open(Reply.Machine machine, ShadowCopies copies, VssWorkerProcess worker, VssWords words)
            throws IOException {
        MachineFiles files = MachineFiles.of(machine, copies);
        ShadowDisk.Guard guard = () -> check(worker, words);
        List<CheckpointDisk> disks = files.openDisks(guard, words.notices());
        return new VssCheckpoint(machine, new FileCheckpoint(disks, files.configuration()), worker, words);
    }

    private static void check(VssWorkerProcess worker, VssWords words) throws IOException {
        synchronized (worker) {
            Reply reply = worker.ask(new Request.Check(), words.cancellation(), words.steps());
            VssWorkerProcess.expect(Reply.Intact.class, reply);
        }
    }

    @Override
    public List<CheckpointDisk> disks() {
        return contents.disks();
    }

    /** Application-consistent only where the guest is known to have frozen its own volumes. */
    @Override
    public String consistency() {
        return machine.freezing() == Freezing.ONLINE ? "application" : "crash";
    }

    @Override
    public Optional<UUID> machine() {
        return Optional.of(machine.id());
    }

    @Override
    public List<CheckpointFile> files() {
        return contents.files();
    }

    /** Tells the writer that the backup succeeded, and deletes the shadow copies. */
    @Override
    public void commit(String snapshotId) throws IOException {
        synchronized (worker) {
            // Not stopped on request: the snapshot is committed, and this is the last step.
            Reply reply = worker.ask(new Request.Finish(), new Cancellation(), words.steps());
            VssWorkerProcess.expect(Reply.Finished.class, reply);
        }
    }

    @Override
    public void close() throws IOException {
        try (worker) {
            contents.close();
        }
    }
}
