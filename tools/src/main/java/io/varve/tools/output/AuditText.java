package io.varve.tools.output;

import io.varve.engine.plan.AuditRound;
import io.varve.store.fault.Count;
import io.varve.store.snapshot.AuditRecord;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.document.AuditEntry;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;

/** What the audit of a disk has proven, in words and for documents. */
public final class AuditText {
    private static final int NIGHTS = 30;
    private static final int LEFT_OUT = 1 << 20;
    private static final double TINY = 1e-9;

    private AuditText() {}

    /** One line; empty for a disk that was not audited. */
    public static Optional<String> of(DiskRecord disk) {
        return disk.audit().filter(audit -> audit.taken() > 0).map(audit -> of(disk, audit));
    }

    private static String of(DiskRecord disk, AuditRecord audit) {
        AuditRound round = round(audit);
        String since = audit.comparedSince()
                .map(time -> "every block compared since the snapshot of " + time)
                .orElse("not every block compared yet");
        String where = audit.taken() == audit.slices()
                ? "all unchanged blocks, each night"
                : audit.taken() + " of " + Count.of(audit.slices(), "part") + ", all in "
                        + Count.of(round.nights(), "night") + (audit.tenfold() ? " (ten times as much as usual)" : "");
        return ByteSize.text(disk.counters().audited()) + ": " + where + "; " + since + "; " + statement(disk, round);
    }

    private static String statement(DiskRecord disk, AuditRound round) {
        double unnoticed = unnoticed(disk, round);
        return unnoticed == 0
                ? "an omission from the change list is noticed within " + Count.of(round.nights(), "night")
                : "omitting 1 MiB a night goes unnoticed for 30 nights with p < " + bound(unnoticed);
    }

    /** Rounded upwards. */
    private static String bound(double probability) {
        return probability < TINY
                ? "1e-9"
                : new BigDecimal(probability)
                        .round(new MathContext(2, RoundingMode.UP))
                        .min(BigDecimal.ONE)
                        .toString();
    }

    private static AuditRound round(AuditRecord audit) {
        return new AuditRound(audit.slices(), audit.taken());
    }

    private static double unnoticed(DiskRecord disk, AuditRound round) {
        return round.unnoticed(Math.max(1, LEFT_OUT / disk.blockSize()), NIGHTS);
    }

    static Optional<AuditEntry> entry(DiskRecord disk) {
        return disk.audit().map(audit -> {
            AuditRound round = round(audit);
            return new AuditEntry(
                    audit.slices(),
                    audit.taken(),
                    audit.done(),
                    round.nights(),
                    audit.roundBegan(),
                    audit.comparedSince(),
                    audit.doubtedSince(),
                    audit.tenfold(),
                    unnoticed(disk, round));
        });
    }
}
