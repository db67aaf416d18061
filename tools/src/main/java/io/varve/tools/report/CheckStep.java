package io.varve.tools.report;

import io.varve.store.check.FsckOptions.Level;
import io.varve.store.check.FsckReport;
import io.varve.store.fault.Count;
import io.varve.store.job.NightRecord;
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

    private static final String LEVEL = "level";
    private static final String READ = "readBytes";

    /** What it found out. */
    public static CheckStep of(FsckReport report, Level level) {
        long oldest = report.read().oldest().map(Instant::getEpochSecond).orElse(0L);
        String read = level == Level.STRUCTURE
                ? "structure only"
                : Count.of(report.packsRead(), "pack")
                        + (level == Level.DEEP ? " read and decoded, " : " read, ")
                        + ByteSize.text(report.bytesRead());
        return new CheckStep(
                Count.of(report.snapshots(), "snapshot") + ", " + Count.of(report.packs(), "pack") + ", " + read,
                Map.of(
                        READ,
                        report.bytesRead(),
                        "packBytes",
                        report.read().bytes(),
                        "unreadBytes",
                        report.read().unreadBytes(),
                        "oldestReadSecond",
                        oldest,
                        LEVEL,
                        number(level)));
    }

    private static long number(Level level) {
        return switch (level) {
            case STRUCTURE -> 0;
            case READ_DATA -> 1;
            case DEEP -> 2;
        };
    }

    /**
     * Whether stored data was read, and not only what refers to it. Records of older builds do not say what was asked
     * for: there it counts that something was read.
     */
    public static boolean readsData(NightRecord.Step step) {
        return step.number(LEVEL)
                .map(asked -> asked > number(Level.STRUCTURE))
                .orElseGet(() -> step.number(READ).orElse(0L) > 0);
    }
}
