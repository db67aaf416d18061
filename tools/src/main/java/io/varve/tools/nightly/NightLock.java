package io.varve.tools.nightly;

import io.varve.store.backend.ProcessLock;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.coordination.HostName;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.OutcomeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Ensures that only one night of a job runs at a time on this computer. The lock is held by the operating system, which
 * releases it when the process ends in any way.
 */
final class NightLock implements Closeable {
    private final ProcessLock lock;

    private NightLock(ProcessLock lock) {
        this.lock = lock;
    }

    /** @throws OutcomeException with {@link ExitCode#BUSY} if another night of the job is running */
    static NightLock take(Path jobFile, String job, UUID repository) throws IOException {
        String key = jobFile.toRealPath() + "\n" + repository;
        String name = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + ProcessLock.SUFFIX;
        Path file = CacheDirectory.make("nightly").resolve(name);
        ProcessLock lock = ProcessLock.tryExclusive(file);
        if (lock == null) {
            String holder = ProcessLock.description(file);
            throw new OutcomeException(
                    ExitCode.BUSY,
                    "night of job " + job + " skipped: the previous one is still running"
                            + (holder.isEmpty() ? "" : " (" + holder + ")") + "; nothing was done");
        }
        lock.describe("process " + ProcessHandle.current().pid() + "@" + HostName.get() + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        return new NightLock(lock);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
