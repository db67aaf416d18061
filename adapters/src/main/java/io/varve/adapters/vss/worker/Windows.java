package io.varve.adapters.vss.worker;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.varve.adapters.windows.JnaLibrary;
import io.varve.adapters.windows.Privileges;
import io.varve.adapters.windows.Wide;
import io.varve.adapters.windows.WindowsFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The libraries of this computer that a requestor needs, and COM set up for them. Once per process, before anything
 * else touches COM.
 *
 * <p>The system property {@code varve.vssapi} names another library with the calls of {@code vssapi.dll} and the
 * volumes' ones, for tests.
 */
final class Windows {
    private static final String PROPERTY = "varve.vssapi";
    private static final int MULTI_THREADED = 0;
    private static final int PACKET_PRIVACY = 6;
    private static final int IMPERSONATE = 3;
    private static final int STATIC_CLOAKING = 0x20;

    /** What {@code CreateVssBackupComponentsInternal} is called where only C++ callers were thought of. */
    private static final String MANGLED = "?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z";

    private final ComLibraries.VssApi vss;
    private final ComLibraries.Volumes volumes;
    private final ComLibraries.OleAut text;

    private Windows(ComLibraries.VssApi vss, ComLibraries.Volumes volumes, ComLibraries.OleAut text) {
        this.vss = vss;
        this.volumes = volumes;
        this.text = text;
    }

    /** @throws IOException when this is not 64-bit Windows, COM cannot be set up, or a privilege is missing */
    static Windows load() throws IOException {
        WindowsFiles.checkHost();
        JnaLibrary.boot();
        if (!Privileges.BACKUP.enable()) {
            throw new IOException(Privileges.BACKUP.advice());
        }
        ComLibraries.Ole ole = Native.load("ole32", ComLibraries.Ole.class);
        check("CoInitializeEx", ole.CoInitializeEx(null, MULTI_THREADED));
        check(
                "CoInitializeSecurity",
                ole.CoInitializeSecurity(
                        null, -1, null, null, PACKET_PRIVACY, IMPERSONATE, null, STATIC_CLOAKING, null));
        String standIn = System.getProperty(PROPERTY);
        return new Windows(
                vssApi(standIn == null ? "vssapi" : standIn),
                Native.load(standIn == null ? "kernel32" : standIn, ComLibraries.Volumes.class),
                Native.load("oleaut32", ComLibraries.OleAut.class));
    }

    private static ComLibraries.VssApi vssApi(String name) {
        try {
            NativeLibrary.getInstance(name).getFunction("CreateVssBackupComponentsInternal");
            return Native.load(name, ComLibraries.VssApi.class);
        } catch (UnsatisfiedLinkError e) {
            FunctionMapper mapper = (library, method) ->
                    method.getName().equals("CreateVssBackupComponentsInternal") ? MANGLED : method.getName();
            return Native.load(name, ComLibraries.VssApi.class, Map.of(Library.OPTION_FUNCTION_MAPPER, mapper));
        }
    }

    static void check(String step, int code) throws VssException {
        if (code < 0) {
            throw new VssException(step, code);
        }
    }

    /** A new {@code IVssBackupComponents}. */
    ComObject newBackupComponents() throws VssException {
        PointerByReference components = new PointerByReference();
        check("CreateVssBackupComponents", vss.CreateVssBackupComponentsInternal(components));
        return new ComObject(components.getValue());
    }

    void freeSnapshotProperties(Pointer properties) {
        vss.VssFreeSnapshotPropertiesInternal(properties);
    }

    ComLibraries.Volumes volumes() {
        return volumes;
    }

    /** The text of a BSTR that belongs to somebody else; empty for null. */
    Optional<String> text(Pointer bstr) {
        return bstr == null ? Optional.empty() : Optional.of(Wide.read(bstr, 0, text.SysStringByteLen(bstr)));
    }

    /** The text of a BSTR that was returned to us, and is freed. */
    String take(PointerByReference returned) {
        Pointer bstr = returned.getValue();
        if (bstr == null) {
            return "";
        }
        try {
            return text(bstr).orElse("");
        } finally {
            text.SysFreeString(bstr);
        }
    }
}
