package io.varve.adapters.hyperv;

import io.varve.adapters.file.ProcessClaim;
import io.varve.adapters.file.WholeFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The planned machine that an import from this computer has at a host, written down so that the next import can remove
 * it.
 */
public final class ImportNote {
    private static final String GUID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

    private final Path file;

    /**
     * @param folder of this computer and of one repository; created if it is missing
     * @param host its name
     */
    public ImportNote(Path folder, String host) {
        this.file = folder.resolve("planned-" + host.replaceAll("[^A-Za-z0-9.-]", "_"));
    }

    /**
     * Keeps other imports of this computer away: what one is making looks like a leftover to them.
     *
     * @return to be closed when the import has ended
     * @throws IOException when another one runs
     */
    public Closeable claim() throws IOException {
        return ProcessClaim.take(
                file.resolveSibling(file.getFileName() + ".lock"),
                "another import into this host is running on this computer; wait until it ends");
    }

    Optional<UUID> read() throws IOException {
        try {
            String text = Files.readString(file).strip();
            if (!text.matches(GUID)) {
                throw new IOException(
                        file + ": expected the GUID of a planned machine, found something else; delete" + " this file");
            }
            return Optional.of(UUID.fromString(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(UUID planned) throws IOException {
        WholeFiles.replace(file, planned.toString().getBytes(StandardCharsets.UTF_8));
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
    }
}
