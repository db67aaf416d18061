package io.varve.adapters.file;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Change tracking by a list in a file that another program wrote, with the parts of the disk that changed between two
 * tokens. If anything about the list is invalid, the answer is {@code Unknown}, never a part of the list and never an
 * exception, so that the disk is read whole.
 *
 * <p>Immutable. The file is read by each call.
 */
public final class ChangeListTracker implements ChangeTracker {
    private final Path file;
    private final long diskSize;
    private final String baseToken;
    private final Optional<String> newToken;

    /**
     * @param file JSON: {@code [{"offset":n,"length":n}, …]}, in any order, overlaps allowed
     * @param diskSize size of the disk in bytes; a range outside makes the list invalid
     * @param baseToken token at which the list begins
     * @param newToken token at which the list ends, to be stored with the snapshot; empty if there is none
     */
    public ChangeListTracker(Path file, long diskSize, String baseToken, Optional<String> newToken) {
        this.file = Objects.requireNonNull(file);
        this.diskSize = diskSize;
        this.baseToken = Objects.requireNonNull(baseToken);
        this.newToken = Objects.requireNonNull(newToken);
    }

    @Override
    public Changes changesSince(String token) {
        if (!baseToken.equals(token)) {
            return new Changes.Unknown(
                    "token-mismatch",
                    file + ": expected a list of changes since \"" + token + "\", found one since \"" + baseToken
                            + "\"");
        }
        try {
            return new Changes.Known(ChangeListFile.read(file, diskSize));
        } catch (CorruptDataException e) {
            return new Changes.Unknown("change-list-invalid", e.getMessage());
        } catch (IOException e) {
            return new Changes.Unknown("change-list-invalid", file + ": cannot be read: " + Reason.of(e));
        }
    }

    @Override
    public Optional<String> token() {
        return newToken;
    }

    @Override
    public Optional<String> baseToken() {
        return Optional.of(baseToken);
    }
}
