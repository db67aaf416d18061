package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** The methods of the host's services. What takes time is a job that is done when it was looked at twice. */
final class HostMethods {
    private static final int JOB = 4096;
    private static final int INVALID_PARAMETER = 32773;
    private static final int RUNNING = 4;
    private static final int COMPLETED = 7;
    private static final int EXCEPTION = 10;

    private static final class Job {
        private final List<CimObject> affected = new ArrayList<>();
        private long error;
        private String message = "Der Vorgang ist fehlgeschlagen.";
        private int looks;
        private boolean isLost;
        private boolean isHanging;
    }

    /** A job that fails, with the host's words. */
    static final class JobFailed extends IOException {
        private static final long serialVersionUID = 1L;

        private final long code;

        JobFailed(long code, String message) {
            super(message);
            this.code = code;
        }
    }

    @FunctionalInterface
    interface Work {
        Optional<CimObject> run() throws IOException;
    }

    private final StandInHost host;
    private final HostExport export;
    private final HostImport importing;
    private final HostGroups groups;
    private final HostMaking making;
    private final Map<String, Job> jobs = new HashMap<>();

    HostMethods(StandInHost host) {
        this.host = host;
        this.export = new HostExport(host);
        this.importing = new HostImport(host);
        this.groups = new HostGroups(host, this);
        this.making = new HostMaking(host, this);
    }

    HostGroups groups() {
        return groups;
    }

    HostImport importing() {
        return importing;
    }

    CimFields call(CimPath path, String method, CimFields input) throws IOException {
        OptionalLong refused = host.faults().returnValue(method);
        if (refused.isPresent()) {
            return CimFields.NONE.with("ReturnValue", refused.getAsLong());
        }
        if (path.className().startsWith("Msvm_Collection")) {
            return groups.call(method, input);
        }
        return switch (method) {
            case "CreateSnapshot" -> createSnapshot(input);
            case "ConvertToReferencePoint" -> convert(input);
            case "DestroySnapshot" -> destroySnapshot(input);
            case "DestroyReferencePoint" -> destroyPoint(input);
            case "GetVirtualHardDiskSettingData" -> settingData(input);
            case "GetVirtualDiskChanges" -> changes(input);
            case "GetVirtualHardDiskState" -> state(input);
            case "ExportSystemDefinition" -> export(input);
            case "ImportSystemDefinition" -> job(method, importing.read(input));
            case "ModifyResourceSettings" -> job(method, importing.modify(input));
            case "ValidatePlannedSystem" -> job(method, importing.validate(input));
            case "RealizePlannedSystem" -> job(method, importing.realize(input));
            case "DestroySystem" -> job(method, importing.destroy(input));
            case "DefineSystem" -> making.define(input);
            case "CreateVirtualHardDisk" -> making.makeDisk(input);
            case "AddResourceSettings" -> making.add(input);
            case "GetErrorEx" -> errors(path);
            case "GetVHDSnapshotInformation" -> setSnapshot(input);
            case "RequestStateChange" -> stop(path);
            default -> throw new IOException("no method " + method);
        };
    }

    private CimFields stop(CimPath path) {
        Job job = jobs.get(path.key("InstanceID"));
        if (job.isHanging) {
            job.isHanging = false;
            job.error = 0x80004004L;
        }
        return CimFields.NONE.with("ReturnValue", 0);
    }

    private CimFields setSnapshot(CimFields input) throws IOException {
        String id = input.texts("SnapshotIds").get(0);
        for (StandInMachine machine : host.machines.values()) {
            for (StandInDisk disk : machine.disks) {
                for (StandInDisk.Layer layer : disk.layers) {
                    if (StandInDisk.snapshotId(layer).equals(id)) {
                        String found = new EmbeddedInstance("Msvm_VHDSnapshotInformation")
                                .text("FilePath", input.text("VHDSetPath"))
                                .text("SnapshotId", id)
                                .text("SnapshotPath", host.hostPath(layer.file))
                                .xml();
                        host.violated(host.schema.faults("Msvm_VHDSnapshotInformation", EmbeddedInstance.parse(found)));
                        return CimFields.NONE.with("ReturnValue", 0).withTexts("SnapshotInformation", List.of(found));
                    }
                }
            }
        }
        return CimFields.NONE.with("ReturnValue", 32779);
    }

    CimFields job(String method, Work work) throws IOException {
        Job job = new Job();
        OptionalLong error = host.faults().jobError(method);
        if (error.isPresent()) {
            job.error = error.getAsLong();
        } else {
            try {
                work.run().ifPresent(job.affected::add);
                job.isLost = host.faults().isLost(method);
                job.isHanging = host.faults().hangs(method);
            } catch (JobFailed e) {
                job.error = e.code;
                job.message = e.getMessage();
            }
        }
        String id = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
        jobs.put(id, job);
        return CimFields.NONE.with("ReturnValue", JOB).with("Job", CimPath.of("Msvm_ConcreteJob", "InstanceID", id));
    }

