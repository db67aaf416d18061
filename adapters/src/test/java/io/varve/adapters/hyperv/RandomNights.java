package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.SteppedCheckpoint;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Backups;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.SourceException;
import io.varve.engine.source.Steps;
import io.varve.store.Repository;
import io.varve.store.check.FsckOptions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** One machine of a stand-in host, what happens to it, and its nights. Says its seed when something is wrong. */
final class RandomNights implements Closeable {
    private static final int SIZE = 1 << 20;
    private static final int MOST_DISKS = 4;

    private final long seed;
    private final SplittableRandom random;
    private final StandInHost host;
    private final StandInMachine machine;
    private final double audit;
    private final Path journal;
    private final Repository repository;
    private final Map<String, List<byte[]>> recorded = new HashMap<>();
    private final List<String> users = new ArrayList<>();
    private final Map<String, List<byte[]>> applicable = new HashMap<>();
    private final List<String> foreignCheckpoints = new ArrayList<>();
    private final List<String> foreignPoints = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private boolean hasClone;
    private boolean isAway;
    private int crashed;
    private int failed;
    private int incremental;

    RandomNights(Path temp, long seed) throws IOException {
        this(temp, seed, new StandInHost(Files.createDirectories(temp.resolve("drive"))), null, 0);
    }

    /** @param machine null for a new one with two disks */
    RandomNights(Path temp, long seed, StandInHost host, StandInMachine machine, double audit) throws IOException {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.host = host;
        this.audit = audit;
        this.journal = temp.resolve("journal");
        this.repository = Backups.init(temp.resolve("repository"));
        this.machine = machine == null ? host.addMachine("web1") : machine;
        if (machine == null) {
            this.machine.addDisk(SIZE);
            this.machine.addDisk(SIZE);
        }
    }

    StandInHost host() {
        return host;
    }

    int committed() {
        return recorded.size();
    }

    int crashed() {
        return crashed;
    }

    int incremental() {
        return incremental;
    }

    int exported() {
        return host.share().toFile().list().length;
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + committed() + " committed, " + incremental + " disks read by lists, " + crashed
                + " crashed, " + failed + " failed: " + log;
    }

    /** What happens during the day: one or two things. */
    void happen() throws IOException {
        if (isAway && random.nextBoolean()) {
            log.add("comes back");
            host.comeBack(machine);
            isAway = false;
        }
        for (int i = random.nextInt(2); i >= 0; i--) {
            happenOnce();
        }
    }

    private void happenOnce() throws IOException {
        boolean hasCheckpoints =
                machine.disks().stream().anyMatch(disk -> disk.files().size() > 1);
        switch (random.nextInt(16)) {
            case 0 -> {
                log.add("user checkpoint");
                if (users.size() < 2) {
                    String id = host.freeze(machine, false);
                    users.add(id);
                    applicable.put(id, contents());
                }
            }
            case 1 -> {
                if (!users.isEmpty()) {
                    log.add("user checkpoint removed");
                    String id = users.remove(random.nextInt(users.size()));
                    applicable.remove(id);
                    host.removeCheckpoint(machine, id);
                }
            }
            case 2 -> {
                // The stand-in only applies the newest checkpoint: with a crashed night's above it, it is not that.
                boolean isNewest =
                        machine.disks().stream().allMatch(disk -> disk.files().size() <= users.size() + 1);
                if (!users.isEmpty() && foreignCheckpoints.isEmpty() && isNewest) {
                    String id = users.get(users.size() - 1);
                    List<byte[]> older = applicable.get(id);
                    if (older.size() == machine.disks().size() && sameSizes(older)) {
                        log.add("user checkpoint applied");
                        for (int i = 0; i < older.size(); i++) {
                            machine.disks().get(i).revert(older.get(i));
                        }
                    }
                }
            }
            case 3 -> {
                log.add("other product's checkpoint");
                if (foreignCheckpoints.isEmpty()) {
                    foreignCheckpoints.add(host.freeze(machine, true));
                } else {
                    host.removeCheckpoint(machine, foreignCheckpoints.remove(0));
                }
            }
            case 4 -> {
                log.add("other product's reference point");
                foreignPoints.add(host.addPoint(machine));
            }
            case 5 -> {
                log.add("other product removes ours");
                ourPoint().ifPresent(id -> host.removePoint(machine, id));
            }
            case 6 -> {
                if (machine.disks().size() < MOST_DISKS) {
                    log.add("disk added");
                    machine.addDisk(SIZE).write(0, bytes());
                    applicable.clear();
                    applicable.putAll(Map.of());
                    users.forEach(id -> applicable.put(id, List.of()));
                }
            }
            case 7 -> {
                if (machine.disks().size() > 1 && !hasCheckpoints) {
                    log.add("disk removed");
                    machine.removeDisk(
                            machine.disks().get(random.nextInt(machine.disks().size())));
                    hasClone = machine.disks().stream()
                                    .map(StandInDisk::id)
                                    .distinct()
                                    .count()
                            < machine.disks().size();
                }
            }
            case 8 -> {
                if (machine.disks().size() > 1 && !hasCheckpoints) {
                    log.add("disks swapped");
                    machine.swap(machine.disks().get(0), machine.disks().get(1));
                }
            }
            case 9 -> {
                if (machine.disks().size() < MOST_DISKS && !hasCheckpoints) {
                    log.add("disk cloned");
                    machine.cloneDisk(machine.disks().get(0));
                    hasClone = true;
                }
            }
            case 10 -> {
                if (!hasCheckpoints) {
                    log.add("disk resized");
                    StandInDisk disk = machine.disks().get(0);
                    disk.resize(disk.content().length + (64 << 10));
                }
            }
            case 11 -> {
                log.add("tracking lost");
                machine.disks().get(random.nextInt(machine.disks().size())).forget();
            }
            case 12 -> {
                if (!isAway) {
                    log.add("moves away");
                    host.moveAway(machine);
                    foreignPoints.clear();
                    isAway = true;
                }
            }
            default -> log.add("nothing");
        }
    }

