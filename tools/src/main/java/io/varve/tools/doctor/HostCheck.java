package io.varve.tools.doctor;

import io.varve.adapters.hyperv.Examination;
import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.output.ByteSize;
import io.varve.tools.source.SetProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Checks of a Hyper-V host and its machines: whatever would make a backup fail. Changes nothing at the host. */
final class HostCheck {
    /** A gigabit network, or a few spinning disks. */
    private static final long BYTES_PER_SECOND = 100_000_000;

    private static final int DEEP = 10;

    private final HyperV hyperV;
    private final Optional<HostPaths> paths;
    private final SetProbe sets;
    private final Cancellation cancellation;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * @param paths where this computer finds the host's files; empty to not look at them
     * @param sets asks the file servers of VHD sets
     */
    HostCheck(HyperV hyperV, Optional<HostPaths> paths, SetProbe sets, Cancellation cancellation) {
        this.sets = sets;
        this.hyperV = hyperV;
        this.paths = paths;
        this.cancellation = cancellation;
    }

    List<Finding> run() throws IOException {
        List<VirtualMachine> machines;
        try {
            machines = hyperV.machines();
        } catch (IOException e) {
            findings.add(Finding.error(
                    "host", Reason.of(e), "docs/hyperv.md, 'Logging on to a host', lists what a refusal means"));
            return findings;
        }
        findings.add(
                machines.isEmpty()
                        ? Finding.warning(
                                "host",
                                "host " + hyperV.host() + " answers, but shows no machine",
                                "the account must be a member of Hyper-V Administrators; on a cluster, machines may be"
                                        + " on another node")
                        : Finding.ok(
                                "host",
                                "host " + hyperV.host() + " answers and has " + Count.of(machines.size(), "machine")));
        for (VirtualMachine machine : machines) {
            cancellation.check();
            try {
                machine(Examination.of(hyperV, machine));
            } catch (IOException e) {
                findings.add(Finding.error(
                        "machine", label(machine) + ": " + Reason.of(e), "a backup of it would fail likewise"));
            }
        }
        return findings;
    }

    private static String label(VirtualMachine machine) {
        return "machine " + machine.name() + " (" + machine.id() + ")";
    }

    private void machine(Examination found) {
        String label = label(found.machine());
        int before = findings.size();
        if (!found.machine().hasTracking()) {
            warn(
                    label + " has configuration version " + found.machine().version()
                            + ", which has no change tracking",
                    "update it (Update-VMVersion; there is no way back), or use --read vss on the host");
        }
        if (!found.recoveryCheckpoints().isEmpty()) {
            warn(
                    label + " has recovery checkpoints: " + String.join(", ", found.recoveryCheckpoints()),
                    "unless a backup runs now, one left them behind: varve hyperv clean shows whose they are");
        }
        if (!found.unmerged().isEmpty()) {
            warn(
                    label + " writes to " + String.join(", ", found.unmerged())
                            + ", whose checkpoint is gone: a merge runs, or failed",
                    "see events 19070 and 19100 in the log Hyper-V-VMMS; backups fail until it is merged");
        }
        if (!found.passThrough().isEmpty()) {
            warn(
                    label + " has pass-through disks, which no backup of the host contains: "
                            + String.join(", ", found.passThrough()),
                    "back them up inside the guest");
        }
        disks(label, found);
        if (findings.size() == before) {
            findings.add(Finding.ok(
                    "machine",
                    label + " is " + found.machine().stateWord() + "; "
                            + Count.of(found.disks().size(), "disk") + ", "
                            + Count.of(found.userCheckpoints(), "checkpoint") + ", "
                            + Count.of(found.referencePoints(), "reference point")));
        }
        expectation(label, found);
    }

    private void warn(String text, String advice) {
        findings.add(Finding.warning("machine", text, advice));
    }

    private void disks(String label, Examination found) {
        if (found.disks().isEmpty()) {
            warn(label + " has no virtual disk", "a backup of it would fail; leave it out");
        }
        Set<UUID> ids = new HashSet<>();
        for (Examination.Disk disk : found.disks()) {
            String file = disk.files().get(0);
            if (disk.isSet()) {
                set(label, file);
                continue;
            }
            if (disk.id().isEmpty()) {
                warn(
                        label + ": " + file + " is a VHD, which has no change tracking and cannot be exported",
                        "convert it to VHDX, or expect a full read each night");
            } else if (!ids.add(disk.id().get())) {
                warn(
                        label + ": " + file + " has the id of another of its disks: one is a copy",
                        "both are read in full each night; give the copy an id of its own (Set-VHD"
                                + " -ResetDiskIdentifier, with the machine off)");
            }
            if (disk.files().size() > DEEP) {
                warn(
                        label + ": " + file + " is a chain of "
                                + Count.of(disk.files().size(), "file"),
                        "delete checkpoints that nobody needs");
            }
            reachable(label, disk);
        }
    }

    /** A set is read from its file server, and by nobody else. */
    private void set(String label, String file) {
        Optional<String> objection = sets.objection(file);
        if (objection.isEmpty()) {
            findings.add(Finding.ok(
                    "set", label + ": " + file + " is a VHD set, which its file server lets us read (rsvd)"));
        } else {
            warn(
                    label + ": " + file + " is a VHD set and would not be contained: it is " + objection.get(),
                    "see 'Shared disks of a guest cluster' in docs/hyperv.md, or back it up inside the guest");
        }
    }

    private void reachable(String label, Examination.Disk disk) {
        for (String file : paths.isEmpty() ? List.<String>of() : disk.files()) {
            Optional<String> why;
            try {
                why = paths.get().unreadable(file);
            } catch (IOException e) {
                why = Optional.of(Reason.of(e));
            }
            if (why.isPresent()) {
                warn(label + ": " + why.get(), "mount the folder with " + file + ", and say where with --map");
            }
        }
    }

    /** What a full read costs; later nights depend on what the guest writes. */
    private void expectation(String label, Examination found) {
        long bytes =
                found.disks().stream().mapToLong(Examination.Disk::mostToRead).sum();
        Duration time = Duration.ofSeconds(bytes / BYTES_PER_SECOND);
        findings.add(Finding.ok(
                "expected",
                label + ": a full read is at most " + ByteSize.text(bytes) + ", about " + text(time)
                        + " at 100 MB/s; with a reference point only what changed is read"));
    }

    private static String text(Duration time) {
        return time.toMinutes() < 2
                ? Count.of(Math.max(1, time.toSeconds()), "second")
                : time.toHours() < 2 ? Count.of(time.toMinutes(), "minute") : Count.of(time.toHours(), "hour");
    }
}
