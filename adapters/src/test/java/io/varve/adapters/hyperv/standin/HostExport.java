package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * ExportSystemDefinition of a recovery checkpoint: real VHDX files, and differencing ones against a reference point.
 * That the host wants an empty folder, writes a whole file for a disk that the base does not know, and how it names
 * files is assumed.
 */
final class HostExport {
    private static final int BLOCK = 1 << 20;
    private static final int ONE_FOR_BACKUP = 3;

    private final StandInHost host;

    HostExport(StandInHost host) {
        this.host = host;
    }

    /** What is to be exported. */
    private record Wanted(
            StandInMachine machine,
            StandInMachine.Snapshot snapshot,
            Optional<StandInMachine.Point> base,
            Path folder) {}

    /** @return the work; empty for parameters that the host refuses */
    Optional<HostMethods.Work> prepare(CimFields input) throws IOException {
        CimFields settings = EmbeddedInstance.parse(input.text("ExportSettingData"));
        host.violated(host.schema.faults("Msvm_VirtualSystemExportSettingData", settings));
        StandInMachine machine = host.machines.get(
                UUID.fromString(input.reference("ComputerSystem").orElseThrow().key("Name")));
        Path folder = host.here(input.text("ExportDirectory"));
        if (machine == null
                || settings.number("CopySnapshotConfiguration") != ONE_FOR_BACKUP
                || !settings.flag("CopyVmStorage")
                || !Files.isDirectory(folder)
                || !isEmpty(folder)) {
            return Optional.empty();
        }
        CimPath snapshotPath = path(settings.text("SnapshotVirtualSystem"));
        Optional<StandInMachine.Snapshot> snapshot = machine.snapshots.stream()
                .filter(each -> StandInHost.instanceId(each.id()).equals(snapshotPath.key("InstanceID")))
                .findFirst();
        Optional<StandInMachine.Point> base = Optional.empty();
        Optional<String> wanted = settings.find("DifferentialBackupBase");
        if (wanted.isPresent()) {
            String id = path(wanted.get()).key("InstanceID");
            base = machine.points.stream()
                    .filter(point -> point.id().equals(id))
                    .findFirst();
        }
        if (snapshot.isEmpty() || wanted.isPresent() && base.isEmpty()) {
            return Optional.empty();
        }
        Wanted all = new Wanted(machine, snapshot.get(), base, folder);
        return Optional.of(() -> {
            write(all);
            return Optional.empty();
        });
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.findFirst().isEmpty();
        }
    }

    private CimPath path(String text) throws IOException {
        String prefix = ":";
        int colon = text.indexOf(prefix);
        if (!text.startsWith("\\\\") || !text.substring(0, colon).endsWith("\\root\\virtualization\\v2")) {
            throw new IOException("no object path: " + text);
        }
        return StandInHost.path(text.substring(colon + 1));
    }

    private void write(Wanted wanted) throws IOException {
        Path machines = Files.createDirectories(wanted.folder().resolve("Virtual Machines"));
        String id = StandInHost.text(wanted.machine().id);
        Files.writeString(machines.resolve(id + ".vmcx"), "exported configuration of " + wanted.machine().name);
        Files.writeString(machines.resolve(id + ".vmrs"), "exported runtime state of " + wanted.machine().name);
        Path disks = Files.createDirectories(wanted.folder().resolve("Virtual Hard Disks"));
        for (StandInDisk disk : wanted.machine().disks) {
            byte[] content = wanted.snapshot().contents().get(disk);
            if (content == null) {
                continue; // added since
            }
            Optional<String> since = wanted.base()
                    .flatMap(point -> StandInMachine.changeId(point, disk))
                    .filter(disk::knows);
            NewVhdx shape = NewVhdx.ofSize(content.length)
                    .withBlockSize(BLOCK)
                    .withDiskId(disk.id)
                    .withDataWriteGuid(UUID.randomUUID());
            String stem = "disk" + disk.place;
            if (since.isEmpty()) {
                try (DiskTarget target = VhdxTarget.create(disks.resolve(stem + ".vhdx"), shape, true)) {
                    target.write(0, ByteBuffer.wrap(content));
                    target.commit();
                }
                continue;
            }
            RangeSet changed =
                    disk.changes(since.get(), wanted.snapshot().moments().get(disk));
            Path file = disks.resolve(stem + ".avhdx");
            NewVhdx child = shape.asChildOf(NewParent.at(disk.layers.get(0).file, file, UUID.randomUUID()));
            try (DiskTarget target = VhdxDifferenceTarget.create(file, child, true)) {
                boolean omit = host.faults().omitsFromExport();
                for (Range range : changed) {
                    if (omit) {
                        omit = false;
                        continue;
                    }
                    target.write(range.offset(), ByteBuffer.wrap(content, (int) range.offset(), (int) range.length()));
                }
                target.commit();
            }
        }
    }
}
