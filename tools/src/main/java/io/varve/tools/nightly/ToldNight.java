package io.varve.tools.nightly;

import io.varve.store.cache.CacheDirectory;
import io.varve.store.fault.Reason;
import io.varve.tools.output.Output;
import io.varve.tools.report.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** Remembers, on this computer, the last night that was reported as unable to run, so that each is reported once. */
final class ToldNight {
    private final Path jobFile;

    ToldNight(Path jobFile) {
        this.jobFile = jobFile;
    }

    /**
     * Returns whether the night that was due at {@code wanted} is still to be reported, and remembers that it was. If
     * this cannot be remembered, it is reported each time.
     */
    boolean tell(Instant wanted, Output output) {
        try {
            String key = jobFile.toRealPath().toString();
            String name = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ".told";
            Path memory = CacheDirectory.make("nightly").resolve(name);
            if (Files.exists(memory) && Files.readString(memory).strip().equals(wanted.toString())) {
                return false;
            }
            WholeFile.write(memory, wanted + "\n");
        } catch (IOException e) {
            output.notice("cannot remember that this night's failure was reported: " + Reason.of(e));
        }
        return true;
    }
}
