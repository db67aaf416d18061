package io.varve.adapters.file;

import io.varve.engine.port.CheckpointFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A configuration file of this host.
 *
 * @param name its name in the snapshot
 */
public record PlainFile(String name, Path file) implements CheckpointFile {
    /**
     * {@inheritDoc} If the file was written to while it was read, closing the stream fails, because the content may mix
     * two states.
     */
    @Override
    public InputStream open() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw Files.exists(file)
                    ? new IOException(file + ": expected a regular file, found something else")
                    : new NoSuchFileException(file.toString());
        }
        FileState before = FileState.of(file);
        return new FilterInputStream(Files.newInputStream(file)) {
            @Override
            public void close() throws IOException {
                super.close();
                FileState after = FileState.of(file);
                if (!after.equals(before)) {
                    throw new IOException(file + ": expected it unchanged while it was read, found it"
                            + " modified; run the backup again");
                }
            }
        };
    }
}
