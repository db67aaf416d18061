package io.varve.adapters.hyperv;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Previous;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One machine of a Hyper-V host, frozen by a recovery checkpoint. The states of a night, and what the next one does
 * after a crash in each, are in {@code docs/hyperv.md}.
 */
public final class HyperVSource implements CheckpointSource {
    private static final String NOT_CONTAINED = "disk-not-contained";
    private static final String NO_CONFIGURATION = "configuration-not-contained";

    private static final int LOOKS = 15;

    private final HyperV host;
    private final UUID machine;
    private final Choices choices;
    private final DiskReading reading;
    private final Journal journal;
    private final HyperVWords words;
    private final Cancellation cancellation;

    /**
     * How to freeze.
     *
     * @param retryPause before the host is asked again for what it refused for the moment
     * @param mergeLimit how long to wait for the host to merge the checkpoint's files
     * @param sets paths on the host of VHD sets that another source takes care of, or says why not
     * @param group that the machine is backed up with; its VHD sets are in the checkpoint then
     */
    public record Choices(
            Consistency consistency,
            Duration retryPause,
            Duration mergeLimit,
            Set<String> sets,
            Optional<MachineGroup.Member> group) {
        public Choices {
            sets = Set.copyOf(sets);
        }

        public Choices(Consistency consistency, Duration retryPause, Duration mergeLimit) {
            this(consistency, retryPause, mergeLimit, Set.of(), Optional.empty());
        }

        /** Application-consistent where the guest can; half a minute; half an hour. */
        public static final Choices DEFAULT =
                new Choices(Consistency.PREFER, Duration.ofSeconds(30), Duration.ofMinutes(30));

        /** The same with another consistency. */
        public Choices with(Consistency other) {
            return new Choices(other, retryPause, mergeLimit, sets, group);
        }

        /** The same, in a group. */
        public Choices with(MachineGroup.Member member) {
            return new Choices(consistency, retryPause, mergeLimit, sets, Optional.of(member));
        }

        /** The same with another pause. */
        public Choices withRetryPause(Duration pause) {
            return new Choices(consistency, pause, mergeLimit, sets, group);
        }

        /** The same, and nothing is said of these VHD sets. */
        public Choices withSets(Set<String> elsewhere) {
            return new Choices(consistency, retryPause, mergeLimit, elsewhere, group);
        }

        private boolean isElsewhere(String file) {
            return sets.stream().anyMatch(set -> HostPaths.isSame(set, file));
        }
    }

    /** @param host stays the caller's, who closes it after the checkpoint */
    public HyperVSource(
            HyperV host,
            UUID machine,
            Choices choices,
            DiskReading reading,
            Journal journal,
            HyperVWords words,
            Cancellation cancellation) {
        this.host = host;
        this.machine = machine;
        this.choices = choices;
        this.reading = reading;
        this.journal = journal;
        this.words = words;
        this.cancellation = cancellation;
    }

    /**
     * The host that a snapshot's source state names.
     *
     * @return empty for what another source, or another build, wrote
     */
    public static Optional<String> recordedHost(String sourceState) {
        return NightState.decode(sourceState).map(NightState::host);
    }

    @Override
    public Checkpoint take(Previous previous) throws IOException {
        Closeable claim = journal.claim();
        try {
            return take(previous, claim);
        } catch (IOException | RuntimeException | Error e) {
            claim.close();
            throw e;
        }
    }