    Optional<CimObject> look(CimPath path) {
        Job job = jobs.get(path.key("InstanceID"));
        if (job == null || job.isLost) {
            return Optional.empty();
        }
        int state = ++job.looks < 2 || job.isHanging ? RUNNING : job.error == 0 ? COMPLETED : EXCEPTION;
        CimFields fields = CimFields.NONE
                .with("InstanceID", path.key("InstanceID"))
                .with("JobState", state)
                .with("PercentComplete", Math.min(100, job.looks * 50L))
                .with("ErrorCode", state == EXCEPTION ? 32768 : 0);
        return Optional.of(new CimObject(path, fields));
    }

    private CimFields errors(CimPath path) {
        Job job = jobs.get(path.key("InstanceID"));
        String message = String.format(Locale.ROOT, "%s (0x%08X)", job.message, job.error);
        String error =
                new EmbeddedInstance("Msvm_Error").text("Message", message).xml();
        return CimFields.NONE.with("ReturnValue", 0).withTexts("Errors", List.of(error));
    }

    List<CimObject> affected(CimPath path) {
        return List.copyOf(jobs.get(path.key("InstanceID")).affected);
    }

    private CimFields createSnapshot(CimFields input) throws IOException {
        CimFields settings = EmbeddedInstance.parse(input.text("SnapshotSettings"));
        host.violated(host.schema.faults("Msvm_VirtualSystemSnapshotSettingData", settings));
        StandInMachine machine = host.machines.get(
                UUID.fromString(input.reference("AffectedSystem").orElseThrow().key("Name")));
        if (input.number("SnapshotType") != 32768 || machine == null) {
            return CimFields.NONE.with("ReturnValue", INVALID_PARAMETER);
        }
        if (!machine.toMerge.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", 32774); // its files are still merged, or never will be
        }
        int consistency = host.faults().neverFreezesGuests() ? 2 : (int) settings.number("ConsistencyLevel");
        return job("CreateSnapshot", () -> {
            StandInMachine.Snapshot snapshot = machine.freeze(true, consistency);
            return Optional.of(host.settings(machine, snapshot.id(), "Snapshot:Recovery"));
        });
    }

    private record Owned(StandInMachine machine, StandInMachine.Snapshot snapshot) {}

    private Optional<Owned> snapshot(CimFields input) throws IOException {
        String id = input.reference("AffectedSnapshot").orElseThrow().key("InstanceID");
        for (StandInMachine machine : host.machines.values()) {
            for (StandInMachine.Snapshot snapshot : machine.snapshots) {
                if (StandInHost.instanceId(snapshot.id()).equals(id)) {
                    return Optional.of(new Owned(machine, snapshot));
                }
            }
        }
        return Optional.empty();
    }

    private CimFields convert(CimFields input) throws IOException {
        Optional<Owned> found = snapshot(input);
        if (found.isEmpty() || !found.get().snapshot().isRecovery()) {
            return CimFields.NONE.with("ReturnValue", 4);
        }
        StandInMachine machine = found.get().machine();
        StandInMachine.Snapshot snapshot = found.get().snapshot();
        return job("ConvertToReferencePoint", () -> {
            StandInMachine.Point point = point(machine, snapshot.id(), snapshot.consistency(), snapshot.moments()::get);
            remove(machine, snapshot);
            return Optional.of(host.pointRow(machine, point));
        });
    }

    StandInMachine.Point point(
            StandInMachine machine, UUID owner, int consistency, ToLongFunction<StandInDisk> moment) {
        List<String> disks = new ArrayList<>();
        List<String> changeIds = new ArrayList<>();
        for (StandInDisk disk : machine.disks) {
            disks.add(StandInHost.diskId(owner, disk));
            changeIds.add(disk.name(moment.applyAsLong(disk)));
        }
        String id = "Microsoft:" + StandInHost.text(machine.id) + "\\" + UUID.randomUUID();
        StandInMachine.Point point = new StandInMachine.Point(id, disks, changeIds, consistency);
        machine.points.add(point);
        return point;
    }

    private static void remove(StandInMachine machine, StandInMachine.Snapshot snapshot) {
        machine.snapshots.remove(snapshot);
        machine.toMerge.addAll(snapshot.frozen().values());
    }

