package io.varve.adapters.virtdisk;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.varve.adapters.windows.Attempts;
import io.varve.adapters.windows.HandleCalls;
import io.varve.adapters.windows.JnaLibrary;
import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.Patience;
import io.varve.adapters.windows.Privileges;
import io.varve.adapters.windows.Wide;
import io.varve.adapters.windows.Win32Error;
import io.varve.adapters.windows.Win32Exception;
import io.varve.adapters.windows.WindowsFiles;
import io.varve.adapters.windows.WindowsName;
import io.varve.engine.Cancellation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * {@code virtdisk.dll} of this computer. Thread-safe.
 *
 * <p>The system property {@code varve.virtdisk} names another library with the same calls, for tests without Windows;
 * {@code varve.virtdisk.seconds} says how long one call may take, 300 by default.
 */
public final class Virtdisk {
    private static final String PROPERTY = "varve.virtdisk";
    private static final String OPEN = "open this virtual disk";
    private static final String LEFT = "a process of Varve died while ";
    private static final String LIMIT = "varve.virtdisk.seconds";

    private final VirtdiskLibrary calls;
    private final HandleCalls handles;
    private final Attempts attempts;
    private final Patience patience;
    private final Attachments attachments;

    Virtdisk(VirtdiskLibrary calls, HandleCalls handles, long pauseMillis, Patience patience, Attachments attachments) {
        this.calls = calls;
        this.handles = handles;
        this.attempts = new Attempts(pauseMillis);
        this.patience = patience;
        this.attachments = attachments;
    }

    VirtdiskLibrary calls() {
        return calls;
    }

    HandleCalls handles() {
        return handles;
    }

    Attempts attempts() {
        return attempts;
    }

    Patience patience() {
        return patience;
    }

    Attachments attachments() {
        return attachments;
    }

