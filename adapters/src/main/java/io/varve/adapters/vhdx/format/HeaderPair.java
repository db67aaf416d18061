package io.varve.adapters.vhdx.format;

import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;

/** Both headers, and the rule which of them counts (MS-VHDX 2.2.2). */
public record HeaderPair(String location, Copy<VhdxHeader> first, Copy<VhdxHeader> second) {
    public static HeaderPair read(ByteSource source) throws IOException {
        return read(source, Faults.REFUSE);
    }

    public static HeaderPair read(ByteSource source, Faults faults) throws IOException {
        return new HeaderPair(
                source.location(),
                Copy.of(() -> VhdxHeader.read(source, VhdxFormat.HEADER_1_OFFSET, faults)),
                Copy.of(() -> VhdxHeader.read(source, VhdxFormat.HEADER_2_OFFSET, faults)));
    }

    /**
     * The sound one; of two sound ones the one with the larger sequence number. Two with equal numbers are accepted
     * only when they are copies of each other (Disk2vhd writes such): the specification names no winner, so nothing
     * else is safe.
     */
    public VhdxHeader current() throws CorruptDataException {
        if (!first.isSound() && !second.isSound()) {
            throw new CorruptDataException(
                    location,
                    VhdxFormat.HEADER_1_OFFSET,
                    "at least one sound header",
                    "none (first: " + first.damage().getMessage() + "; second: "
                            + second.damage().getMessage() + ")");
        }
        if (!second.isSound()) {
            return first.value();
        }
        if (!first.isSound()) {
            return second.value();
        }
        int order =
                Long.compareUnsigned(first.value().sequence(), second.value().sequence());
        if (order == 0 && !first.value().isCopyOf(second.value())) {
            throw new CorruptDataException(
                    location,
                    VhdxFormat.HEADER_1_OFFSET,
                    "two headers with different sequence numbers, or two equal ones",
                    "two different ones, both with number "
                            + Long.toUnsignedString(first.value().sequence()));
        }
        return order >= 0 ? first.value() : second.value();
    }
}
