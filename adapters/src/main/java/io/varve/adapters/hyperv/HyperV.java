package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import io.varve.adapters.hyperv.cim.PatientCim;
import io.varve.adapters.hyperv.cim.Wql;
import io.varve.adapters.rct.ChangePage;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * The verbs of a backup, on one host. Nothing here decides anything: what is taken, kept or destroyed is up to the
 * caller. Threading: safe for several threads; one call at a time.
 *
 * <p>Source: Hyper-V WMI provider, namespace {@code root\virtualization\v2}.
 */
public final class HyperV implements Closeable {
    private static final String SNAPSHOTS = "Msvm_VirtualSystemSnapshotService";
    private static final String REFERENCE_POINTS = "Msvm_VirtualSystemReferencePointService";
    static final String MANAGEMENT = "Msvm_VirtualSystemManagementService";
    private static final String IMAGES = "Msvm_ImageManagementService";
    private static final String REALIZED = "Microsoft:Hyper-V:System:Realized";
    private static final String HARD_DISK = "Microsoft:Hyper-V:Virtual Hard Disk";
    private static final int HARD_DISK_TYPE = 31;
    static final String STORAGE = "Msvm_StorageAllocationSettingData";

    /** Not in the method's documentation; what Microsoft's samples and every product pass. */
    private static final int RECOVERY_SNAPSHOT = 32768;

    private static final int APPLICATION = 1;
    private static final int CRASH = 2;

    /** So that backups by the guest's own tools keep their log chains. */
    private static final int COPY_BACKUP = 2;

    private static final Duration FREEZING = Duration.ofMinutes(15);
    private static final Duration CONVERTING = Duration.ofMinutes(15);
    private static final Duration DESTROYING = Duration.ofMinutes(15);
    /** Long enough for terabytes. */
    private static final Duration EXPORTING = Duration.ofDays(2);

    /** Msvm_VirtualSystemExportSettingData: the configuration of one checkpoint, for a backup; chains are merged. */
    private static final int ONE_FOR_BACKUP = 3;

    private static final int MERGE = 1;
    private static final Duration ASKING = Duration.ofMinutes(5);

    /** Methods that change nothing, so they may be called again when no answer came. */
    private static final Set<String> QUESTIONS = Set.of(
            "GetVirtualHardDiskSettingData",
            "GetVirtualHardDiskState",
            "GetVirtualDiskChanges",
            "GetVHDSnapshotInformation",
            "GetErrorEx");

    /** Pauses between two looks at a job that are waited before a lost question is asked again. */
    private static final int PATIENCE = 5;

    private final Cim cim;
    private final HostJobs jobs;

    /**
     * @param cim taken over: closed with this
     * @param poll pause between two looks at a job
     */
    public HyperV(Cim cim, Duration poll) {
        this.cim = new PatientCim(cim, poll.multipliedBy(PATIENCE), QUESTIONS);
        this.jobs = new HostJobs(this.cim, poll);
    }

    /** The host's name, for messages. */
    public String host() {
        return cim.host();
    }

    /** For verbs that are elsewhere; one call at a time, so only while this is locked. */
    Cim cim() {
        return cim;
    }

    /** As {@link #cim}. */
    HostJobs jobs() {
        return jobs;
    }

    /** All machines of the host, by name. */
    public synchronized List<VirtualMachine> machines() throws IOException {
        Map<String, CimObject> systems = new HashMap<>();
        for (CimObject system : cim.query("SELECT * FROM Msvm_ComputerSystem")) {
            systems.put(system.fields().text("Name").toUpperCase(Locale.ROOT), system); // the host is one, too
        }
        List<VirtualMachine> machines = new ArrayList<>();
        for (CimObject settings : cim.query(
                "SELECT * FROM " + HostCheckpoint.CLASS + " WHERE VirtualSystemType=" + Wql.literal(REALIZED))) {
            UUID id = Ids.machine(settings.fields().text("VirtualSystemIdentifier"));
            CimObject system = systems.get(Ids.text(id));
            if (system != null) { // otherwise it was just removed, or is moving to another host
                machines.add(new VirtualMachine(
                        id,
                        settings.fields().text("ElementName"),
                        settings.fields().find("Version").orElse(""),
                        system.fields().number("EnabledState")));
            }
        }
        machines.sort(Comparator.comparing(VirtualMachine::name).thenComparing(VirtualMachine::id));
        return machines;
    }

