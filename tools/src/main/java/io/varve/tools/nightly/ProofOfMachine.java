package io.varve.tools.nightly;

import io.varve.adapters.file.FileCheckpoint;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.source.GuardedImage;
import io.varve.store.Repository;
import io.varve.store.check.ReadRate;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The restore proof of a night: restores a random disk of a machine that was just backed up. It uses the first machine
 * in the plan's order that has a snapshot, if possible while the machine is frozen.
 */
final class ProofOfMachine {
    private final Repository repository;
    private final JobFile.Proof proof;
    private final Random random;
    private final Cancellation cancellation;

    ProofOfMachine(Repository repository, JobFile.Proof proof, long seed, Cancellation cancellation) {
        this.repository = repository;
        this.proof = proof;
        this.random = new Random(seed);
        this.cancellation = cancellation;
    }

    /** @param disk name of the restored disk */
    record Done(String disk, String text, Map<String, Long> numbers) {}

    /**
     * @param disksNow opens the disks of the machine as they are now; empty if that cannot be done
     * @param frozen whether a hook keeps the source frozen; otherwise file times show whether it was written to
     */
    Done run(Snapshot snapshot, Optional<Origin.Live> disksNow, boolean frozen, Output output) throws IOException {
        List<DiskRecord> disks = snapshot.manifest().disks();
        DiskRecord disk = disks.get(random.nextInt(disks.size()));
        if (!proof.live() || disksNow.isEmpty()) {
            return run(disk, Optional.empty(), false, frozen, output);
        }
        List<CheckpointDisk> open = disksNow.get().open(output);
        FileCheckpoint closing = new FileCheckpoint(open);
        try {
            Optional<DiskImage> live = Optional.empty();
            for (CheckpointDisk candidate : open) {
                if (candidate.name().equals(disk.name()) && candidate.image().size() == disk.size()) {
                    live = Optional.of(new GuardedImage(candidate.image()));
                }
            }
            Instant margin = snapshot.manifest().startedAt().minusSeconds(2);
            boolean still = live.flatMap(ProofOfMachine::changed)
                    .filter(time -> time.toInstant().isBefore(margin))
                    .isPresent();
            return run(disk, live, still, frozen, output);
        } finally {
            closing.close();
        }
    }

    /** Returns when the disk's file was last written to; empty if unknown. */
    private static Optional<FileTime> changed(DiskImage live) {
        try {
            return Optional.of(Files.getLastModifiedTime(Path.of(live.location())));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** @param untouched whether the disk's file was not written to since the backup began */
    private Done run(DiskRecord disk, Optional<DiskImage> live, boolean untouched, boolean frozen, Output output)
            throws IOException {
        Optional<FileTime> before = live.flatMap(ProofOfMachine::changed);
        RestoreProof.Result result;
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            result = RestoreProof.run(
                    session,
                    disk,
                    proof.size(),
                    live,
                    proof.readRate().map(ReadRate::of).orElse(ReadRate.unlimited()),
                    random.nextLong(),
                    cancellation);
        }
        boolean still = untouched && before.equals(live.flatMap(ProofOfMachine::changed));
        String text = "restored " + ByteSize.text(result.read()) + " of disk " + disk.name() + ": every block is what"
                + " the snapshot says";
        Map<String, Long> numbers = new TreeMap<>();
        numbers.put("restoredBytes", result.read());
        numbers.put("diskBytes", disk.size());
        if (!result.compared()) {
            return new Done(disk.name(), text, numbers);
        }
        numbers.put("comparedBytes", result.read());
        numbers.put("differingBytes", result.differing());
        if (result.differing() == 0) {
            text += ", and the same as the live disk";
        } else if (still || frozen) {
            output.warning(
                    WarningCode.PROOF_FAILED,
                    "disk " + disk.name() + " differs from its snapshot in " + ByteSize.text(result.differing())
                            + ", from offset " + result.firstDifference() + " on, though "
                            + (frozen ? "it is frozen" : "its file was not written to"));
            text += ", BUT NOT the same as the live disk";
        } else {
            text += "; the live disk was written to meanwhile, so the comparison with it proves nothing";
        }
        return new Done(disk.name(), text, numbers);
    }
}
