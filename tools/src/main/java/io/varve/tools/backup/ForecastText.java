package io.varve.tools.backup;

import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.DiskForecast;
import io.varve.tools.document.BackupPlanDocument;
import io.varve.tools.document.PlannedDiskEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.WarningCode;

/** Tells what a backup would do. */
final class ForecastText {
    private ForecastText() {}

    static void print(String machine, BackupJob.Forecast forecast, Output output) {
        output.line(
                "machine %s: %s",
                machine,
                forecast.parent()
                        .map(parent -> "would be compared with snapshot " + parent.id())
                        .orElse("has no snapshot yet"));
        for (DiskForecast disk : forecast.disks()) {
            output.line(
                    "disk %s: %s (%s)", Printable.name(disk.name()), disk.mode().word(), disk.reason());
            output.line(
                    "  would read %s of %s from %s (%s)%s%s",
                    ByteSize.text(disk.bytesToRead()),
                    ByteSize.text(disk.size()),
                    disk.location(),
                    disk.format(),
                    disk.bytesToAudit() == 0
                            ? ""
                            : ", and about " + ByteSize.text(disk.bytesToAudit()) + " to check the change list",
                    disk.pairedWith()
                            .filter(name -> !name.equals(disk.name()))
                            .map(name -> "; was disk " + Printable.name(name))
                            .orElse(""));
        }
        forecast.alarms().forEach(alarm -> output.warning(WarningCode.of(alarm.code(), alarm.message())));
        output.line("dry run: nothing was stored");
        output.document(() -> new BackupPlanDocument(
                true,
                machine,
                forecast.parent().map(parent -> parent.id().text()),
                forecast.disks().stream().map(ForecastText::entry).toList()));
    }

    private static PlannedDiskEntry entry(DiskForecast disk) {
        return new PlannedDiskEntry(
                disk.number(),
                disk.name(),
                disk.location(),
                disk.format(),
                disk.size(),
                disk.pairedWith(),
                disk.mode().word(),
                disk.reasonCode(),
                disk.reason(),
                disk.bytesToRead(),
                disk.bytesToAudit());
    }
}
