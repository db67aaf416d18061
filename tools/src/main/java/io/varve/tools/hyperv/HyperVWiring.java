package io.varve.tools.hyperv;

import com.sun.jna.Platform;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.CommittedPoints;
import io.varve.adapters.hyperv.Consistency;
import io.varve.adapters.hyperv.DiskReading;
import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.HyperVWords;
import io.varve.adapters.hyperv.Journal;
import io.varve.adapters.hyperv.LocalReading;
import io.varve.adapters.hyperv.MountedReading;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts a source for one machine of a host together. */
final class HyperVWiring {
    private HyperVWiring() {}

    /** Which machine, and how. */
    record Wanted(HyperV hyperV, VirtualMachine machine, Consistency consistency, ReadingOptions reading) {}

    static HyperVSource source(Wanted wanted, Repository repository, Output output, Cancellation cancellation)
            throws IOException {
        HyperVWords words = new HyperVWords(output::notice, output::warning, step -> output.line("Hyper-V: %s", step));
        if (!wanted.machine().hasTracking()) {
            output.notice("machine " + wanted.machine().name() + " has configuration version "
                    + wanted.machine().version() + ", which has no change tracking (6.2 and later have): its disks are"
                    + " read in full");
        }
        return new HyperVSource(
                wanted.hyperV(),
                wanted.machine().id(),
                HyperVSource.Choices.DEFAULT.with(wanted.consistency()),
                reading(wanted, words, output),
                journal(repository, wanted.machine().id()),
                words,
                cancellation);
    }

    private static DiskReading reading(Wanted wanted, HyperVWords words, Output output) throws IOException {
        HostPaths paths = HostOptions.paths(wanted.reading().maps());
        boolean isHost = wanted.reading().maps().isEmpty();
        ReadingWay way = wanted.reading().way();
        if (way == ReadingWay.AUTO) {
            way = isHost && Platform.isWindows() ? ReadingWay.WIN32 : ReadingWay.WMI_CHANGES;
            output.detail("reading by " + way.word() + ", since "
                    + (isHost ? "no folder of the host is mounted here" : "folders of the host are mounted here"));
        }
        if (isHost && !Platform.isWindows() && way == ReadingWay.WMI_CHANGES) {
            throw new UsageException("this computer is not the host: say where its folders are mounted here, with --map"
                    + " 'D:\\VMs=/mnt/hv1/vms'");
        }
        return way == ReadingWay.WIN32
                ? new LocalReading(wanted.hyperV(), paths, Virtdisk.load(), words)
                : new MountedReading(wanted.hyperV(), paths, Reader.AUTO);
    }

    static Journal journal(Repository repository, UUID machine) {
        return new Journal(repository.home().sourceFolder("hyperv"), machine);
    }

    /** The reference points that the snapshots of a machine name, also under another name that it had. */
    static CommittedPoints committed(Repository repository, UUID id, String machine) throws IOException {
        List<Optional<String>> states = new ArrayList<>();
        List<Snapshot> snapshots = new ArrayList<>(repository.snapshots().list().snapshots());
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            Manifest manifest = snapshots.get(i).manifest();
            if (manifest.machineGuid().equals(Optional.of(id))
                    || manifest.machine().equals(machine)) {
                states.add(manifest.sourceState());
            }
        }
        return CommittedPoints.of(states);
    }
}