    private Optional<CimObject> findSystem(UUID machine) throws IOException {
        return cim.query("SELECT * FROM Msvm_ComputerSystem WHERE Name=" + Wql.literal(Ids.text(machine))).stream()
                .findFirst();
    }

    CimPath system(UUID machine) throws IOException {
        return findSystem(machine)
                .orElseThrow(() -> new HyperVException(
                        0,
                        cim.host() + ": has no machine " + machine
                                + "; it may have moved to another host of its cluster"))
                .path();
    }

    /** @throws HyperVException when the machine is not on this host, so that nothing can be said of its objects */
    synchronized void checkHas(UUID machine) throws IOException {
        system(machine);
    }

    /** Called with a checkpoint as soon as the host names it. */
    @FunctionalInterface
    interface Learn {
        void learn(HostCheckpoint checkpoint) throws IOException;
    }

    private static boolean isRecoveryOf(UUID machine, CimObject object) throws CimException {
        return object.fields().find("VirtualSystemType").orElse("").equals(HostCheckpoint.RECOVERY)
                && object.fields().find("VirtualSystemIdentifier").orElse("").equalsIgnoreCase(Ids.text(machine));
    }

    /** Settings of the live machine and of each of its checkpoints. */
    List<CimObject> settingsOf(UUID machine) throws IOException {
        return cim.query("SELECT * FROM " + HostCheckpoint.CLASS + " WHERE VirtualSystemIdentifier="
                + Wql.literal(Ids.text(machine)));
    }

    /** All checkpoints of a machine, of users and of backups. */
    public synchronized List<HostCheckpoint> checkpoints(UUID machine) throws IOException {
        List<HostCheckpoint> checkpoints = new ArrayList<>();
        for (CimObject settings : settingsOf(machine)) {
            if (settings.fields().text("VirtualSystemType").startsWith(HostCheckpoint.ANY)) {
                checkpoints.add(HostCheckpoint.of(settings));
            }
        }
        return checkpoints;
    }

    /**
     * Freezes a machine. It runs on, and writes into new files.
     *
     * @param isConsistent whether the guest is to freeze its applications; otherwise the checkpoint is crash-consistent
     * @param learn told the checkpoint as soon as the host names it, so that it can be written down
     * @throws HostJobs.UnknownEndException when the checkpoint may exist
     */
    synchronized HostCheckpoint takeCheckpoint(UUID machine, boolean isConsistent, Learn learn) throws IOException {
        String settings = new EmbeddedInstance("Msvm_VirtualSystemSnapshotSettingData")
                .number("ConsistencyLevel", "uint8", isConsistent ? APPLICATION : CRASH)
                .number("GuestBackupType", "uint8", COPY_BACKUP)
                .flag("IgnoreNonSnapshottableDisks", true)
                .xml();
        CimFields input = CimFields.NONE
                .with("AffectedSystem", system(machine))
                .with("SnapshotSettings", settings)
                .with("SnapshotType", RECOVERY_SNAPSHOT);
        HostJobs.Expected expected = new HostJobs.Expected(
                HostCheckpoint.CLASS,
                object -> isRecoveryOf(machine, object),
                object -> learn.learn(HostCheckpoint.of(object)));
        HostJobs.Done done = jobs.call(
                jobs.service(SNAPSHOTS), "CreateSnapshot", input, HostJobs.Limit.of(FREEZING), Optional.of(expected));
        HostCheckpoint taken = HostCheckpoint.of(
                made(done, "ResultingSnapshot", HostCheckpoint.CLASS, object -> isRecoveryOf(machine, object)));
        if (!taken.machine().equals(machine) || !taken.isRecovery()) {
            throw CimException.answer(cim.host() + ": expected a recovery checkpoint of machine " + machine + ", found "
                    + taken.id() + " of machine " + taken.machine());
        }
        learn.learn(taken);
        return taken;
    }

