package io.varve.tools.output;

import io.varve.store.check.FsckReport;
import io.varve.store.check.ReadCoverage;
import io.varve.store.fault.Count;
import io.varve.tools.document.ReadCoverageEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When the packs of a repository were read, in words. */
public final class ReadHistory {
    private final FsckReport report;
    private final Instant now;

    public ReadHistory(FsckReport report, Instant now) {
        this.report = report;
        this.now = now;
    }

    /** Returns one line for each level of reading that was ever used. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (report.read().isAny()) {
            lines.add(line(report.read(), "read"));
        }
        if (report.deepRead().oldest().isPresent()) {
            lines.add(line(report.deepRead(), "decoded"));
        }
        return lines;
    }

    private String line(ReadCoverage coverage, String done) {
        String within = coverage.oldest().map(this::within).orElse("");
        if (coverage.unreadPacks() == 0) {
            return "every byte was " + done + " " + within;
        }
        String damaged =
                coverage.damagedPacks() == 0 ? "" : ", " + coverage.damagedPacks() + " of them damaged when last read";
        return "not yet " + done + (damaged.isEmpty() ? ": " : " intact: ") + coverage.unreadPacks() + " of "
                + Count.of(coverage.packs(), "pack") + ", "
                + ByteSize.text(coverage.unreadBytes()) + damaged
                + (within.isEmpty() ? "" : "; everything else " + within);
    }

    private String within(Instant oldest) {
        long days = days(oldest);
        return "within " + (days == 1 ? "a day" : Count.of(days, "day"));
    }

    /** Returns whole days, rounded up, at least one. */
    private long days(Instant oldest) {
        return Math.max(0, Duration.between(oldest, now).minusSeconds(1).toDays()) + 1;
    }

    ReadCoverageEntry entry(ReadCoverage coverage) {
        return new ReadCoverageEntry(
                coverage.packs(),
                coverage.bytes(),
                coverage.unreadPacks(),
                coverage.unreadBytes(),
                coverage.damagedPacks(),
                coverage.oldest(),
                coverage.oldest().map(this::days));
    }
}
