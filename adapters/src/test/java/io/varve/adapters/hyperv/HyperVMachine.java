package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.varve.adapters.contract.SteppedCheckpoint;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.hyperv.wsman.WsMan;
import io.varve.adapters.login.Login;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.restore.SnapshotImage;
import io.varve.engine.source.CheckpointSourceContract;
import io.varve.engine.source.Steps;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** A machine of a stand-in host, backed up over WS-Management. Another product's objects are there too. */
final class HyperVMachine implements CheckpointSourceContract.Machine {
    private static final int SIZE = 1 << 20;

    final StandInHost host;
    final StandInMachine machine;
    final List<String> warnings = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    private final WsManServer server;
    private final Path folder;
    private final List<String> foreign;

    HyperVMachine(Path temp) throws IOException {
        folder = Files.createTempDirectory(temp, "host");
        host = new StandInHost(Files.createDirectories(folder.resolve("drive")));
        machine = host.addMachine("web & <1>");
        machine.addDisk(SIZE);
        host.addPoint(machine);
        foreign = host.objects(machine);
        server = WsManServer.start(host, temp, 0);
    }

    WsManServer server() {
        return server;
    }

    /** @param steps of the process that asks; each request to the host is one */
    HyperV connect(Optional<Steps> steps) {
        Login login = new Login.Basic(WsManServer.USER, WsManServer.PASSWORD.toCharArray());
        Cim cim = WsMan.connect(server.address(), login, Trust.pinned(server.fingerprint()));
        return new HyperV(steps.isPresent() ? new SteppedCim(cim, steps.get()) : cim, Duration.ofMillis(1));
    }

    HyperVSource source(HyperV hyperV, Consistency consistency) {
        HostPaths paths = HostPaths.mounted(List.of(new HostPaths.Mount(StandInHost.DRIVE, host.folderHere())));
        return source(hyperV, consistency, new MountedReading(hyperV, paths, Reader.DIRECT));
    }

    /** @param sets that somebody else takes care of */
    HyperVSource source(HyperV hyperV, Set<String> sets) {
        HostPaths paths = HostPaths.mounted(List.of(new HostPaths.Mount(StandInHost.DRIVE, host.folderHere())));
        return source(
                hyperV, choices(Consistency.PREFER).withSets(sets), new MountedReading(hyperV, paths, Reader.DIRECT));
    }

    private static HyperVSource.Choices choices(Consistency consistency) {
        return new HyperVSource.Choices(consistency, Duration.ofMillis(1), Duration.ofMillis(200));
    }

    HyperVSource source(HyperV hyperV, Consistency consistency, DiskReading reading) {
        return source(hyperV, choices(consistency), reading);
    }

    private HyperVSource source(HyperV hyperV, HyperVSource.Choices choices, DiskReading reading) {
        return new HyperVSource(
                hyperV,
                machine.id(),
                choices,
                reading,
                new Journal(folder.resolve("journal"), machine.id()),
                new HyperVWords(notices::add, (code, text) -> warnings.add(text), step -> {}),
                new Cancellation());
    }

    Path journal() {
        return folder.resolve("journal");
    }

    /** Exports into a folder of the host, over what a repository has of earlier nights. */
    ExportReading exporting(HyperV hyperV, Repository repository, String into) {
        HostPaths paths = HostPaths.mounted(List.of(
                new HostPaths.Mount(StandInHost.DRIVE, host.folderHere()),
                new HostPaths.Mount(StandInHost.SHARE, host.share())));
        return new ExportReading(
                hyperV,
                new ExportReading.Target(into, paths, new Journal(journal(), machine.id())),
                (snapshotId, disk) -> earlier(repository, snapshotId, disk),
                new HyperVWords(notices::add, (code, text) -> warnings.add(text), step -> {}),
                new Cancellation(),
                3);
    }

    static DiskImage earlier(Repository repository, String snapshotId, UUID disk) throws IOException {
        for (Snapshot snapshot : repository.snapshots().list().snapshots()) {
            for (DiskRecord record : snapshot.manifest().disks()) {
                if (snapshot.id().text().equals(snapshotId) && record.guid().equals(Optional.of(disk))) {
                    ReadSession session = ReadSession.open(repository, notice -> {});
                    return new ForwardingImage(new SnapshotImage(session, record, snapshotId)) {
                        @Override
                        public void close() throws IOException {
                            try (session) {
                                super.close();
                            }
                        }
                    };
                }
            }
        }
        throw new IOException("no disk " + disk + " in snapshot " + snapshotId);
    }

    @Override
    public CheckpointSource source(Steps steps) {
        HyperVSource source = source(connect(Optional.of(steps)), Consistency.PREFER);
        return previous -> {
            steps.step();
            return new SteppedCheckpoint(source.take(previous), steps);
        };
    }

    @Override
    public void write(SplittableRandom random) {
        byte[] written = new byte[1 + random.nextInt(9000)];
        random.nextBytes(written);
        try {
            machine.disks().get(0).write(random.nextInt(SIZE - written.length), written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] disk() {
        return machine.disks().get(0).content();
    }

    @Override
    public void assertNothingIsLeft(Optional<String> state) {
        List<String> expected = new ArrayList<>(foreign);
        state.flatMap(NightState::decode).flatMap(NightState::point).ifPresent(expected::add);
        assertEquals(expected, host.objects(machine));
        assertEquals(1, machine.disks().get(0).files().size(), "a checkpoint's file was not merged");
        assertFalse(Files.exists(folder.resolve("journal").resolve(machine.id() + ".json")), "the journal is left");
        assertEquals(List.of(), host.violations());
    }

    /** A process may die before any request, and the host never hears of it again. */
    record SteppedCim(Cim cim, Steps steps) implements Cim {
        @Override
        public String host() {
            return cim.host();
        }

        @Override
        public List<CimObject> query(String wql) throws IOException {
            alive();
            return cim.query(wql);
        }

        @Override
        public Optional<CimObject> find(CimPath path) throws IOException {
            alive();
            return cim.find(path);
        }

        @Override
        public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
            steps.step();
            CimFields output = cim.invoke(object, method, input);
            if (!method.equals("CreateSnapshot")) { // of that, a test of its own
                steps.step();
            }
            return output;
        }

        private void alive() {
            if (steps.isDead()) {
                throw new Steps.Crash();
            }
        }

        @Override
        public void close() throws IOException {
            cim.close();
        }
    }
}
