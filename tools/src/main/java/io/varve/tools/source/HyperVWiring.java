package io.varve.tools.source;

import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.CommittedPoints;
import io.varve.adapters.hyperv.DiskReading;
import io.varve.adapters.hyperv.ExportReading;
import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.HyperVWords;
import io.varve.adapters.hyperv.Journal;
import io.varve.adapters.hyperv.LocalReading;
import io.varve.adapters.hyperv.MountedReading;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts a source for one machine of a host together. */
public final class HyperVWiring {
    private HyperVWiring() {}

    /**
     * Which machine, and how.
     *
     * @param hyperV its host; stays the caller's
     * @param mounts folders of the host that are mounted here or read from shares; none on the host itself
     * @param exportTo path on the host of the folder for exports
     * @param servers of shares; stay the caller's, and open as long as the source is used
     */
    public record Wanted(
            HyperV hyperV,
            VirtualMachine machine,
            HyperVSource.Choices choices,
            ReadingWay way,
            List<MappedFolder> mounts,
            Optional<String> exportTo,
            ShareServers servers) {
        public Wanted {
            mounts = List.copyOf(mounts);
        }

        private Wanted with(List<MappedFolder> others) {
            return new Wanted(hyperV, machine, choices, way, others, exportTo, servers);
        }
    }

    /** What is done at a host, and what is unusual there, for the operator. */
    public static HyperVWords words(Output output) {
        return new HyperVWords(
                output::notice,
                (code, text) -> output.warning(WarningCode.of(code, text)),
                step -> output.line("Hyper-V: %s", step));
    }

    /**
     * The source of one machine.
     *
     * @param repository keeps the journal of what is being done at the host
     * @throws io.varve.tools.output.UsageException when its disks cannot be read in the wanted way from this computer
     */
    public static CheckpointSource source(
            Wanted wanted, Repository repository, Output output, Cancellation cancellation) throws IOException {
        HyperVWords words = words(output);
        if (!wanted.machine().hasTracking()) {
            output.notice("machine " + wanted.machine().name() + " has configuration version "
                    + wanted.machine().version() + ", which does not support change tracking (6.2 and later do):"
                    + " its disks are read in full");
        }
        ReadingChoice choice = ReadingChoice.of(
                wanted.way(),
                new ReadingChoice.Situation(
                        CacheDirectory.isWindows(),
                        hasMounts(wanted.mounts(), CacheDirectory.isWindows()),
                        wanted.exportTo().isPresent(),
                        wanted.machine().hasTracking()));
        output.line("Hyper-V: reading by %s, since %s", choice.way().word(), choice.reason());
        if (choice.way() == ReadingWay.VSS) {
            return VssWiring.source(wanted.machine().id(), false, output, cancellation);
        }
        if (choice.way() == ReadingWay.RSVD) {
            return MachineSets.of(wanted).alone(repository, output);
        }
        if (wanted.way() != ReadingWay.AUTO
                || wanted.choices().group().isPresent()) { // a group's checkpoint has the sets, too
            return hyperV(wanted, choice.way(), wanted.choices(), repository, words, cancellation);
        }
        MachineSets sets = MachineSets.of(wanted);
        HyperVSource.Choices choices = wanted.choices().withSets(sets.files());
        Wanted own = wanted.with(sets.mounts(wanted.mounts()));
        return sets.beside(hyperV(own, choice.way(), choices, repository, words, cancellation), repository, output);
    }

    /** On the host itself, what is mapped so is where it finds a share itself; it is for VHD sets alone. */
    static boolean hasMounts(List<MappedFolder> mounts, boolean isWindows) {
        return mounts.stream().anyMatch(folder -> !isWindows || !folder.isShareOfShare());
    }

    private static HyperVSource hyperV(
            Wanted wanted,
            ReadingWay way,
            HyperVSource.Choices choices,
            Repository repository,
            HyperVWords words,
            Cancellation cancellation)
            throws IOException {
        Journal journal = journal(repository, wanted.machine().id());
        return new HyperVSource(
                wanted.hyperV(),
                wanted.machine().id(),
                choices,
                reading(wanted, way, journal, new SnapshotDisks(repository, words.notices()), words, cancellation),
                journal,
                words,
                cancellation);
    }

    private static DiskReading reading(
            Wanted wanted,
            ReadingWay way,
            Journal journal,
            SnapshotDisks earlier,
            HyperVWords words,
            Cancellation cancellation)
            throws IOException {
        boolean isHost = CacheDirectory.isWindows()
                && (wanted.mounts().isEmpty() || way == ReadingWay.WIN32 && !hasMounts(wanted.mounts(), true));
        HostPaths paths = isHost ? HostPaths.ofThisHost() : MappedFolder.paths(wanted.mounts(), wanted.servers());
        return switch (way) {
            case WIN32 -> new LocalReading(wanted.hyperV(), paths, LocalDisks.load(cancellation), words);
            case DIRECT -> MountedReading.withoutLists(wanted.hyperV(), paths, Reader.AUTO);
            case EXPORT ->
                new ExportReading(
                        wanted.hyperV(),
                        new ExportReading.Target(wanted.exportTo().orElseThrow(), paths, journal),
                        earlier,
                        words,
                        cancellation);
            default -> new MountedReading(wanted.hyperV(), paths, Reader.AUTO);
        };
    }

    /** What this computer is doing to a machine's host for this repository. */
    public static Journal journal(Repository repository, UUID machine) {
        return new Journal(repository.home().sourceFolder("hyperv"), machine);
    }

    /** The reference points that the snapshots of a machine name, also under another name that it had. */
    public static CommittedPoints committed(Repository repository, UUID id, String machine) throws IOException {
        return committed(repository.snapshots().list().snapshots(), id, machine);
    }

    /** As {@link #committed(Repository, UUID, String)}, of these snapshots, oldest first. */
    static CommittedPoints committed(List<Snapshot> snapshots, UUID id, String machine) {
        List<Optional<String>> states = new ArrayList<>();
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
