package io.varve.adapters.windows;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.nio.file.Path;

/** JNA's own native library, which this program unpacks itself. */
public final class JnaLibrary {
    private JnaLibrary() {}

    /**
     * Unpacks it and tells JNA where it is; to be called before JNA is used. Otherwise JNA unpacks it itself, into the
     * directory for temporary files, where others may write. May be called repeatedly, by any thread.
     *
     * @throws IOException when there is none for this platform, or it cannot be unpacked
     */
    public static void boot() throws IOException {
        String name = System.mapLibraryName("jnidispatch");
        Path library = UnpackedLibrary.of(Native.class, "com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + name, name);
        System.setProperty("jna.boot.library.path", library.getParent().toString());
        System.setProperty("jna.nosys", "true");
    }
}
