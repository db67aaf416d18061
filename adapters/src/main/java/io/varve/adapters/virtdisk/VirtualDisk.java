package io.varve.adapters.virtdisk;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.windows.Attempts;
import io.varve.adapters.windows.Guids;
import io.varve.adapters.windows.HandleCalls;
import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.OpenHandle;
import io.varve.adapters.windows.OverlappedReads;
import io.varve.adapters.windows.Patience;
import io.varve.adapters.windows.Wide;
import io.varve.adapters.windows.Win32Error;
import io.varve.adapters.windows.Win32Exception;
import io.varve.engine.port.Changes;
import io.varve.store.fault.Count;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A virtual disk that Windows has opened for us. One thread at a time. Closing the handle is all there is to clean up,
 * also of an attached disk, and Windows closes it for a process that dies.
 *
 * <p>A call that Windows does not answer in time fails with {@link NoAnswerException}, and nothing more is asked of the
 * disk. It stays open, also for reading, until it is closed and the call has returned, or the process ends.
 */
public final class VirtualDisk implements Closeable {
    private static final int SUCCESS = 0;
    private static final int INSUFFICIENT_BUFFER = 122;

    /** Longest change id by the documentation, and the zero behind it. */
    private static final int ID_BYTES = 2 * 257;

    /** Room for two paths of common length; Windows says when it needs more. */
    private static final int PARENT_BYTES = Abi.INFO_PARENT_LOCATIONS + 2 * 2 * 260;

    private static final int LARGEST_ANSWER = 1 << 16;

    private final Path path;
    private final String file;
    private final Attachments attachments;
    private final VirtdiskLibrary calls;
    private final HandleCalls handles;
    private final Attempts attempts;
    private final Patience patience;
    private final Patience cleaning;
    private final OpenHandle handle;
    private Optional<Closeable> attached = Optional.empty(); // of who closes the handle, in the end
    private boolean isAttached;
    private boolean isStopped; // a call was left because of a request to stop
    private Consumer<String> notices = text -> {};

    VirtualDisk(Path path, Virtdisk virtdisk, Pointer handle) {
        this.path = path;
        this.file = path.toString();
        this.attachments = virtdisk.attachments();
        this.attempts = virtdisk.attempts();
        this.calls = virtdisk.calls();
        this.handles = virtdisk.handles();
        this.patience = virtdisk.patience();
        this.cleaning = patience.toCleanUp();
        this.handle = new OpenHandle(file, handle);
    }

    /** What an operator calls it. */
    public String file() {
        return file;
    }

    /** Bytes of the virtual disk. */
    public long size() throws IOException {
        return ask("tell its size", Abi.INFO_OF_SIZE, Abi.INFO_SIZE).getLong(Abi.INFO_VIRTUAL_SIZE);
    }

    /** Bytes of a sector of the virtual disk. */
    public int sectorSize() throws IOException {
        return ask("tell its size", Abi.INFO_OF_SIZE, Abi.INFO_SIZE).getInt(Abi.INFO_SECTOR_SIZE);
    }

    /** What kind of file it is. */
    public DiskKind kind() throws IOException {
        Memory type = ask("tell its format", Abi.INFO_OF_STORAGE_TYPE, Abi.INFO_SIZE);
        Memory subtype = ask("tell its kind", Abi.INFO_OF_SUBTYPE, Abi.INFO_SIZE);
        return new DiskKind(
                DiskKind.Format.of(type.getInt(Abi.INFO_DEVICE)), DiskKind.Layout.of(subtype.getInt(Abi.INFO_ANSWER)));
    }

    /**
     * Names the content of the file: a differencing disk finds its parent by it. Of a VHD it is the id in the footer;
     * of a VHDX it may change whenever the file is written to, so it is no identity of the disk.
     */
    public UUID identifier() throws IOException {
        return Guids.read(ask("tell its identifier", Abi.INFO_OF_IDENTIFIER, Abi.INFO_SIZE), Abi.INFO_ANSWER);
    }

    /** The parent of a differencing disk. Of other disks Windows refuses the question. */
    public ParentDisk parent() throws IOException {
        Memory info = ask("tell where its parent is", Abi.INFO_OF_PARENT_LOCATION, PARENT_BYTES);
        boolean isFound = info.getInt(Abi.INFO_PARENT_RESOLVED) != 0;
        int room = (int) info.size() - Abi.INFO_PARENT_LOCATIONS;
        List<String> locations = isFound
                ? List.of(Wide.read(info, Abi.INFO_PARENT_LOCATIONS, room))
                : Wide.readAll(info, Abi.INFO_PARENT_LOCATIONS, room);
        Memory id = ask("tell its parent's identifier", Abi.INFO_OF_PARENT_IDENTIFIER, Abi.INFO_SIZE);
        return new ParentDisk(isFound, locations, Guids.read(id, Abi.INFO_ANSWER));
    }

    /** What tells this disk from others: its virtual disk id; of a VHD, which has none, the identifier. */
    public UUID identity() throws IOException {
        return kind().format() == DiskKind.Format.VHD ? identifier() : diskId();
    }

