package io.varve.tools.backup;

import io.varve.store.check.FsckReport;
import io.varve.store.fault.Count;
import io.varve.tools.output.ByteSize;
import java.time.Instant;
import java.util.Map;

/**
 * A check of the repository as it is recorded, whether a night or a person ran it.
 *
 * @param text for the operator, one line
 * @param numbers of the result, by name
 */
public record CheckStep(String text, Map<String, Long> numbers) {
    /** Its name in records. */
    public static final String NAME = "fsck";

    /** What it found out. */
    public static CheckStep of(FsckReport report) {
        long oldest = report.read().oldest().map(Instant::getEpochSecond).orElse(0L);
        String read = report.packsRead() == 0
                ? "structure only"
                : Count.of(report.packsRead(), "pack") + " read, " + ByteSize.text(report.bytesRead());
        return new CheckStep(
                Count.of(report.snapshots(), "snapshot") + ", " + Count.of(report.packs(), "pack") + ", " + read,
                Map.of(
                        "readBytes", report.bytesRead(),
                        "packBytes", report.read().bytes(),
                        "unreadBytes", report.read().unreadBytes(),
                        "oldestReadSecond", oldest));
    }
}
