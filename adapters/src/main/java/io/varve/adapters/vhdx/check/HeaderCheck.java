package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.Copy;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.Optional;

/** Checks both headers, separately and against each other (MS-VHDX 2.2.2). */
final class HeaderCheck {
    private HeaderCheck() {}

    /** Returns the current header, or the first one if they contradict each other; empty if neither is intact. */
    static Optional<VhdxHeader> run(ByteSource source, FindingList findings) throws IOException {
        HeaderPair pair = HeaderPair.read(source, findings);
        header(pair.first(), findings);
        header(pair.second(), findings);
        VhdxHeader current;
        try {
            current = pair.current();
        } catch (CorruptDataException e) {
            VhdxFault fault = pair.first().isSound() ? VhdxFault.HEADERS_AMBIGUOUS : VhdxFault.HEADERS_UNUSABLE;
            findings.found(fault, fault.severity(), e);
            return Optional.ofNullable(pair.first().value());
        }
        if (pair.first().isSound() && pair.second().isSound()) {
            VhdxHeader first = pair.first().value();
            VhdxHeader second = pair.second().value();
            if (first.sequence() == second.sequence()) {
                findings.found(
                        VhdxFault.HEADERS_IDENTICAL,
                        second.offset() + 8,
                        "two headers with different sequence numbers",
                        "two equal headers, both with number " + Long.toUnsignedString(second.sequence()));
            } else {
                twin(current.offset() == first.offset() ? second : first, findings);
            }
        }
        return Optional.of(current);
    }

    private static void header(Copy<VhdxHeader> copy, FindingList findings) throws IOException {
        if (!copy.isSound()) {
            findings.found(VhdxFault.HEADER_DAMAGED, VhdxFault.HEADER_DAMAGED.severity(), copy.damage());
            return;
        }
        VhdxHeader header = copy.value();
        if (header.fileWriteGuid().equals(WindowsGuid.NIL)
                || header.dataWriteGuid().equals(WindowsGuid.NIL)) {
            findings.found(
                    VhdxFault.HEADER_GUID,
                    header.offset() + (header.fileWriteGuid().equals(WindowsGuid.NIL) ? 16 : 32),
                    "the GUID of a state of the file",
                    "the nil GUID");
        }
        if (header.sequence() == -1) {
            findings.found(
                    VhdxFault.HEADER_SEQUENCE,
                    header.offset() + 8,
                    "a sequence number that another one can follow",
                    "the largest possible, so the file can never again be opened for writing");
        }
    }

    /** Checks the header that is not current. It need not be valid, but a properly written one is. */
    private static void twin(VhdxHeader old, FindingList findings) throws IOException {
        if (old.version() != VhdxFormat.VERSION) {
            findings.found(
                    VhdxFault.HEADER_TWIN,
                    old.offset() + 66,
                    "VHDX version 1 in the older header too",
                    "" + old.version());
        }
        boolean aligned = old.logOffset() >= 0
                && old.logOffset() % VhdxFormat.ALIGNMENT == 0
                && old.logLength() % VhdxFormat.ALIGNMENT == 0;
        if (!aligned || old.hasLog() && (old.logLength() == 0 || old.logVersion() != 0)) {
            findings.found(
                    VhdxFault.HEADER_TWIN,
                    old.offset() + 68,
                    "a log in whole MiB in the older header too",
                    "version " + old.logVersion() + ", offset " + Long.toUnsignedString(old.logOffset()) + ", length "
                            + old.logLength());
        }
    }
}