    /** The identity that stays through checkpoints and merges. */
    public UUID diskId() throws IOException {
        return Guids.read(ask("tell its id", Abi.INFO_OF_DISK_ID, Abi.INFO_SIZE), Abi.INFO_ANSWER);
    }

    /**
     * State of change tracking.
     *
     * @param enabled whether changes are tracked from now on
     * @param hasNewer whether something changed since {@code mostRecentId}
     * @param mostRecentId names the moment to ask from next time; empty when there is none
     */
    public record Tracking(boolean enabled, boolean hasNewer, String mostRecentId) {}

    public Tracking tracking() throws IOException {
        int size = Abi.INFO_TRACKING_ID + ID_BYTES;
        Memory info = ask("tell the state of its change tracking", Abi.INFO_OF_TRACKING, size);
        return new Tracking(
                info.getInt(Abi.INFO_TRACKING_ENABLED) != 0,
                info.getInt(Abi.INFO_TRACKING_NEWER) != 0,
                Wide.read(info, Abi.INFO_TRACKING_ID, (int) info.size() - Abi.INFO_TRACKING_ID));
    }

    /** Switches change tracking on, or off: then every id is void, those of other products as well. */
    public void setTracking(boolean enabled) throws IOException {
        Memory info = setting(Abi.SET_TRACKING);
        info.setInt(Abi.SET_VALUE, enabled ? 1 : 0);
        check("set its change tracking", open -> calls.SetVirtualDiskInformation(open, info));
    }

    /**
     * Makes it another disk for everybody who knows disks by their virtual disk id: backup products, and Varve. A VHD
     * has none.
     */
    public void setDiskId(UUID id) throws IOException {
        set("set its virtual disk id", Abi.SET_DISK_ID, id);
    }

    /** Gives its content another name: differencing disks over this file do not find it any more. */
    public void setIdentifier(UUID id) throws IOException {
        set("set its identifier", Abi.SET_IDENTIFIER, id);
    }

    private void set(String what, int version, UUID id) throws IOException {
        Memory info = setting(version);
        info.write(Abi.SET_VALUE, Guids.of(id).getByteArray(0, Guids.SIZE), 0, Guids.SIZE);
        check(what, open -> calls.SetVirtualDiskInformation(open, info));
    }

    private static Memory setting(int version) {
        Memory info = new Memory(Abi.SET_SIZE);
        info.clear();
        info.setInt(0, version);
        return info;
    }

    /**
     * What changed since {@code id}, on the whole disk.
     *
     * @param id as Windows gave it, of this disk
     */
    public Changes changesSince(String id) throws IOException {
        return RctTracker.of(this, size()).changesSince(id);
    }

    /**
     * Asks once.
     *
     * @param id names the moment since when
     * @param capacity most ranges of the answer
     * @throws Win32Exception with the error that Windows gave
     */
    ChangePage changes(String id, long offset, long length, int capacity) throws IOException {
        Memory ranges = new Memory((long) capacity * Abi.RANGE_SIZE);
        ranges.clear();
        IntByReference count = new IntByReference(capacity);
        LongByReference processed = new LongByReference(0);
        check("tell what changed", open -> {
            count.setValue(capacity); // a failed call may have changed it
            processed.setValue(0);
            return calls.QueryChangesVirtualDisk(open, Wide.of(id), offset, length, 0, ranges, count, processed);
        });
        int filled = count.getValue();
        if (filled < 0 || filled > capacity) {
            throw new IOException(file + ": Windows says that it filled "
                    + Count.of(Integer.toUnsignedLong(filled), "range") + ", and there was room for " + capacity);
        }
        List<ChangePage.Told> found = new ArrayList<>();
        for (int i = 0; i < filled; i++) {
            long at = (long) i * Abi.RANGE_SIZE;
            found.add(
                    new ChangePage.Told(ranges.getLong(at + Abi.RANGE_OFFSET), ranges.getLong(at + Abi.RANGE_LENGTH)));
        }
        return new ChangePage(found, processed.getValue());
    }

    /**
     * Attaches the disk read-only, for this handle alone: the host gets no disk, no drive letter. Ends with
     * {@link #close}, and with the process.
     *
     * @param told that what is attached cannot be written down, or struck out, for the next process; until this is
     *     closed
     * @return reads it; usable until this is closed, which its own {@code close} does not do
     * @throws IOException when it cannot be attached, for want of the right to manage volumes for instance
     */
    AttachedDisk attach(Consumer<String> told) throws IOException {
        notices = told;
        Memory parameters = new Memory(Abi.ATTACH_SIZE);
        parameters.clear();
        parameters.setInt(0, Abi.ATTACH_VERSION_1);
        begin();
        try {
            check(
                    "attach it",
                    open -> calls.AttachVirtualDisk(
                            open, null, Abi.ATTACH_READ_ONLY | Abi.ATTACH_NO_LOCAL_HOST, 0, parameters, null));
        } catch (Win32Exception e) {
            isDetached();
            throw e;
        }
        isAttached = true;
        return new AttachedDisk(
                file,
                size(),
                sectorSize(),
                identity(),
                new OverlappedReads(file, handles, handle, Optional.of(patience)));
    }

