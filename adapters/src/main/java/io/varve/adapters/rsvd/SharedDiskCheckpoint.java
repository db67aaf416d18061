package io.varve.adapters.rsvd;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Snapshots of a machine's shared disks, one of each. */
final class SharedDiskCheckpoint implements Checkpoint {
    private final List<TakenDisk> disks;
    private final boolean isWhole;
    private final SnapshotJournal journal;
    private final Closeable claim;
    private final Consumer<String> notices;
    private boolean isCommitted;

    /**
     * @param isWhole whether all disks of the machine are among them, so that the journal is about nothing else
     * @param claim closed with this
     */
    SharedDiskCheckpoint(
            List<TakenDisk> disks,
            boolean isWhole,
            SnapshotJournal journal,
            Closeable claim,
            Consumer<String> notices) {
        this.isWhole = isWhole;
        this.disks = List.copyOf(disks);
        this.journal = journal;
        this.claim = claim;
        this.notices = notices;
    }

    @Override
    public List<CheckpointDisk> disks() {
        return disks.stream().map(TakenDisk::disk).toList();
    }

    @Override
    public String consistency() {
        return "crash";
    }

    @Override
    public Optional<String> sourceState() {
        List<SetState.Line> lines = new ArrayList<>();
        for (TakenDisk disk : disks) {
            disk.frozen()
                    .ifPresent(
                            frozen -> lines.add(new SetState.Line(disk.id(), frozen.snapshot(), frozen.references())));
        }
        return lines.isEmpty() ? Optional.empty() : Optional.of(new SetState(lines).encode());
    }

    /**
     * The previous snapshot goes, and tonight's becomes the base. Where the server can, it is deleted too and only a
     * reference kept, so that the disk's file is one again; where it cannot, the snapshot stays until the next night.
     */
    @Override
    public void commit(String snapshotId) throws IOException {
        isCommitted = true;
        journal.write(isWhole ? List.of() : ofOthers());
        IOException failure = null;
        for (TakenDisk disk : disks) {
            try {
                if (disk.frozen().isPresent()) {
                    advance(disk.live(), disk.frozen().get(), disk.disk());
                }
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** What the journal has of disks that were left out tonight. */
    private List<UUID> ofOthers() throws IOException {
        List<UUID> rest = new ArrayList<>(journal.read());
        disks.forEach(disk -> disk.frozen().ifPresent(frozen -> rest.remove(frozen.snapshot())));
        return rest;
    }

    private void advance(SharedDisk live, TakenDisk.Frozen frozen, CheckpointDisk disk) throws IOException {
        if (frozen.previous().isPresent()
                && live.snapshots().contains(frozen.previous().get())) {
            live.deleteSnapshot(frozen.previous().get(), false);
        }
        if (frozen.references() == SetState.References.FAIL) {
            return;
        }
        disk.image().close(); // a snapshot that is open is in use
        try {
            live.deleteSnapshot(frozen.snapshot(), true);
        } catch (RsvdException e) {
            notices.accept("the server cannot keep a reference without its snapshot, so snapshot " + frozen.snapshot()
                    + " of " + live.location() + " stays until the next backup: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        try (claim) {
            IOException failure = null;
            for (TakenDisk disk : disks) {
                try {
                    if (isCommitted) {
                        disk.close();
                    } else {
                        disk.giveUp(journal, notices);
                    }
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
