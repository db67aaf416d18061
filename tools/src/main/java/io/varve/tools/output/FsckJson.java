package io.varve.tools.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.check.FsckReport;
import java.time.Instant;

/** A check's report in JSON output. */
public final class FsckJson {
    private FsckJson() {}

    public static void write(FsckReport report, ObjectNode json) {
        json.put("snapshots", report.snapshots())
                .put("packs", report.packs())
                .put("packsRead", report.packsRead())
                .put("chunks", report.chunks())
                .put("mapPages", report.mapPages())
                .put("bytesRead", report.bytesRead())
                .put("unusedChunks", report.unusedChunks())
                .put("unusedBytes", report.unusedBytes())
                .put("findingsLeftOut", report.findingsLeftOut());
        new ReadHistory(report, Instant.now()).write(json);
        var findings = json.putArray("findings");
        report.findings()
                .forEach(finding -> findings.addObject()
                        .put("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT))
                        .put("code", finding.code())
                        .put("file", finding.file())
                        .put("offset", finding.offset() < 0 ? null : finding.offset())
                        .put("length", finding.length() == 0 ? null : finding.length())
                        .put("message", finding.message()));
        var affected = json.putArray("affected");
        report.affected().forEach(disk -> {
            ObjectNode entry = affected.addObject()
                    .put("snapshot", disk.snapshot().text())
                    .put("machine", disk.machine())
                    .put("disk", disk.number())
                    .put("name", disk.name())
                    .put("damagedBytes", disk.damagedBytes())
                    .put("rangesLeftOut", disk.rangesLeftOut());
            var ranges = entry.putArray("ranges");
            disk.ranges()
                    .forEach(range ->
                            ranges.addObject().put("offset", range.offset()).put("length", range.length()));
        });
    }
}
