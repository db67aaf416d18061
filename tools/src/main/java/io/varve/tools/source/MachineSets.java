package io.varve.tools.source;

import io.varve.adapters.hyperv.CheckpointedDisk;
import io.varve.adapters.rsvd.SharedDiskSource;
import io.varve.adapters.rsvd.SnapshotJournal;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.windows.WindowsName;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.fault.Reason;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Found found;
    private final Map<SmbPath, IOException> failures;

    /** Paths on the host: of sets with their places, of sets that nobody says the place of, and of other disks. */
    private record Found(Map<String, SmbPath> sets, List<String> elsewhere, List<String> others) {}

    /** @param failures of sets whose servers cannot be asked */
    private MachineSets(
            UUID machine, List<SharedDiskSource.OnShare> sets, Found found, Map<SmbPath, IOException> failures) {
        this.machine = machine;
        this.sets = sets;
        this.found = found;
        this.failures = failures;
    }

    /** Asks the host which of the machine's disks are VHD sets. */
    static MachineSets of(HyperVWiring.Wanted wanted) throws IOException {
        Found found = new Found(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        UUID machine = wanted.machine().id();
        for (CheckpointedDisk disk : wanted.hyperV().liveDisks(machine)) {
            if (!wanted.hyperV().settings(disk.file()).isSet()) {
                found.others().add(disk.file());
                continue;
            }
            Optional<SmbPath> place = place(disk.file(), wanted.mounts());
            if (place.isEmpty()) {
                found.elsewhere().add(disk.file());
            } else {
                found.sets().put(disk.file(), place.get());
            }
        }
        List<SharedDiskSource.OnShare> sets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<SmbPath, IOException> failures = new LinkedHashMap<>();
        for (SmbPath place : found.sets().values()) {
            try {
                sets.add(new SharedDiskSource.OnShare(
                        name(place.name(), names), false, wanted.servers().server(place.server()), place));
            } catch (IOException e) {
                failures.put(place, e); // there is no account to log on with
            }
        }
        return new MachineSets(machine, List.copyOf(sets), found, failures);
    }

    /** Paths on the host of all sets. */
    Set<String> files() {
        Set<String> files = new HashSet<>(found.elsewhere());
        files.addAll(found.sets().keySet());
        return files;
    }

    /** Without those that serve sets alone, when their servers cannot be asked. */
    List<MappedFolder> mounts(List<MappedFolder> mounts) {
        return failures.isEmpty()
                ? mounts
                : mounts.stream()
                        .filter(folder -> !folder.isShareOfShare()
                                || found.others().stream()
                                        .anyMatch(file -> folder.rest(file).isPresent()))
                        .toList();
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

    /**
     * Where a file of the host is on a share: as {@code --map} says, otherwise as the host's own path does. The host
     * may only name servers that {@code --map} names too: to ask one is to log on to it.
     */
    static Optional<SmbPath> place(String file, List<MappedFolder> mounts) {
        Optional<MappedFolder> longest = mounts.stream()
                .filter(folder -> folder.here() instanceof DiskPlace.OnShare
                        && folder.rest(file).isPresent())
                .max(Comparator.comparingInt(folder -> folder.host().length()));
        String bare = WindowsName.withoutPrefix(file);
        String url;
        if (longest.isPresent()) {
            url = longest.get().here() + "/" + longest.get().rest(file).orElseThrow();
        } else if (isOnServer(bare)) {
            url = "smb://" + bare.substring(2);
        } else {
            return Optional.empty();
        }
        try {
            SmbPath place = SmbPath.parse(url.replace('\\', '/'));
            return longest.isPresent() || mounts.stream().anyMatch(folder -> isOn(place.server(), folder))
                    ? Optional.of(place)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isOnServer(String file) {
        return file.startsWith("\\\\") && !file.startsWith("\\\\?") && !file.startsWith("\\\\.");
    }

    private static boolean isOn(ServerAddress server, MappedFolder folder) {
        return folder.here() instanceof DiskPlace.OnShare share
                && share.path().server().host().equalsIgnoreCase(server.host())
                && share.path().server().port() == server.port();
    }

    private SharedDiskSource source(Repository repository, Output output) {
        if (sets.size() > 1) {
            output.notice("each VHD set gets its own snapshot, so they are not from the same point in time");
        }
        return SharedDiskSource.of(
                        sets,
                        new SharedDiskSource.Options(false, SNAPSHOT_LIMIT, HostName.get()),
                        new SnapshotJournal(repository.home().sourceFolder("rsvd"), machine.toString()),
                        output::notice)
                .leavingOut(text -> output.warning(WarningCode.DISK_NOT_CONTAINED, text));
    }

    private void warnOfFailures(Output output) {
        if (!sets.isEmpty()) { // otherwise the night says so
            failures.forEach((place, e) -> output.warning(
                    WarningCode.DISK_NOT_CONTAINED, "VHD set " + place + " is not in the snapshot: " + Reason.of(e)));
        }
    }

    static String notOnAShare(String file) {
        return isOnServer(WindowsName.withoutPrefix(file))
                ? "on a server that no --map names, so it was not contacted: name it with --map"
                        + " '\\\\sofs\\vms=smb://sofs/vms' (map in a job file)"
                : "not on a share of a Scale-Out File Server: share its folder and give the share with --map (map"
                        + " in a job file)";
    }

    private void warnOfElsewhere(Output output) {
        for (String file : found.elsewhere()) {
            output.warning(
                    WarningCode.DISK_NOT_CONTAINED,
                    "disk " + file + " is a VHD set and is not in the snapshot, since it is " + notOnAShare(file)
                            + ", or back it up inside a guest");
        }
    }

    /**
     * The sets and nothing else, without a checkpoint of the machine.
     *
     * @throws UsageException when there is none that can be read so
     */
    CheckpointSource alone(Repository repository, Output output) throws IOException {
        if (files().isEmpty()) {
            throw new UsageException(
                    "reading by rsvd is for VHD sets, and the machine has none: use --read auto (read in a job file)");
        }
        checkSome();
        if (sets.isEmpty()) {
            throw failures.values().iterator().next();
        }
        warnOfElsewhere(output);
        warnOfFailures(output);
        found.others()
                .forEach(file -> output.warning(
                        WarningCode.DISK_NOT_CONTAINED,
                        "disk " + file
                                + " is not a VHD set, and is not in the snapshot: reading by rsvd takes no"
                                + " checkpoint"));
        return new SourceWithSets(
                Optional.empty(),
                source(repository, output),
                machine,
                text -> output.warning(WarningCode.DISK_NOT_CONTAINED, text));
    }

    private void checkSome() throws UsageException {
        if (found.sets().isEmpty()) {
            String file = found.elsewhere().get(0);
            throw new UsageException("VHD set " + file + " cannot be read: it is " + notOnAShare(file));
        }
    }

    /**
     * The sets beside the machine's own disks.
     *
     * @throws UsageException when there is nothing that can be read
     */
    CheckpointSource beside(CheckpointSource own, Repository repository, Output output) throws UsageException {
        if (found.others().isEmpty() && !files().isEmpty()) {
            checkSome();
        }
        warnOfElsewhere(output);
        if (found.sets().isEmpty()) {
            return own;
        }
        for (SmbPath place : found.sets().values()) {
            output.line("Hyper-V: reading %s by rsvd, since it is a VHD set", place);
        }
        warnOfFailures(output);
        CheckpointSource asked = sets.isEmpty()
                ? previous -> {
                    throw failures.values().iterator().next();
                }
                : source(repository, output);
        return new SourceWithSets(
                Optional.of(own), asked, machine, text -> output.warning(WarningCode.DISK_NOT_CONTAINED, text));
    }
}
