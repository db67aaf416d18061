package io.varve.tools.report;

import static java.util.Optional.ofNullable;

import io.varve.tools.document.DiskReportEntry;
import io.varve.tools.document.HandEntry;
import io.varve.tools.document.HoldLineEntry;
import io.varve.tools.document.LastNightEntry;
import io.varve.tools.document.MachineReportEntry;
import io.varve.tools.document.NightEntry;
import io.varve.tools.document.ReportDocument;
import io.varve.tools.document.ReportStepEntry;
import io.varve.tools.document.StoredNightEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A report as a JSON document. Pure functions. */
final class ReportDocuments {
    private ReportDocuments() {}

    static ReportDocument of(Report report) {
        return new ReportDocument(
                UUID.fromString(report.repositoryId()),
                report.repository(),
                Instant.parse(report.generatedAt()),
                report.days(),
                report.hands().stream().map(ReportDocuments::hand).toList(),
                report.handCount(),
                ofNullable(report.lastNight()).map(ReportDocuments::night),
                report.nights().stream().map(ReportDocuments::night).toList(),
                step(report.proof()),
                step(report.fsck()),
                step(report.structure()),
                step(report.copy()),
                step(report.repositorySize()),
                report.machines().stream().map(ReportDocuments::machine).toList(),
                report.holds().stream().map(ReportDocuments::hold).toList());
    }

    private static Optional<Instant> time(String text) {
        return ofNullable(text).map(Instant::parse);
    }

    private static HandEntry hand(Report.Hand hand) {
        return new HandEntry(
                hand.severity(),
                hand.kind(),
                ofNullable(hand.machine()),
                ofNullable(hand.disk()),
                hand.text(),
                time(hand.since()),
                ofNullable(hand.advice()));
    }

    private static LastNightEntry night(Report.LastNight night) {
        return new LastNightEntry(
                night.job(),
                night.host(),
                night.result(),
                time(night.startedAt()),
                time(night.endedAt()),
                night.machines(),
                night.failed(),
                night.notStarted());
    }

    private static NightEntry night(Report.NightLine night) {
        return new NightEntry(
                night.date(),
                night.done(),
                night.warnings(),
                night.failed(),
                night.read(),
                night.stored(),
                night.changed(),
                night.seconds());
    }

    private static Optional<ReportStepEntry> step(Report.StepLine step) {
        return ofNullable(step)
                .map(line -> new ReportStepEntry(
                        Instant.parse(line.at()),
                        line.result(),
                        ofNullable(line.machine()),
                        ofNullable(line.disk()),
                        line.text(),
                        ofNullable(line.bytes()),
                        ofNullable(line.free())));
    }

    private static MachineReportEntry machine(Report.MachineLine machine) {
        return new MachineReportEntry(
                machine.machine(),
                machine.result(),
                time(machine.startedAt()),
                ofNullable(machine.seconds()),
                ofNullable(machine.snapshot()),
                ofNullable(machine.error()),
                ofNullable(machine.consistency()),
                ofNullable(machine.freezeSeconds()),
                ofNullable(machine.releaseSeconds()),
                machine.warnings(),
                time(machine.lastGood()),
                ofNullable(machine.host()),
                machine.size(),
                machine.changed(),
                machine.read(),
                machine.storedBytes(),
                ofNullable(machine.bytesPerSecond()),
                machine.disks().stream().map(ReportDocuments::disk).toList(),
                stored(machine.stored()));
    }

    private static List<StoredNightEntry> stored(List<Long> nights) {
        List<StoredNightEntry> entries = new ArrayList<>();
        for (int i = 0; i < nights.size(); i++) {
            if (nights.get(i) >= 0) {
                entries.add(new StoredNightEntry(nights.size() - 1 - i, nights.get(i)));
            }
        }
        return entries;
    }

    private static DiskReportEntry disk(Report.DiskLine disk) {
        return new DiskReportEntry(
                disk.disk(),
                disk.mode(),
                disk.reason(),
                disk.size(),
                disk.changed(),
                disk.read(),
                disk.stored(),
                ofNullable(disk.bytesPerSecond()),
                disk.demotedInARow());
    }

    private static HoldLineEntry hold(Report.HoldLine hold) {
        return new HoldLineEntry(
                hold.id(),
                hold.machine(),
                ofNullable(hold.disk()),
                hold.code(),
                hold.reason(),
                Instant.parse(hold.since()));
    }
}