    private boolean sameSizes(List<byte[]> older) {
        for (int i = 0; i < older.size(); i++) {
            if (older.get(i).length != machine.disks().get(i).content().length) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> ourPoint() throws IOException {
        return newest().flatMap(snapshot -> snapshot.manifest().sourceState())
                .flatMap(NightState::decode)
                .flatMap(NightState::point);
    }

    private Optional<Snapshot> newest() throws IOException {
        return repository.snapshots().newest("machine", damaged -> {});
    }

    private List<byte[]> contents() {
        return machine.disks().stream().map(StandInDisk::content).toList();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[1 + random.nextInt(9000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private void write() throws IOException {
        for (StandInDisk disk : machine.disks()) {
            byte[] written = bytes();
            disk.write(random.nextInt(disk.content().length - written.length), written);
        }
    }

    /** A night in which the host may fail and the process may die. */
    void night() throws IOException {
        switch (random.nextInt(8)) {
            case 0 -> host.faults().failJob("ConvertToReferencePoint", 0x8007052FL, random.nextInt(5));
            case 1 -> host.faults().loseJob("ConvertToReferencePoint", 1);
            case 2 -> host.faults().loseAnswer("ConvertToReferencePoint", 1);
            case 3 -> host.faults().refuse("CreateSnapshot", 32775, 2);
            case 4 -> host.faults().failJob("GetVirtualDiskChanges", 0xC03A0030L, 1);
            case 5 -> host.faults().failJob("ExportSystemDefinition", 0x80070070L, 1);
            default -> host.faults().stall(random.nextInt(4) == 0);
        }
        write();
        backUp(new Steps(random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0), true);
        for (String method : List.of("ConvertToReferencePoint", "GetVirtualDiskChanges", "ExportSystemDefinition")) {
            host.faults().failJob(method, 0, 0);
            host.faults().loseJob(method, 0);
            host.faults().loseAnswer(method, 0);
        }
        host.faults().refuse("CreateSnapshot", 0, 0);
        host.faults().stall(false);
    }

    /** A night in which nothing goes wrong; after it, nothing of earlier ones is left. */
    void quietNight() throws IOException {
        if (isAway) {
            host.comeBack(machine);
            isAway = false;
        }
        write();
        assertTrue(backUp(new Steps(0), true).isPresent(), toString());
    }

    /** A night whose content nobody compares, and in which the guest writes nothing. */
    Optional<Snapshot> unseenNight() throws IOException {
        return backUp(new Steps(0), false);
    }

    private Optional<Snapshot> backUp(Steps steps, boolean compare) throws IOException {
        String way = random.nextInt(3) == 0 && !hasClone ? "export" : random.nextInt(6) == 0 ? "direct" : "wmi-changes";
        if (!compare) {
            way = "wmi-changes";
        }
        log.add("night by " + way);
        List<byte[]> frozen = contents();
        int disks = machine.disks().size();
        Cim cim = new HyperVMachine.SteppedCim(host.cim(), steps);
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, message -> {})) {
            HyperV hyperV = new HyperV(cim, Duration.ofMillis(1));
            DiskReading reading = new Mortal(reading(hyperV, way), steps);
            HyperVSource source = new HyperVSource(
                    hyperV,
                    machine.id(),
                    new HyperVSource.Choices(Consistency.PREFER, Duration.ofMillis(1), Duration.ofSeconds(2)),
                    reading,
                    journal(),
                    words(),
                    new Cancellation());
            Snapshot snapshot = new BackupJob(
                            session,
                            new BackupOptions(1, 16 << 10, audit, 1),
                            new Backups.Log(),
                            new Cancellation(),
                            "test")
                    .run("machine", previous -> {
                        steps.step();
                        Checkpoint taken = source.take(previous);
                        if (compare) {
                            write(); // the guest runs on
                        }
                        return new SteppedCheckpoint(taken, steps);
                    });
            incremental += (int) snapshot.manifest().disks().stream()
                    .filter(disk -> disk.mode().equals("incremental"))
                    .count();
            if (compare) {
                assertEquals(disks, snapshot.manifest().disks().size(), toString());
                recorded.put(snapshot.id().text(), frozen);
                check(snapshot, frozen);
            }
            if (!steps.isDead()) {
                checkHost(snapshot);
            }
            return Optional.of(snapshot);
        } catch (SourceException e) {
            log.add(steps.isDead() ? "crashed" : isAway ? "failed" : "failed: " + e.getMessage());
            crashed += steps.isDead() ? 1 : 0;
            failed += steps.isDead() ? 0 : 1;
            return Optional.empty();
        } finally {
            checkOthers();
        }
    }

    private DiskReading reading(HyperV hyperV, String way) {
        HostPaths paths = HostPaths.mounted(List.of(
                new HostPaths.Mount(StandInHost.DRIVE, host.folderHere()),
                new HostPaths.Mount(StandInHost.SHARE, host.share())));
        return switch (way) {
            case "export" ->
                new ExportReading(
                        hyperV,
                        new ExportReading.Target(StandInHost.SHARE, paths, journal()),
                        (snapshotId, disk) -> HyperVMachine.earlier(repository, snapshotId, disk),
                        words(),
                        new Cancellation());
            case "direct" -> MountedReading.withoutLists(hyperV, paths, Reader.DIRECT);
            default -> new MountedReading(hyperV, paths, Reader.DIRECT);
        };
    }

    private Journal journal() {
        return new Journal(journal, machine.id());
    }

    private static HyperVWords words() {
        return new HyperVWords(notice -> {}, (code, text) -> {}, step -> {});
    }

    private void check(Snapshot snapshot, List<byte[]> expected) throws IOException {
        for (DiskRecord disk : snapshot.manifest().disks()) {
            assertArrayEquals(
                    expected.get(disk.number() - 1),
                    Backups.restore(repository, disk),
                    () -> disk.name() + " of " + snapshot.id() + ", " + disk.mode() + ", " + disk.reason() + "; "
                            + this);
        }
    }

    /** Nothing of ours but the reference point that the snapshot names, and nothing to merge. */
    private void checkHost(Snapshot snapshot) throws IOException {
        List<String> ours = new ArrayList<>(host.objects(machine));
        ours.removeAll(users);
        ours.removeAll(foreignCheckpoints);
        ours.removeAll(foreignPoints);
        List<String> expected = snapshot.manifest()
                .sourceState()
                .flatMap(NightState::decode)
                .flatMap(NightState::point)
                .map(List::of)
                .orElse(List.of());
        assertEquals(expected, ours, toString());
        assertEquals(Optional.empty(), journal().read(), toString());
        assertEquals(List.of(), journal().exports(), toString());
        int layers = 1 + users.size() + foreignCheckpoints.size();
        for (StandInDisk disk : machine.disks()) {
            assertTrue(disk.files().size() <= layers, "a checkpoint's file was not merged; " + this);
        }
    }

    private void checkOthers() {
        List<String> there = host.objects(machine);
        assertTrue(there.containsAll(users), "a user's checkpoint is gone; " + this);
        assertTrue(there.containsAll(foreignCheckpoints), "another product's checkpoint is gone; " + this);
        assertTrue(there.containsAll(foreignPoints), "another product's reference point is gone; " + this);
        assertEquals(List.of(), host.violations(), toString());
    }

    /** Compares everything once more. */
    @Override
    public void close() throws IOException {
        for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
            List<byte[]> expected = recorded.get(snapshot.id().text());
            if (expected != null) {
                check(snapshot, expected);
            }
        }
        assertEquals(List.of(), Backups.fsck(repository, FsckOptions.Level.DEEP).findings(), toString());
        repository.close();
    }

    /** A dead process removes no exported files. */
    private record Mortal(DiskReading reading, Steps steps) implements DiskReading {
        @Override
        public void begin(Frozen frozen) throws IOException {
            reading.begin(frozen);
        }

        @Override
        public void end() throws IOException {
            if (!steps.isDead()) {
                reading.end();
            }
        }

        @Override
        public Optional<String> state() {
            return reading.state();
        }

        @Override
        public Opened open(CheckpointedDisk disk) throws IOException {
            return reading.open(disk);
        }

        @Override
        public boolean isThere(String path) throws IOException {
            return reading.isThere(path);
        }

        @Override
        public List<CheckpointFile> configuration(String path) throws IOException {
            return reading.configuration(path);
        }
    }
}