    /**
     * Loads the library.
     *
     * @param cancellation also ends the waiting for a call that hangs
     * @param folder of this computer, where it is written down which disks are attached; created when it is needed
     * @throws IOException when this is no 64-bit Windows, or it has none
     */
    public static Virtdisk load(Cancellation cancellation, Path folder) throws IOException {
        String standIn = System.getProperty(PROPERTY);
        if (standIn == null) {
            WindowsFiles.checkHost();
        }
        try {
            JnaLibrary.boot();
            if (standIn == null) {
                // Attaching needs the one, files of machines often the other. Whoever has neither may still ask; what
                // is then refused says which right is missing.
                Privileges.MANAGE_VOLUME.enable();
                Privileges.BACKUP.enable();
            }
            String kernel = standIn == null ? "kernel32" : standIn;
            return new Virtdisk(
                    Native.load(standIn == null ? "virtdisk" : standIn, VirtdiskLibrary.class),
                    Native.load(kernel, HandleCalls.class),
                    TimeUnit.SECONDS.toMillis(1),
                    new Patience(TimeUnit.SECONDS.toMillis(Long.getLong(LIMIT, Patience.SECONDS)), cancellation),
                    new Attachments(folder));
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("virtdisk.dll cannot be loaded: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a virtual disk to be asked, read-only. Waits a little for one that somebody else has open.
     *
     * @throws IOException when it cannot be opened; where a parent is to blame, it says where Windows looked for it
     */
    public VirtualDisk openToAsk(Path file) throws IOException {
        try {
            return open(file, true, 0);
        } catch (Win32Exception e) {
            throw aboutParent(e, file);
        }
    }

    /** Opens a virtual disk that nobody uses, to change its settings. */
    public VirtualDisk openToChange(Path file) throws IOException {
        try {
            return open(file, false, 0);
        } catch (Win32Exception e) {
            throw aboutParent(e, file);
        }
    }

    /**
     * Detaches the disks that processes left attached when they died. What cannot be freed is said, and fails nothing.
     *
     * @param notices told of each of them
     * @throws InterruptedIOException when a stop was requested
     */
    public void freeLeft(Consumer<String> notices) throws InterruptedIOException {
        attachments.freeLeft(file -> freed(file, notices), notices);
    }

    /** @return whether it need not be tried again */
    private boolean freed(Path file, Consumer<String> notices) throws IOException {
        try (VirtualDisk left = attempts.run(() -> open(file, handle -> openToDetach(file, handle)))) {
            if (!left.isAttachedByAnybody()) {
                notices.accept(LEFT + file + " was attached; Windows has detached it, nothing to detach");
                return true;
            }
            Optional<String> hostDisk = left.hostDisk();
            if (hostDisk.isPresent()) { // Varve attaches without one
                notices.accept(LEFT + file + " was attached; now somebody else has it attached, as " + hostDisk.get()
                        + ": left as it is");
                return true;
            }
            left.free();
            notices.accept(file + ": was still attached by a process of Varve that died; detached it");
            return true;
        } catch (Win32Exception e) {
            boolean isGone =
                    e.code() == Win32Error.FILE_NOT_FOUND.code() || e.code() == Win32Error.PATH_NOT_FOUND.code();
            notices.accept(LEFT + file + " was attached; " + (isGone ? "nothing to detach: " : "") + e.getMessage()
                    + (isGone ? "" : ". The next run tries again"));
            return isGone;
        } catch (NoAnswerException e) {
            notices.accept(e.getMessage());
            return false;
        }
    }

    private Win32Exception aboutParent(Win32Exception failure, Path file) {
        if (Win32Error.of(failure.code()).filter(Win32Error::isOfParent).isEmpty()) {
            return failure;
        }
        try (VirtualDisk alone = open(file, true, Abi.OPEN_NO_PARENTS)) {
            ParentDisk parent = alone.parent();
            return failure.with((parent.isFound() ? ". The parent is " : ". Windows looked for the parent at ")
                    + String.join(", ", parent.locations()) + ", for the content " + parent.identifier());
        } catch (IOException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    private VirtualDisk open(Path file, boolean readOnly, int flags) throws IOException {
        String path = WindowsName.of(file);
        return attempts.run(() -> open(file, handle -> openWith(path, readOnly, flags, handle)));
    }

    /** How a disk is opened. */
    @FunctionalInterface
    private interface Opening {
        int into(PointerByReference handle);
    }

    private VirtualDisk open(Path file, Opening opening) throws IOException {
        PointerByReference handle = new PointerByReference(Pointer.NULL);
        int code = patience.call(file.toString(), OPEN, () -> opening.into(handle), () -> closeLate(handle.getValue()));
        if (code != 0 || handle.getValue() == null) {
            throw new Win32Exception(file.toString(), OPEN, code);
        }
        return new VirtualDisk(file, this, handle.getValue());
    }

    private int openWith(String path, boolean readOnly, int flags, PointerByReference handle) {
        Memory type = new Memory(Abi.STORAGE_TYPE_SIZE);
        type.clear(); // unknown device, unknown vendor: Windows looks what it is
        Memory parameters = new Memory(Abi.OPEN_SIZE);
        parameters.clear();
        parameters.setInt(0, Abi.OPEN_VERSION_2);
        parameters.setInt(Abi.OPEN_GET_INFO_ONLY, 0);
        parameters.setInt(Abi.OPEN_READ_ONLY, readOnly ? 1 : 0);
        return calls.OpenVirtualDisk(type, Wide.of(path), 0, flags, parameters, handle);
    }

    private int openToDetach(Path file, PointerByReference handle) {
        Memory type = new Memory(Abi.STORAGE_TYPE_SIZE);
        type.clear();
        Memory parameters = new Memory(Abi.OPEN_SIZE);
        parameters.clear();
        parameters.setInt(0, Abi.OPEN_VERSION_1);
        Pointer path = Wide.of(WindowsName.of(file));
        return calls.OpenVirtualDisk(type, path, Abi.ACCESS_DETACH | Abi.ACCESS_GET_INFO, 0, parameters, handle);
    }

    private void closeLate(Pointer handle) {
        if (handle != null) {
            handles.CloseHandle(handle);
        }
    }
}
