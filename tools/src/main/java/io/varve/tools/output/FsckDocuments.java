package io.varve.tools.output;

import io.varve.store.check.Finding;
import io.varve.store.check.FsckReport;
import io.varve.tools.document.AffectedDiskEntry;
import io.varve.tools.document.FindingEntry;
import io.varve.tools.document.FsckDocument;
import io.varve.tools.document.RangeEntry;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Converts the report of a check to documents. */
public final class FsckDocuments {
    private FsckDocuments() {}

    public static FsckDocument of(FsckReport report) {
        ReadHistory history = new ReadHistory(report, Instant.now());
        return new FsckDocument(
                report.snapshots(),
                report.packs(),
                report.packsRead(),
                report.chunks(),
                report.mapPages(),
                report.bytesRead(),
                report.unusedChunks(),
                report.unusedBytes(),
                report.findingsLeftOut(),
                history.entry(report.read()),
                history.entry(report.deepRead()),
                report.findings().stream().map(FsckDocuments::of).toList(),
                report.affected().stream().map(FsckDocuments::of).toList());
    }

    private static FindingEntry of(Finding finding) {
        return new FindingEntry(
                finding.severity().name().toLowerCase(Locale.ROOT),
                finding.code(),
                finding.file(),
                finding.offset() < 0 ? Optional.empty() : Optional.of(finding.offset()),
                finding.length() == 0 ? Optional.empty() : Optional.of(finding.length()),
                finding.message(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static AffectedDiskEntry of(FsckReport.AffectedDisk disk) {
        return new AffectedDiskEntry(
                disk.snapshot().text(),
                disk.machine(),
                disk.number(),
                disk.name(),
                disk.damagedBytes(),
                disk.ranges().stream()
                        .map(range -> new RangeEntry(range.offset(), range.length()))
                        .toList(),
                disk.rangesLeftOut());
    }
}