    /** @param claim closed with the checkpoint */
    private Checkpoint take(Previous previous, Closeable claim) throws IOException {
        Optional<RollbackNote.Rollback> rollback = journal.rollback().read();
        if (rollback.isPresent() && !rollback.get().isDone()) {
            throw new IOException("the disks of machine " + machine + " are half rolled back to snapshot "
                    + rollback.get().snapshot() + ": run 'varve hyperv rollback "
                    + rollback.get().snapshot() + "' again to finish, and then the backup");
        }
        host.checkHas(machine); // what it left here moved with it, and the journal must not forget that
        Leftovers leftovers = new Leftovers(host, machine, journal, words);
        CommittedPoints committed = CommittedPoints.of(previous);
        leftovers.remove(committed);
        List<String> recovery = recoveryCheckpoints();
        List<String> unmerged = reportState(recovery);
        List<ReferencePoint> points = host.referencePoints(machine);
        Base base = rollback.isPresent() ? Base.afterRollback(rollback.get()) : Base.of(previous, points);
        journal.write(new Journal.Entry(host.host(), recovery, Optional.empty(), Optional.empty(), Optional.empty()));
        cancellation.check();
        Freezing.Frozen frozen = new Freezing(host, machine, choices, journal, words, cancellation).freeze();
        HostObjects objects = new HostObjects(
                new HostObjects.Night(host, choices, words, cancellation),
                journal,
                claim,
                frozen.checkpoint(),
                unmerged);
        try {
            cancellation.check();
            reading.begin(new DiskReading.Frozen(
                    frozen.checkpoint(),
                    previous,
                    base,
                    previous.newest()
                            .flatMap(Previous.Night::sourceState)
                            .flatMap(NightState::decode)
                            .flatMap(NightState::reading)));
            return open(frozen, base, objects, new HyperVCheckpoint.After(leftovers, committed.all(), reading));
        } catch (IOException | RuntimeException e) {
            try (objects) {
                reading.end();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private List<String> recoveryCheckpoints() throws IOException {
        return host.checkpoints(machine).stream()
                .filter(HostCheckpoint::isRecovery)
                .map(HostCheckpoint::id)
                .toList();
    }

    private List<String> reportState(List<String> recovery) throws IOException {
        if (!recovery.isEmpty()) {
            words.notices()
                    .accept("machine " + machine + " has recovery checkpoints that are not Varve's: "
                            + String.join(", ", recovery) + ". Another backup is running, or left them behind");
        }
        List<String> unmerged = HostChain.unmerged(host, machine);
        if (!unmerged.isEmpty()) {
            words.warnings()
                    .accept(
                            "not-merged",
                            "host " + host.host() + ": the checkpoint of " + String.join(", ", unmerged)
                                    + " is gone, but the file was not merged. If no merge is running, the host's"
                                    + " volume keeps filling up: events 19070 and 19100 in the log Hyper-V-VMMS"
                                    + " say why a merge failed");
        }
        return unmerged;
    }

    private Checkpoint open(Freezing.Frozen frozen, Base base, HostObjects objects, HyperVCheckpoint.After after)
            throws IOException {
        HostCheckpoint checkpoint = frozen.checkpoint();
        List<CheckpointedDisk> disks = frozenDisks(checkpoint);
        for (String name : host.excluded(checkpoint)) {
            words.warnings()
                    .accept(NOT_CONTAINED, "disk '" + name + "' is a pass-through disk and is not in the snapshot");
        }
        if (disks.isEmpty() && choices.sets().isEmpty()) {
            throw new IOException("machine " + machine + ": the checkpoint has no virtual disk. Pass-through"
                    + " disks, and disks that the guest attaches itself (iSCSI), are not included in such a"
                    + " backup");
        }
        Map<String, String> live = liveFiles(disks);
        List<CheckpointDisk> opened = new ArrayList<>();
        List<NightTracker> trackers = new ArrayList<>();
        try {
            Set<String> names = new HashSet<>();
            for (CheckpointedDisk disk : disks) {
                DiskSettings settings = host.settings(disk.named());
                if (settings.isSet() && disk.set().isEmpty()) {
                    if (!choices.isElsewhere(disk.file())) {
                        words.warnings()
                                .accept(
                                        NOT_CONTAINED,
                                        "disk " + disk.file() + " is a VHD set, which several machines share, and"
                                                + " is not in the snapshot");
                    }
                    continue;
                }
                if (disk.set().isEmpty()) { // a set keeps its name
                    checkPlace(live.get(disk.place()));
                }
                String name = name(disk, names);
                DiskReading.Opened read = reading.open(disk);
                NightTracker tracker = new NightTracker(host, disk, settings.id(), base, read.changes());
                opened.add(new CheckpointDisk(name, false, read.image(), tracker));
                trackers.add(tracker);
                checkIdentity(disk, settings, read.image());
            }
            return new HyperVCheckpoint(
                    objects, opened, trackers, configuration(checkpoint), frozen.isApplicationConsistent(), after);
        } catch (IOException | RuntimeException e) {
            try {
                LayeredDisk.closeAll(opened.stream().map(CheckpointDisk::image).toList());
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** In a group, the frozen state of a VHD set is a file of its own. */
    private List<CheckpointedDisk> frozenDisks(HostCheckpoint checkpoint) throws IOException {
        List<CheckpointedDisk> disks = new ArrayList<>();
        for (CheckpointedDisk disk : host.disks(checkpoint)) {
            boolean isSet =
                    choices.group().isPresent() && host.settings(disk.file()).isSet();
            disks.add(isSet ? host.frozenSet(disk) : disk);
        }
        return disks;
    }

    /**
     * The files that the machine writes to since it was frozen, by controller and place.
     *
     * @throws IOException when a disk was not frozen
     */
    private Map<String, String> liveFiles(List<CheckpointedDisk> frozen) throws IOException {
        Map<String, String> live = new HashMap<>();
        for (CheckpointedDisk disk : host.liveDisks(machine)) {
            live.put(disk.place(), disk.file());
            Optional<CheckpointedDisk> twin = frozen.stream()
                    .filter(other -> other.place().equals(disk.place()))
                    .findFirst();
            if (choices.isElsewhere(disk.file())) {
                continue; // it may be left out, and may keep its path when it is frozen
            }
            if (twin.isEmpty()) {
                words.warnings()
                        .accept(
                                NOT_CONTAINED,
                                "disk " + disk.file() + " is not in the checkpoint, so it is not in the snapshot");
            } else if (twin.get().file().equalsIgnoreCase(disk.file())
                    && !host.settings(disk.file()).isSet()) {
                throw new IOException("host " + host.host() + ": disk " + disk.file() + " was not frozen: the machine"
                        + " still writes to the file that its checkpoint names");
            }
        }
        return live;
    }

    /** The new file that the machine writes to has a name that only the host's own folder can have tonight. */
    private void checkPlace(String live) throws IOException {
        for (int look = 1; live != null && !reading.isThere(live); look++) {
            if (look == LOOKS) {
                throw new IOException("the host has just created " + live + ", but this computer does not see it:"
                        + " the mounted folder is another one, perhaps a replica or an old copy (--map)");
            }
            host.pause(); // a share may be seen with a delay
        }
    }

    /** What this computer reads must be what the host froze: mounted folders may be those of another host. */
    private void checkIdentity(CheckpointedDisk disk, DiskSettings settings, DiskImage image) throws IOException {
        if (settings.id().isPresent() && !settings.id().equals(image.guid()) || settings.size() != image.size()) {
            throw new IOException(image.location() + ": the host says that " + disk.file() + " is disk "
                    + settings.id().map(UUID::toString).orElse("without an id") + " of " + settings.size()
                    + " bytes, but this file is disk "
                    + image.guid().map(UUID::toString).orElse("without an id") + " of " + image.size()
                    + " bytes: it is another file");
        }
    }

    /** By the name of the disk's oldest file, which stays when checkpoints come and go. */
    private String name(CheckpointedDisk disk, Set<String> names) throws IOException {
        List<String> chain = disk.set().isPresent() ? List.of(disk.set().get()) : HostChain.of(host, disk.file());
        String file = HostPaths.name(chain.get(chain.size() - 1));
        int dot = file.lastIndexOf('.');
        String base = dot > 0 ? file.substring(0, dot) : file;
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    private List<CheckpointFile> configuration(HostCheckpoint checkpoint) {
        if (checkpoint.configurationFile().isEmpty()) {
            words.warnings()
                    .accept(
                            NO_CONFIGURATION,
                            "the host names no configuration file for the checkpoint; the snapshot has none");
            return List.of();
        }
        String path = checkpoint.configurationFile().get();
        try {
            return reading.configuration(path);
        } catch (IOException e) {
            words.warnings()
                    .accept(NO_CONFIGURATION, "the machine's configuration is not in the snapshot: " + e.getMessage());
            return List.of();
        }
    }
}