    /** What a finished method made: in its output, or in what its job affected. */
    CimObject made(HostJobs.Done done, String output, String className, HostJobs.Test isIt) throws IOException {
        Optional<CimPath> path = done.output().reference(output);
        if (path.isPresent()) {
            return cim.find(path.get())
                    .orElseThrow(() -> CimException.answer(cim.host() + ": what was just created is gone: "
                            + path.get().relative()));
        }
        List<CimObject> made = done.job().isPresent() ? jobs.madeBy(done.job().get(), className, isIt) : List.of();
        if (made.size() != 1) {
            throw new HostJobs.UnknownEndException(
                    cim.host() + ": expected one " + className + " from a finished job, found " + made.size());
        }
        return made.get(0);
    }

    /** The virtual disks of a checkpoint, with their frozen files. */
    public synchronized List<CheckpointedDisk> disks(HostCheckpoint checkpoint) throws IOException {
        return disks(checkpoint.path());
    }

    /** The virtual disks of the live machine, with the files that it writes to. */
    public synchronized List<CheckpointedDisk> liveDisks(UUID machine) throws IOException {
        return disks(live(machine));
    }

    CimPath live(UUID machine) throws IOException {
        for (CimObject settings : settingsOf(machine)) {
            if (settings.fields().text("VirtualSystemType").equals(REALIZED)) {
                return settings.path();
            }
        }
        throw new HyperVException(0, cim.host() + ": has no machine " + machine);
    }

    List<CheckpointedDisk> disks(CimPath settings) throws IOException {
        List<CheckpointedDisk> disks = new ArrayList<>();
        for (CimObject row : hardDisks(settings)) {
            disks.add(CheckpointedDisk.of(row.fields()));
        }
        return disks;
    }

