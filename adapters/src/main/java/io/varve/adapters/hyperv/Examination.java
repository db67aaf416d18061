package io.varve.adapters.hyperv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a backup of a machine would find, without taking a checkpoint.
 *
 * @param recoveryCheckpoints ids of checkpoints that backups made
 * @param userCheckpoints how many others there are
 * @param unmerged files that were not merged although their checkpoint is gone
 * @param passThrough disks that no checkpoint contains, by name
 */
public record Examination(
        VirtualMachine machine,
        List<Disk> disks,
        List<String> recoveryCheckpoints,
        int userCheckpoints,
        int referencePoints,
        List<String> unmerged,
        List<String> passThrough) {
    /**
     * A disk.
     *
     * @param files of its chain, the one that the machine writes to first
     * @param size bytes of the virtual disk
     * @param fileBytes of all its files
     * @param id empty for a VHD
     * @param isSet whether it is a VHD set
     */
    public record Disk(List<String> files, long size, long fileBytes, Optional<UUID> id, boolean isSet) {
        public Disk {
            files = List.copyOf(files);
        }

        /** At most what is read when all of it is. */
        public long mostToRead() {
            return Math.min(size, fileBytes);
        }
    }

    public Examination {
        disks = List.copyOf(disks);
        recoveryCheckpoints = List.copyOf(recoveryCheckpoints);
        unmerged = List.copyOf(unmerged);
        passThrough = List.copyOf(passThrough);
    }

    /** Asks the host; changes nothing. */
    public static Examination of(HyperV host, VirtualMachine machine) throws IOException {
        List<Disk> disks = new ArrayList<>();
        for (CheckpointedDisk disk : host.liveDisks(machine.id())) {
            DiskSettings settings = host.settings(disk.file());
            List<String> files = HostChain.of(host, disk.file());
            long bytes = 0;
            for (String file : files) {
                bytes += host.fileSize(file);
            }
            disks.add(new Disk(files, settings.size(), bytes, settings.id(), settings.isSet()));
        }
        List<HostCheckpoint> checkpoints = host.checkpoints(machine.id());
        List<String> recovery = checkpoints.stream()
                .filter(HostCheckpoint::isRecovery)
                .map(HostCheckpoint::id)
                .toList();
        return new Examination(
                machine,
                disks,
                recovery,
                checkpoints.size() - recovery.size(),
                host.referencePoints(machine.id()).size(),
                HostChain.unmerged(host, machine.id()),
                host.passThrough(machine.id()));
    }
}
