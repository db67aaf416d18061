package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.Mode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.output.BackupReport;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupReportTest {
    private static final int MIB = 1 << 20;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Output output(boolean json) {
        return new Output(new PrintWriter(out), new PrintWriter(err), json);
    }

    private static DiskRecord disk(int number, String name, int mib) {
        return new DiskRecord(
                number,
                name,
                true,
                Optional.empty(),
                name + ".raw",
                "raw",
                (long) mib * MIB,
                512,
                512,
                64 << 10,
                ChunkId.ZERO,
                Optional.empty(),
                "full",
                "first-backup",
                "first",
                new DiskCounters((long) mib * MIB, (long) mib * MIB, 0, (long) mib * MIB, (long) mib * MIB, 0));
    }

    private static void begin(BackupReport report, DiskRecord disk) {
        report.on(new BackupEvent.DiskStarted(disk.name(), Mode.FULL, "first", disk.size()));
    }

    private static void end(BackupReport report, DiskRecord disk) {
        report.on(new BackupEvent.BytesRead(disk.name(), disk.size()));
        report.on(new BackupEvent.DiskDone(disk, 1_000_000_000));
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    /** A result follows the line of its disk, or says whose it is. */
    @Test
    void resultsSayWhoseTheyAre() {
        DiskRecord a = disk(1, "a", 1);
        DiskRecord b = disk(2, "b", 2);
        DiskRecord c = disk(3, "c", 3);
        try (BackupReport report = new BackupReport(output(false), "m")) {
            begin(report, a);
            begin(report, b);
            end(report, b);
            begin(report, c);
            end(report, a);
            end(report, c);
        }
        List<String> lines = lines();
        assertEquals(11, lines.size(), out::toString);
        assertEquals("disk a: full (first)", lines.get(0));
        assertEquals("disk b: full (first)", lines.get(1));
        assertTrue(lines.get(2).startsWith("  changed 2.0 MiB"), lines.get(2));
        assertEquals("disk c: full (first)", lines.get(4));
        assertEquals("disk a: done", lines.get(5));
        assertTrue(lines.get(6).startsWith("  changed 1.0 MiB"), lines.get(6));
        assertEquals("disk c: done", lines.get(8));
        assertTrue(lines.get(9).startsWith("  changed 3.0 MiB"), lines.get(9));
    }

    @Test
    void oneAfterTheOtherNeedsNoNames() {
        try (BackupReport report = new BackupReport(output(false), "m")) {
            for (DiskRecord disk : List.of(disk(1, "a", 1), disk(2, "b", 2))) {
                begin(report, disk);
                end(report, disk);
            }
        }
        assertEquals(6, lines().size(), out::toString);
    }

    @Test
    void jsonKeepsTheCheckpointsOrder() throws IOException {
        Output output = output(true);
        DiskRecord a = disk(1, "a", 1);
        DiskRecord b = disk(2, "b", 2);
        try (BackupReport report = new BackupReport(output, "m")) {
            begin(report, a);
            begin(report, b);
            end(report, b);
            end(report, a);
        }
        output.finish(ExitCode.DONE);
        JsonNode disks = new JsonMapper().readTree(out.toString()).path("disks");
        assertEquals(List.of("a", "b"), disks.findValuesAsText("name"));
    }

    @Test
    void whatIsLeftAtTheSourceHasAnExitCodeOfItsOwn() {
        Output output = output(false);
        try (BackupReport report = new BackupReport(output, "m")) {
            report.on(new BackupEvent.Warning("clock", "odd"));
            assertEquals(ExitCode.WARNINGS, output.exitCode());
            report.on(
                    new BackupEvent.Warning("source-not-clean", "the snapshot is complete, but a checkpoint is left"));
        }
        assertEquals(ExitCode.SOURCE_NOT_CLEAN, output.exitCode());
        assertTrue(err.toString().contains("a checkpoint is left"), err.toString());
    }
}