    /** The rows of virtual hard disks; images of discs share the class. */
    List<CimObject> hardDisks(CimPath settings) throws IOException {
        List<CimObject> rows = new ArrayList<>();
        for (CimObject row : components(settings, STORAGE)) {
            if (row.fields().number("ResourceType") == HARD_DISK_TYPE
                    && row.fields().text("ResourceSubType").equals(HARD_DISK)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<CimObject> components(CimPath settings, String resultClass) throws IOException {
        return cim.query("ASSOCIATORS OF {" + settings.relative()
                + "} WHERE AssocClass=Msvm_VirtualSystemSettingDataComponent ResultClass=" + resultClass);
    }

    /** Disks of a checkpoint that a backup cannot include: pass-through disks, by their names. */
    public synchronized List<String> excluded(HostCheckpoint checkpoint) throws IOException {
        return passThrough(checkpoint.path());
    }

    /** Pass-through disks of the live machine, by their names. */
    synchronized List<String> passThrough(UUID machine) throws IOException {
        return passThrough(live(machine));
    }

    private List<String> passThrough(CimPath settings) throws IOException {
        List<String> names = new ArrayList<>();
        for (CimObject row : components(settings, "Msvm_ResourceAllocationSettingData")) {
            if (row.fields().find("ResourceSubType").orElse("").equals("Microsoft:Hyper-V:Physical Disk Drive")) {
                names.add(row.fields().find("ElementName").orElse(row.fields().text("InstanceID")));
            }
        }
        return names;
    }

    /** What the host says of a disk file. */
    public synchronized DiskSettings settings(String file) throws IOException {
        HostJobs.Done done = jobs.call(
                jobs.service(IMAGES), "GetVirtualHardDiskSettingData", CimFields.NONE.with("Path", file), ASKING);
        return DiskSettings.of(EmbeddedInstance.parse(done.output().text("SettingData")));
    }

    /**
     * Asks once what changed on a frozen disk.
     *
     * @param file path on the host of the frozen file
     * @param since change id of an earlier reference point
     */
    public ChangePage changes(String file, String since, long offset, long length) throws IOException {
        return changes(new CheckpointedDisk("", file), since, offset, length);
    }

    /** As {@link #changes(String, String, long, long)}, also of a VHD set. */
    synchronized ChangePage changes(CheckpointedDisk disk, String since, long offset, long length) throws IOException {
        String file = disk.named();
        CimFields input = CimFields.NONE
                .with("Path", file)
                .with("LimitId", since)
                .with(
                        "TargetSnapshotId",
                        disk.set().isPresent() ? disk.snapshotId().orElse(null) : null)
                .with("ByteOffset", offset)
                .with("ByteLength", length);
        CimFields output = jobs.call(jobs.service(IMAGES), "GetVirtualDiskChanges", input, ASKING)
                .output();
        List<Long> offsets = output.numbers("ChangedByteOffsets");
        List<Long> lengths = output.numbers("ChangedByteLengths");
        if (offsets.size() != lengths.size()) {
            throw CimException.answer(cim.host() + ": " + file + ": a change list of " + offsets.size()
                    + " offsets and " + lengths.size() + " lengths");
        }
        List<ChangePage.Told> ranges = new ArrayList<>();
        for (int i = 0; i < offsets.size(); i++) {
            ranges.add(new ChangePage.Told(offsets.get(i), lengths.get(i)));
        }
        return new ChangePage(ranges, output.number("ProcessedByteLength"));
    }

    /** The file that holds the frozen state of a VHD set. */
    synchronized CheckpointedDisk frozenSet(CheckpointedDisk disk) throws IOException {
        String id = disk.snapshotId()
                .orElseThrow(() ->
                        CimException.answer(cim.host() + ": the checkpoint has no snapshot of VHD set " + disk.file()));
        CimFields input = CimFields.NONE
                .with("VHDSetPath", disk.file())
                .withTexts("SnapshotIds", List.of(id))
                .withTexts("AdditionalInformation", List.of());
        List<String> found = jobs.call(jobs.service(IMAGES), "GetVHDSnapshotInformation", input, ASKING)
                .output()
                .texts("SnapshotInformation");
        if (found.size() != 1) {
            throw CimException.answer(cim.host() + ": VHD set " + disk.file() + ": expected one snapshot " + id
                    + ", found " + found.size());
        }
        return disk.frozenIn(EmbeddedInstance.parse(found.get(0)).text("SnapshotPath"));
    }

    /** Bytes that a disk file takes on the host's volume. */
    synchronized long fileSize(String file) throws IOException {
        CimFields output = jobs.call(
                        jobs.service(IMAGES), "GetVirtualHardDiskState", CimFields.NONE.with("Path", file), ASKING)
                .output();
        return EmbeddedInstance.parse(output.text("State")).number("FileSize");
    }

    /**
     * Writes a checkpoint's disks and configuration into a folder.
     *
     * @param base writes only what changed since, as differencing disks; everything without it
     * @param folder path on the host of an empty folder
     * @param stop whether the operator wants it stopped
     * @param started told the job, as soon as the host names it
     * @throws HostJobs.UnknownEndException when the host may still be writing
     */
    synchronized void export(
            HostCheckpoint checkpoint,
            Optional<ReferencePoint> base,
            String folder,
            BooleanSupplier stop,
            HostJobs.Started started)
            throws IOException {
        EmbeddedInstance settings = new EmbeddedInstance("Msvm_VirtualSystemExportSettingData")
                .number("CopySnapshotConfiguration", "uint8", ONE_FOR_BACKUP)
                .text("SnapshotVirtualSystem", checkpoint.path().text(cim.host()))
                .number("BackupIntent", "uint8", MERGE)
                // Without the disks, Hyper-V stops merging the machine's files until somebody tells it to go on.
                .flag("CopyVmStorage", true)
                .flag("CopyVmRuntimeInformation", true)
                .flag("CreateVmExportSubdirectory", false);
        if (base.isPresent()) {
            settings.text("DifferentialBackupBase", base.get().path().text(cim.host()));
        }
        CimFields input = CimFields.NONE
                .with("ComputerSystem", system(checkpoint.machine()))
                .with("ExportDirectory", folder)
                .with("ExportSettingData", settings.xml());
        jobs.call(
                jobs.service(MANAGEMENT),
                "ExportSystemDefinition",
                input,
                new HostJobs.Limit(EXPORTING, stop, started),
                Optional.empty());
    }

    /**
     * Stops a job that an earlier process started, and waits for its end.
     *
     * @return whether it was still running
     * @throws HostJobs.UnknownEndException when it does not end
     */
    synchronized boolean stop(String job) throws IOException {
        return jobs.stop(CimPath.of("Msvm_ConcreteJob", "InstanceID", job));
    }

    /** All reference points of a machine, whoever made them. */
    public synchronized List<ReferencePoint> referencePoints(UUID machine) throws IOException {
        List<ReferencePoint> points = new ArrayList<>();
        for (CimObject point : cim.query("SELECT * FROM " + ReferencePoint.CLASS + " WHERE VirtualSystemIdentifier="
                + Wql.literal(Ids.text(machine)))) {
            points.add(ReferencePoint.of(point));
        }
        return points;
    }

    /**
     * Converts a checkpoint to a reference point for change tracking. The frozen disks are gone then.
     *
     * @throws HostJobs.UnknownEndException when the reference point may exist
     */
    public synchronized ReferencePoint convert(HostCheckpoint checkpoint) throws IOException {
        CimFields input = CimFields.NONE.with("AffectedSnapshot", checkpoint.path());
        HostJobs.Done done = jobs.call(jobs.service(SNAPSHOTS), "ConvertToReferencePoint", input, CONVERTING);
        ReferencePoint point =
                ReferencePoint.of(made(done, "ResultingReferencePoint", ReferencePoint.CLASS, object -> true));
        if (!point.machine().equals(checkpoint.machine())) {
            throw CimException.answer(cim.host() + ": expected a reference point of machine " + checkpoint.machine()
                    + ", found one of machine " + point.machine());
        }
        return point;
    }

    /**
     * Destroys a checkpoint; one that was taken in a group, with all others of the group. The host merges its files in
     * the background.
     */
    public synchronized void destroy(HostCheckpoint checkpoint) throws IOException {
        HostCollections collections = new HostCollections(this);
        Optional<CimPath> together = collections.around(checkpoint);
        try {
            if (together.isPresent()) {
                collections.destroyCheckpoints(together.get());
            } else {
                CimFields input = CimFields.NONE.with("AffectedSnapshot", checkpoint.path());
                jobs.call(jobs.service(SNAPSHOTS), "DestroySnapshot", input, DESTROYING);
            }
        } catch (HyperVException e) {
            boolean isThere = checkpoints(checkpoint.machine()).stream()
                    .anyMatch(found -> found.id().equals(checkpoint.id()));
            if (isThere) {
                throw e; // otherwise another member of its group was faster
            }
        }
    }

    /** Removes a reference point. */
    public synchronized void destroy(ReferencePoint point) throws IOException {
        CimFields input = CimFields.NONE.with("AffectedReferencePoint", point.path());
        jobs.call(jobs.service(REFERENCE_POINTS), "DestroyReferencePoint", input, DESTROYING);
    }

    /** A pause as between two looks at a job, for whoever waits for something at the host. */
    void pause() throws IOException {
        jobs.pause();
    }

    /** A pause before the host is asked again for what it refused for the moment. */
    void pause(Duration length) throws IOException {
        jobs.pause(length);
    }

    @Override
    public synchronized void close() throws IOException {
        cim.close();
    }
}
