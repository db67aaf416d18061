package io.varve.adapters.vhdx.format;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;

/**
 * One of the two copies of a structure that the format keeps twice: either its value, or why there is none.
 *
 * @param value null exactly when {@code damage} is not
 */
public record Copy<T>(T value, CorruptDataException damage) {
    /** Decodes one copy. */
    public interface Decoding<T> {
        T decode() throws IOException;
    }

    public static <T> Copy<T> of(Decoding<T> decoding) throws IOException {
        try {
            return new Copy<>(decoding.decode(), null);
        } catch (CorruptDataException e) {
            return new Copy<>(null, e);
        }
    }

    public boolean isSound() {
        return value != null;
    }
}