    /** Undoes {@link #attach}; also after a request to stop. */
    void detach() throws IOException {
        if (isAttached) {
            boolean interrupted = Thread.interrupted(); // which must not stop cleaning up
            try {
                attempts.run(() -> {
                    check("detach it", call("detach it", cleaning, open -> calls.DetachVirtualDisk(open, 0, 0)));
                    return null;
                });
                isDetached();
            } finally {
                restore(interrupted);
            }
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Detaches what another handle attached. */
    void free() throws IOException {
        check("detach it", open -> calls.DetachVirtualDisk(open, 0, 0));
    }

    /** Whether this handle or any other has it attached. */
    boolean isAttachedByAnybody() throws IOException {
        return ask("tell whether it is attached", Abi.INFO_OF_LOADED, Abi.INFO_SIZE)
                        .getInt(Abi.INFO_ANSWER)
                != 0;
    }

    /**
     * The disk that the host has for it while it is attached; empty when it has none.
     *
     * @throws Win32Exception when this account may not ask
     */
    Optional<String> hostDisk() throws IOException {
        Memory name = new Memory(2 * 260);
        name.clear();
        IntByReference bytes = new IntByReference((int) name.size());
        String what = "tell its disk on the host";
        int code = call(what, open -> calls.GetVirtualDiskPhysicalPath(open, bytes, name));
        if (code == Win32Error.ACCESS_DENIED.code() || code == Win32Error.PRIVILEGE_MISSING.code()) {
            throw new Win32Exception(file, what, code);
        }
        boolean isLonger = code == INSUFFICIENT_BUFFER;
        return code == SUCCESS || isLonger
                ? Optional.of(isLonger ? "a disk" : Wide.read(name, 0, (int) name.size()))
                : Optional.empty();
    }

    private void begin() throws InterruptedIOException {
        try {
            attached = Optional.of(attachments.begin(path));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            notices.accept(file + ": attached without a note for the next process: " + e);
        }
    }

    private void isDetached() {
        isAttached = false;
        Optional<Closeable> ended = attached;
        attached = Optional.empty();
        try {
            if (ended.isPresent()) {
                ended.get().close();
            }
        } catch (IOException e) {
            notices.accept(file + ": detached, but the note that it is attached stays: " + e);
        }
    }

    private Memory ask(String what, int version, int size) throws IOException {
        return attempts.run(() -> askOnce(what, version, size));
    }

    private Memory askOnce(String what, int version, int size) throws IOException {
        int room = size;
        while (true) {
            Memory info = new Memory(room);
            info.clear();
            info.setInt(0, version);
            IntByReference bytes = new IntByReference(room);
            int code = call(what, open -> calls.GetVirtualDiskInformation(open, bytes, info, null));
            if (code == INSUFFICIENT_BUFFER && bytes.getValue() > room && bytes.getValue() <= LARGEST_ANSWER) {
                room = bytes.getValue();
                continue;
            }
            check(what, code);
            return info;
        }
    }

    /** A call that returns an error number of Windows. */
    @FunctionalInterface
    private interface Call {
        int on(Pointer open);
    }

    /** Calls; again, a few times, where the error may pass. */
    private void check(String what, Call call) throws IOException {
        attempts.run(() -> {
            check(what, call(what, call));
            return null;
        });
    }

    /** Calls. If that hangs, nothing more is asked; see {@link OpenHandle} for who closes the handle then. */
    private int call(String what, Call call) throws IOException {
        return call(what, patience, call);
    }

    private int call(String what, Patience limit, Call call) throws IOException {
        Pointer open = handle.toAsk();
        try {
            return limit.call(file, what, () -> call.on(open), this::ends);
        } catch (NoAnswerException | InterruptedIOException e) {
            isStopped |= e instanceof InterruptedIOException;
            handle.leave();
            throw e;
        }
    }

    /** By the thread that was left with a call. */
    private void ends() {
        if (handle.ends() && handles.CloseHandle(handle.value()) != 0) {
            isDetached();
        }
    }

    private void check(String what, int code) throws Win32Exception {
        if (code != SUCCESS) {
            throw new Win32Exception(file, what, code);
        }
    }

    /**
     * Detaches and closes it.
     *
     * @throws IOException when Windows cannot, or does not answer: then the process holds it until its end
     */
    @Override
    public void close() throws IOException {
        if (handle.isReleased()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // which must not stop cleaning up
        Closeable closing = () -> {
            if (handle.release()) {
                if (cleaning.call(file, "close it", () -> handles.CloseHandle(handle.value()), () -> {}) == 0) {
                    throw new IOException(file + ": Windows cannot close it");
                }
                isDetached(); // with its last handle, if it was not before
            }
        };
        try (closing) {
            if (isStopped) { // it was slow perhaps, and did not hang: then nothing stays behind
                handle.awaitEnds(patience.cleaningMillis());
            }
            if (!handle.isLeft()) {
                detach();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            restore(interrupted);
        }
    }
}
