package io.varve.adapters.vhdx.format;

import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * What becomes of the faults that decoders find. Reader and check run the same decoders: the reader stops at the first
 * error, the check notes everything and lets the decoder go on with what is left. A fault behind which nothing can be
 * decoded is thrown instead.
 */
public interface Faults {
    /** The reader's: throws at an error, does not care about the rest. */
    Faults REFUSE = (fault, lost, refusal) -> {
        if (fault.severity() == Severity.ERROR) {
            throw refusal.get();
        }
    };

    /**
     * Tells of a fault; when it returns, the decoder leaves out what is faulty and goes on.
     *
     * @param lost what of the virtual disk cannot be read; null for nothing in particular
     * @param refusal makes the message, a {@link io.varve.store.fault.CorruptDataException} or
     *     {@link io.varve.adapters.file.UnsupportedImageException}; not asked when nobody will read it
     */
    void found(VhdxFault fault, Range lost, Supplier<? extends IOException> refusal) throws IOException;

    /** As {@link #found(VhdxFault, Range, Supplier)}, of no part of the disk in particular. */
    default void found(VhdxFault fault, Supplier<? extends IOException> refusal) throws IOException {
        found(fault, null, refusal);
    }
}
