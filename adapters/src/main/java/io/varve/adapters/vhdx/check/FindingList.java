package io.varve.adapters.vhdx.check;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFinding;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects the findings of one file. At most {@value #MOST_OF_A_KIND} findings of a kind are kept and the others
 * counted, because a hostile BAT can have 2^26 faults. For one thread.
 */
public final class FindingList implements Faults {
    public static final int MOST_OF_A_KIND = 20;

    private final String file;
    private final List<VhdxFinding> findings = new ArrayList<>();
    private final Map<VhdxFault, Long> counts = new EnumMap<>(VhdxFault.class);
    private long errors;

    public FindingList(String file) {
        this.file = file;
    }

    /** Returns the number of errors so far, including those that were only counted. */
    public long errors() {
        return errors;
    }

    @Override
    public void found(VhdxFault fault, Range lost, Supplier<? extends IOException> refusal) {
        if (count(fault, fault.severity())) {
            add(fault, fault.severity(), lost, refusal.get());
        }
    }

    /** Adds a fault that was thrown or noted elsewhere, with this severity. */
    void found(VhdxFault fault, Severity severity, IOException refusal) {
        if (count(fault, severity)) {
            add(fault, severity, null, refusal);
        }
    }

    /** Adds something that no decoder rejects. */
    void found(VhdxFault fault, long offset, String expected, String found) {
        found(fault, null, () -> new CorruptDataException(file, offset, expected, found));
    }

    private boolean count(VhdxFault fault, Severity severity) {
        errors += severity == Severity.ERROR ? 1 : 0;
        return counts.merge(fault, 1L, Long::sum) <= MOST_OF_A_KIND;
    }

    private void add(VhdxFault fault, Severity severity, Range lost, IOException refusal) {
        long offset = -1;
        String expected = "";
        String found = String.valueOf(refusal.getMessage());
        if (refusal instanceof CorruptDataException) {
            CorruptDataException damage = (CorruptDataException) refusal;
            offset = damage.offset();
            expected = damage.expected();
            found = damage.found();
        } else if (refusal instanceof UnsupportedImageException) {
            UnsupportedImageException unsupported = (UnsupportedImageException) refusal;
            offset = unsupported.offset();
            found = unsupported.reason();
        }
        findings.add(new VhdxFinding(
                severity, fault.code(), fault.structure(), file, offset, expected, found, Optional.ofNullable(lost)));
    }

    public VhdxFileReport report() {
        Map<String, Long> leftOut = new LinkedHashMap<>();
        counts.forEach((fault, count) -> {
            if (count > MOST_OF_A_KIND) {
                leftOut.put(fault.code(), count - MOST_OF_A_KIND);
            }
        });
        return new VhdxFileReport(file, List.copyOf(findings), leftOut);
    }
}
