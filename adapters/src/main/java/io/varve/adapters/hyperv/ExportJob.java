package io.varve.adapters.hyperv;

import io.varve.adapters.file.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The job by which a host exports a machine, written down while it runs: after a crash it may still be writing, and
 * hold the checkpoint's files.
 */
final class ExportJob {
    private final Path file;

    /** @param file of one machine */
    ExportJob(Path file) {
        this.file = file;
    }

    /** Its InstanceID; empty when none is known to run. */
    Optional<String> read() throws IOException {
        try {
            return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(String instanceId) throws IOException {
        WholeFiles.replace(file, instanceId.getBytes(StandardCharsets.UTF_8));
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
