package io.varve.adapters.vss.worker;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.ShadowVolume;
import io.varve.adapters.windows.Guids;
import io.varve.adapters.windows.Wide;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One attempt at one backup: an {@code IVssBackupComponents}, never reused. Its methods are called in the order in
 * which they stand here, all by one thread; {@link #close} undoes what is not finished.
 */
final class Session implements AutoCloseable {
    private static final int MOST_VOLUMES = 64;
    private static final int SLICE_MILLIS = 1000;
    private static final int CANCEL_MILLIS = 30_000;
    static final int FIRST_FAILED_STATE = 6;
    private static final UUID ANY_PROVIDER = new UUID(0, 0);

    private final Windows windows;
    private final Waiting waiting;
    private final ComObject components;
    private final List<UUID> snapshots = new ArrayList<>();
    private UUID set = ANY_PROVIDER;
    private boolean mustAbort; // once prepared, the writer waits to hear how it ended

    Session(Windows windows, Waiting waiting) throws IOException {
        this.windows = windows;
        this.waiting = waiting;
        this.components = windows.newBackupComponents();
    }

    /** Asks the Hyper-V writer, and no other, for its machines. */
    List<Component> machines() throws IOException {
        components.invoke("InitializeForBackup", VssAbi.INITIALIZE_FOR_BACKUP, (Object) null);
        components.invoke("SetContext", VssAbi.SET_CONTEXT, VssAbi.CONTEXT_BACKUP);
        components.invoke(
                "SetBackupState", VssAbi.SET_BACKUP_STATE, (byte) 1, (byte) 0, VssAbi.BACKUP_TYPE_COPY, (byte) 0);
        components.invoke("EnableWriterClasses", VssAbi.ENABLE_WRITER_CLASSES, Guids.of(VssAbi.HYPERV_WRITER), 1);
        await("GatherWriterMetadata", VssAbi.GATHER_WRITER_METADATA);
        try {
            return new HyperVWriter(windows, components).machines();
        } finally {
            components.call(VssAbi.FREE_WRITER_METADATA);
        }
    }

    /**
     * Takes a shadow copy of every volume with files of a machine.
     *
     * @param component one of {@link #machines}
     */
    List<ShadowVolume> freeze(Component component) throws IOException {
        Map<String, Volume> byMountPath = new LinkedHashMap<>();
        for (FileSpec file : component.machine().files()) {
            waiting.check("finding the machine's volumes");
            Volume volume = Volume.of(file.folder(), windows.volumes());
            byMountPath.put(volume.mountPath(), volume);
        }
        components.invoke(
                "AddComponent",
                VssAbi.ADD_COMPONENT,
                Guids.of(component.instance()),
                Guids.of(VssAbi.HYPERV_WRITER),
                component.type(),
                component.logicalPath().map(Wide::of).orElse(null),
                Wide.of(component.name()));
        startSet();
        Map<String, UUID> byName = new LinkedHashMap<>();
        for (Volume volume : byMountPath.values()) {
            if (!byName.containsKey(volume.name())) { // a volume that is mounted twice is added once
                byName.put(volume.name(), add(volume));
            }
        }
        if (byName.isEmpty() || byName.size() > MOST_VOLUMES) {
            throw new VssException(
                    "expected the machine's files on 1 to " + MOST_VOLUMES + " volumes, found " + byName.size(),
                    VssError.Outcome.FAIL);
        }
        mustAbort = true;
        await("PrepareForBackup", VssAbi.PREPARE_FOR_BACKUP);
        checkWriter("PrepareForBackup");
        await("DoSnapshotSet", VssAbi.DO_SNAPSHOT_SET);
        checkWriter("DoSnapshotSet");
        Map<String, String> devices = new LinkedHashMap<>();
        for (Map.Entry<String, UUID> snapshot : byName.entrySet()) {
            devices.put(snapshot.getKey(), device(snapshot.getValue()));
            snapshots.add(snapshot.getValue());
        }
        List<ShadowVolume> volumes = new ArrayList<>();
        for (Volume volume : byMountPath.values()) {
            volumes.add(new ShadowVolume(volume.mountPath(), devices.get(volume.name())));
        }
        return volumes;
    }

    /** There is one set on a host at a time; the others wait. */
    private void startSet() throws IOException {
        Memory id = new Memory(Guids.SIZE);
        while (true) {
            int code = components.call(VssAbi.START_SNAPSHOT_SET, id);
            if (code >= 0) {
                set = Guids.read(id, 0);
                return;
            }
            VssException failure = new VssException("StartSnapshotSet", code);
            if (failure.outcome() != VssError.Outcome.WAIT) {
                throw failure;
            }
            waiting.second("another program is taking a shadow copy; waiting");
        }
    }

    private UUID add(Volume volume) throws IOException {
        Memory name = Wide.of(volume.name());
        IntByReference supported = new IntByReference();
        components.invoke("IsVolumeSupported", VssAbi.IS_VOLUME_SUPPORTED, Guids.of(ANY_PROVIDER), name, supported);
        if (supported.getValue() == 0) {
            throw new VssException(
                    volume.mountPath() + ": " + VssError.VOLUME_NOT_SUPPORTED.meaning(), VssError.Outcome.FAIL);
        }
        Memory snapshot = new Memory(Guids.SIZE);
        components.invoke(
                "AddToSnapshotSet of " + volume.mountPath(),
                VssAbi.ADD_TO_SNAPSHOT_SET,
                name,
                Guids.of(ANY_PROVIDER),
                snapshot);
        return Guids.read(snapshot, 0);
    }

    private String device(UUID snapshot) throws IOException {
        Memory properties = new Memory(VssAbi.SNAPSHOT_SIZE);
        properties.clear();
        components.invoke("GetSnapshotProperties", VssAbi.GET_SNAPSHOT_PROPERTIES, Guids.of(snapshot), properties);
        try {
            Pointer device = properties.getPointer(VssAbi.SNAPSHOT_DEVICE);
            int state = properties.getInt(VssAbi.SNAPSHOT_STATE);
            if (device == null || state != VssAbi.STATE_CREATED) {
                throw new VssException(
                        "expected a shadow copy in state " + VssAbi.STATE_CREATED + ", found state " + state,
                        VssError.Outcome.FAIL);
            }
            return Wide.read(device, 0, 1 << 16);
        } finally {
            windows.freeSnapshotProperties(properties);
        }
    }

    /** @throws VssException when a shadow copy is gone, so that what was read from it is void */
    void checkShadowCopies() throws IOException {
        for (UUID snapshot : snapshots) {
            device(snapshot);
        }
    }

    /** Tells the writer that the backup succeeded, and deletes the shadow copies; all of it, also after a failure. */
    void finish(Component component) throws IOException {
        VssException first = null;
        try {
            components.invoke(
                    "SetBackupSucceeded",
                    VssAbi.SET_BACKUP_SUCCEEDED,
                    Guids.of(component.instance()),
                    Guids.of(VssAbi.HYPERV_WRITER),
                    component.type(),
                    component.logicalPath().map(Wide::of).orElse(null),
                    Wide.of(component.name()),
                    (byte) 1);
        } catch (VssException e) {
            first = e;
        }
        try {
            await("BackupComplete", VssAbi.BACKUP_COMPLETE);
            mustAbort = false; // after BackupComplete never AbortBackup, nor the other way round
            checkWriter("BackupComplete");
        } catch (VssException e) {
            first = first == null ? e : first;
        }
        IntByReference deleted = new IntByReference();
        int code = components.call(
                VssAbi.DELETE_SNAPSHOTS, Guids.of(set), VssAbi.OBJECT_SNAPSHOT_SET, 1, deleted, new Memory(Guids.SIZE));
        if (code < 0 && first == null) {
            first = new VssException("DeleteSnapshots", code);
        }
        if (first != null) {
            throw first;
        }
    }

    /** Fails when the Hyper-V writer failed in {@code step}. */
    private void checkWriter(String step) throws IOException {
        await("GatherWriterStatus", VssAbi.GATHER_WRITER_STATUS);
        try {
            IntByReference count = new IntByReference();
            components.invoke("GetWriterStatusCount", VssAbi.GET_WRITER_STATUS_COUNT, count);
            for (int i = 0; i < count.getValue(); i++) {
                Memory writer = new Memory(Guids.SIZE);
                PointerByReference name = new PointerByReference();
                IntByReference state = new IntByReference();
                IntByReference failure = new IntByReference();
                components.invoke(
                        "GetWriterStatus",
                        VssAbi.GET_WRITER_STATUS,
                        i,
                        new Memory(Guids.SIZE),
                        writer,
                        name,
                        state,
                        failure);
                windows.take(name);
                if (Guids.read(writer, 0).equals(VssAbi.HYPERV_WRITER)) {
                    if (failure.getValue() < 0) {
                        throw new VssException(step + ", Hyper-V writer", failure.getValue());
                    }
                    if (state.getValue() >= FIRST_FAILED_STATE) {
                        throw new VssException(
                                step + ": the Hyper-V writer is in the failed state " + state.getValue(),
                                VssError.Outcome.AGAIN);
                    }
                    return;
                }
            }
            throw new VssException(step, VssError.STATUS_NOT_AVAILABLE.code());
        } finally {
            components.call(VssAbi.FREE_WRITER_STATUS);
        }
    }

    /** Starts what takes long, and waits in slices until it has ended; cancels it when it should not wait longer. */
    private void await(String step, int slot) throws IOException {
        try (ComObject async = components.get(step, slot)) {
            while (!hasEnded(step, async, SLICE_MILLIS)) {
                try {
                    waiting.check(step);
                } catch (IOException e) {
                    async.call(VssAbi.ASYNC_CANCEL);
                    async.call(VssAbi.ASYNC_WAIT, CANCEL_MILLIS);
                    throw e;
                }
            }
        }
    }

    private static boolean hasEnded(String step, ComObject async, int millis) throws VssException {
        async.invoke(step, VssAbi.ASYNC_WAIT, millis);
        IntByReference status = new IntByReference();
        async.invoke(step, VssAbi.ASYNC_QUERY_STATUS, status, null);
        if (status.getValue() == VssAbi.ASYNC_PENDING) {
            return false;
        }
        if (status.getValue() != VssAbi.ASYNC_FINISHED) {
            throw new VssException(step, status.getValue());
        }
        return true;
    }

    /** Aborts what is not finished and releases everything, and with it the shadow copies. */
    @Override
    public void close() throws VssException {
        int code = mustAbort ? components.call(VssAbi.ABORT_BACKUP) : 0;
        mustAbort = false;
        components.close();
        Windows.check("AbortBackup", code);
    }
}