    private CimFields destroySnapshot(CimFields input) throws IOException {
        Optional<Owned> found = snapshot(input);
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", 4);
        }
        if (groups.isTogether(found.get().snapshot())) {
            return CimFields.NONE.with("ReturnValue", 5); // assumed
        }
        return job("DestroySnapshot", () -> {
            remove(found.get().machine(), found.get().snapshot());
            return Optional.empty();
        });
    }

    private CimFields destroyPoint(CimFields input) throws IOException {
        String id = input.reference("AffectedReferencePoint").orElseThrow().key("InstanceID");
        return job("DestroyReferencePoint", () -> {
            host.machines
                    .values()
                    .forEach(machine -> machine.points.removeIf(
                            point -> !host.faults().leaksPoints() && point.id().equals(id)));
            return Optional.empty();
        });
    }

    private record Placed(StandInMachine machine, StandInDisk disk, StandInDisk.Layer layer) {}

    private Optional<Placed> at(String path) {
        for (StandInMachine machine : host.machines.values()) {
            for (StandInDisk disk : machine.disks) {
                if (disk.set()
                        .filter(file -> host.hostPath(file).equalsIgnoreCase(path))
                        .isPresent()) {
                    return Optional.of(new Placed(machine, disk, disk.leaf()));
                }
                for (StandInDisk.Layer layer : disk.layers) {
                    if (host.hostPath(layer.file).equalsIgnoreCase(path)) {
                        return Optional.of(new Placed(machine, disk, layer));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private CimFields settingData(CimFields input) throws IOException {
        Optional<Placed> found = at(input.text("Path"));
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", 32779);
        }
        StandInDisk disk = found.get().disk();
        int depth = disk.layers.indexOf(found.get().layer());
        EmbeddedInstance data = new EmbeddedInstance("Msvm_VirtualHardDiskSettingData")
                .text("Path", input.text("Path"))
                .number("Format", "uint16", disk.isSet() ? 4 : 3)
                .number("Type", "uint16", depth == 0 ? 3 : 4)
                .number("MaxInternalSize", "uint64", disk.size())
                .text("VirtualDiskId", StandInHost.text(disk.id));
        if (depth > 0) {
            data.text("ParentPath", host.hostPath(disk.layers.get(depth - 1).file));
        }
        host.violated(host.schema.faults("Msvm_VirtualHardDiskSettingData", EmbeddedInstance.parse(data.xml())));
        return CimFields.NONE.with("ReturnValue", 0).with("SettingData", data.xml());
    }

    private CimFields state(CimFields input) throws IOException {
        Optional<Placed> found = at(input.text("Path"));
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", 32779);
        }
        String state = new EmbeddedInstance("Msvm_VirtualHardDiskState")
                .number("FileSize", "uint64", Files.size(found.get().layer().file))
                .flag("InUse", true)
                .xml();
        host.violated(host.schema.faults("Msvm_VirtualHardDiskState", EmbeddedInstance.parse(state)));
        return CimFields.NONE.with("ReturnValue", 0).with("State", state);
    }

    private CimFields export(CimFields input) throws IOException {
        Optional<Work> work = export.prepare(input);
        return work.isEmpty()
                ? CimFields.NONE.with("ReturnValue", INVALID_PARAMETER)
                : job("ExportSystemDefinition", work.get());
    }

    private CimFields changes(CimFields input) throws IOException {
        Optional<Placed> found = at(input.text("Path"));
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", 32779);
        }
        StandInDisk disk = found.get().disk();
        String since = input.text("LimitId");
        if (!disk.knows(since)) {
            host.faults().failJob("GetVirtualDiskChanges", disk.hasForgotten() ? 0xC03A002AL : 0xC03A0030L, 1);
            return job("GetVirtualDiskChanges", Optional::empty);
        }
        Optional<String> target = input.find("TargetSnapshotId");
        StandInDisk.Layer layer = target.isEmpty()
                ? found.get().layer()
                : disk.layers.stream()
                        .filter(each -> StandInDisk.snapshotId(each).equals(target.get()))
                        .findFirst()
                        .orElseThrow();
        long until = found.get().machine().snapshots.stream()
                .filter(snapshot -> snapshot.frozen().get(disk) == layer)
                .mapToLong(snapshot -> snapshot.moments().get(disk))
                .findFirst()
                .orElse(disk.moment());
        RangeSet changed = disk.changes(since, until);
        if (host.faults().omitsFromLists() && !changed.isEmpty()) {
            changed = changed.minus(RangeSet.of(changed.get(0)));
        }
        return page(changed, input.number("ByteOffset"), input.number("ByteLength"));
    }

    private CimFields page(RangeSet changed, long offset, long length) {
        if (host.faults().stalls()) {
            return CimFields.NONE.with("ReturnValue", 0).with("ProcessedByteLength", 0);
        }
        List<String> offsets = new ArrayList<>();
        List<String> lengths = new ArrayList<>();
        long processed = length;
        for (Range range : changed.intersect(RangeSet.of(new Range(offset, length)))) {
            if (offsets.size() == host.faults().rangesPerAnswer()) {
                processed = range.offset() - offset;
                break;
            }
            offsets.add(Long.toString(range.offset()));
            lengths.add(Long.toString(range.length()));
        }
        CimFields output = CimFields.NONE.with("ReturnValue", 0).with("ProcessedByteLength", processed);
        return offsets.isEmpty()
                ? output
                : output.withTexts("ChangedByteOffsets", offsets).withTexts("ChangedByteLengths", lengths);
    }
}
