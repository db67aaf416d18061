package io.varve.tools.source;

import io.varve.adapters.hyperv.CheckpointedDisk;
import io.varve.adapters.rsvd.SharedDiskSource;
import io.varve.adapters.rsvd.SnapshotJournal;
import io.varve.adapters.smb.SmbPath;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The VHD sets of a machine, which its file server is asked for: no checkpoint of a single machine freezes what several
 * machines write to.
 */
final class MachineSets {
    private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(10);

    private final UUID machine;
    private final List<SharedDiskSource.OnShare> sets;
    private final List<String> elsewhere;
    private final List<String> others;

    private MachineSets(
            UUID machine, List<SharedDiskSource.OnShare> sets, List<String> elsewhere, List<String> others) {
        this.machine = machine;
        this.sets = sets;
        this.elsewhere = elsewhere;
        this.others = others;
    }

    /** Asks the host which of the machine's disks are VHD sets. */
    static MachineSets of(HyperVWiring.Wanted wanted) throws IOException {
        List<SharedDiskSource.OnShare> sets = new ArrayList<>();
        List<String> elsewhere = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Set<String> names = new HashSet<>();
        UUID machine = wanted.machine().id();
        for (CheckpointedDisk disk : wanted.hyperV().liveDisks(machine)) {
            if (!wanted.hyperV().settings(disk.file()).isSet()) {
                others.add(disk.file());
                continue;
            }
            Optional<SmbPath> place = place(disk.file(), wanted.mounts());
            if (place.isEmpty()) {
                elsewhere.add(disk.file());
            } else {
                sets.add(new SharedDiskSource.OnShare(
                        name(place.get().name(), names),
                        false,
                        wanted.servers().server(place.get().server()),
                        place.get()));
            }
        }
        return new MachineSets(machine, List.copyOf(sets), List.copyOf(elsewhere), List.copyOf(others));
    }

    private static String name(String file, Set<String> names) {
        int dot = file.lastIndexOf('.');
        String base = dot > 0 ? file.substring(0, dot) : file;
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /** Where a file of the host is on a share: as {@code --map} says, otherwise as the host's own path does. */
    static Optional<SmbPath> place(String file, List<MappedFolder> mounts) {
        Optional<MappedFolder> longest = mounts.stream()
                .filter(folder -> folder.here() instanceof DiskPlace.OnShare
                        && folder.rest(file).isPresent())
                .max(Comparator.comparingInt(folder -> folder.host().length()));
        String url;
        if (longest.isPresent()) {
            url = longest.get().here() + "/" + longest.get().rest(file).orElseThrow();
        } else if (file.startsWith("\\\\") && !file.startsWith("\\\\?") && !file.startsWith("\\\\.")) {
            url = "smb://" + file.substring(2);
        } else {
            return Optional.empty();
        }
        try {
            return Optional.of(SmbPath.parse(url.replace('\\', '/')));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isEmpty() {
        return sets.isEmpty() && elsewhere.isEmpty();
    }

    private SharedDiskSource source(Repository repository, Output output) {
        if (sets.size() > 1) {
            output.notice("each VHD set gets its own snapshot, so they are not from the same point in time");
        }
        return SharedDiskSource.of(
                sets,
                new SharedDiskSource.Options(false, SNAPSHOT_LIMIT, HostName.get()),
                new SnapshotJournal(repository.home().sourceFolder("rsvd"), machine.toString()),
                output::notice);
    }

    private static void notOnAShare(String file, Output output) {
        output.warning("disk " + file + " is a VHD set that is not on a share of a Scale-Out File Server, and not"
                + " contained in the snapshot: share its folder and say where with --map (map in a job file), or back"
                + " it up inside a guest");
    }

    /**
     * The sets and nothing else, without a checkpoint of the machine.
     *
     * @throws UsageException when there is none that can be read so
     */
    CheckpointSource alone(Repository repository, Output output) throws UsageException {
        if (sets.isEmpty() && elsewhere.isEmpty()) {
            throw new UsageException(
                    "reading by rsvd is for VHD sets, and the machine has none: use --read auto (read in a job file)");
        }
        if (sets.isEmpty()) {
            throw new UsageException("reading by rsvd needs VHD sets on a share of a Scale-Out File Server, but "
                    + elsewhere.get(0) + " is on none: share its folder and say where with --map (map in a job file)");
        }
        elsewhere.forEach(file -> notOnAShare(file, output));
        others.forEach(file -> output.warning("disk " + file
                + " is not a VHD set, and not contained in the snapshot: reading by rsvd takes no" + " checkpoint"));
        return new SourceWithSets(Optional.empty(), source(repository, output), machine, output::warning);
    }

    /** The sets beside the machine's own disks. */
    CheckpointSource beside(CheckpointSource own, Repository repository, Output output) {
        elsewhere.forEach(file -> notOnAShare(file, output));
        if (sets.isEmpty()) {
            return own;
        }
        for (SharedDiskSource.OnShare set : sets) {
            output.line("Hyper-V: reading %s by rsvd, since it is a VHD set", set.path());
        }
        return new SourceWithSets(Optional.of(own), source(repository, output), machine, output::warning);
    }
}
