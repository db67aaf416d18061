package io.varve.tools.source;

import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.engine.Cancellation;
import io.varve.store.cache.CacheDirectory;
import java.io.IOException;

/** The virtual disks of this computer, asked of Windows; what is attached is written down in the cache directory. */
public final class LocalDisks {
    private LocalDisks() {}

    /**
     * @param cancellation also ends the waiting for Windows
     * @throws IOException when this is no 64-bit Windows
     */
    public static Virtdisk load(Cancellation cancellation) throws IOException {
        return Virtdisk.load(cancellation, CacheDirectory.path().resolve("virtdisk"));
    }
}
