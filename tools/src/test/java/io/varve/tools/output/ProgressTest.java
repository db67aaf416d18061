package io.varve.tools.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.store.job.Warning;
import io.varve.tools.document.ProgressDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress on a screen, in a log and as JSON lines, with a clock that the test sets. */
class ProgressTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    private final Screen screen = new Screen();
    private long now;
    private ProgressBoard board;
    private Output output;

    private void begin(ProgressMode mode, int columns) {
        board = new ProgressBoard(screen.writer, columns, () -> now, false);
        output = new Output(screen.writer, screen.writer, false, board);
        output.showProgress(mode, "backup");
    }

    private Progress disk(String name, long total) {
        return Progress.start(output, Subject.disk("reading", "web", name), total);
    }

    /** Passes the time a second at a time, as the board's own thread does. */
    private void pass(int seconds, long bytesEach, Progress... all) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            for (Progress progress : all) {
                progress.add(bytesEach);
            }
            board.refresh();
        }
    }

    @Test
    void aRowPerDiskWithBytesRateAndTimeLeft() {
        begin(ProgressMode.BAR, 100);
        try (Progress first = disk("system", 30 * GIB);
                Progress second = disk("data", 600 * MIB)) {
            pass(10, 30 * MIB, first, second);
        }
        List<String> rows = screen.writes
                .get(9)
                .replaceAll("\u001B\\[[?0-9]*[A-Za-z]", "")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        String bar = rows.get(0).replaceAll(".*(\\[.*\\]).*", "$1");
        assertTrue(bar.matches("\\[ *>? *\\]"), rows.get(0));
        assertTrue(rows.get(0).contains("system    0% ["), rows.get(0));
        assertTrue(rows.get(0).contains("0.3 of 30.0 GiB"), rows.get(0));
        assertTrue(rows.get(0).contains("30.0 MiB/s"), rows.get(0));
        assertTrue(rows.get(0).contains("17 min left"), rows.get(0));
        assertTrue(rows.get(1).contains("data     50% ["), rows.get(1));
        assertTrue(rows.get(1).contains("300.0 of 600.0 MiB"), rows.get(1));
        assertTrue(rows.get(1).contains("10 s left"), rows.get(1));
    }

    /** Nothing flickers: a refresh is a single write, and erases only what follows the new text. */
    @Test
    void aRefreshIsOneWrite() {
        begin(ProgressMode.BAR, 80);
        try (Progress first = disk("a", GIB);
                Progress second = disk("b", GIB)) {
            pass(5, MIB, first, second);
            assertEquals(5, screen.writes.size());
            for (String write : screen.writes) {
                assertTrue(write.matches("(?s)\r(\u001B\\[1A)?\u001B\\[\\?7l[^\u001B]+\u001B\\[K\r\n.*"), write);
            }
            output.warning(new Warning("", Warning.Severity.WARNING, "odd", ""));
            assertEquals(6, screen.writes.size(), "a message and the rows below it are one write, too");
        }
    }

    @Test
    void nothingOldStays() {
        begin(ProgressMode.BAR, 100);
        Progress first = disk("a-disk-with-a-long-name", 3000 * GIB);
        Progress second = disk("b", GIB);
        pass(10, 999 * MIB / 10, first, second);
        assertEquals(2, screen.shown().size());
        output.warning(new Warning("", Warning.Severity.WARNING, "a message that is shorter", ""));
        output.line("result");
        List<String> shown = screen.shown();
        assertEquals(List.of("warning: a message that is shorter", "result"), shown.subList(0, 2));
        assertEquals(4, shown.size(), "" + shown);
        first.close();
        shown = screen.shown();
        assertEquals(3, shown.size(), "" + shown);
        assertTrue(shown.get(2).startsWith("b "), "" + shown);
        second.close();
        second.close();
        assertEquals(List.of("warning: a message that is shorter", "result"), screen.shown());
        output.line("after");
        assertEquals(List.of("warning: a message that is shorter", "result", "after"), screen.shown());
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 61, 71, 72, 73, 80, 100, 132, 200})
    void aRowFits(int columns) {
        begin(ProgressMode.BAR, columns);
        try (Progress longest = disk("数据磁盘-with-a-long-name-in-two-scripts", 990 * GIB);
                Progress other = disk("d", 20 * GIB)) {
            pass(30, 12345678, longest, other);
            for (String row : screen.shown()) {
                assertTrue(ProgressRow.width(row) < columns, columns + ": " + row);
                assertTrue(row.contains(" of ") && row.contains(" GiB"), row);
                assertTrue(row.contains("11.8 MiB/s"), row);
                assertTrue(row.endsWith(" min left"), row);
                assertEquals(columns >= 73, row.contains("%"), row);
            }
        }
    }

    @Test
    void aStretchWithoutDataHasNoTimeLeft() {
        begin(ProgressMode.BAR, 100);
        try (Progress disk = disk("a", GIB)) {
            pass(10, MIB, disk);
            assertTrue(screen.shown().get(0).contains("1.0 MiB/s"), "" + screen.shown());
            pass(40, 0, disk);
            assertTrue(screen.shown().get(0).endsWith("0 B/s"), "" + screen.shown());
            pass(40, 2 * MIB, disk);
            assertTrue(screen.shown().get(0).contains("2.0 MiB/s"), "" + screen.shown());
        }
    }

    @Test
    void manyAreCutShort() {
        begin(ProgressMode.BAR, 80);
        List<Progress> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(disk("disk" + i, GIB));
        }
        pass(1, 1, all.get(0));
        assertEquals(ProgressBoard.MOST_ROWS, screen.shown().size());
        assertEquals("and 13 more", screen.shown().get(ProgressBoard.MOST_ROWS - 1));
        all.forEach(Progress::close);
        assertEquals(List.of(), screen.shown());
    }

    @Test
    void aLogHasALineAMinute() {
        begin(ProgressMode.LINES, 80);
        try (Progress disk = disk("a", 600 * MIB)) {
            pass(59, MIB, disk);
            assertEquals(List.of(), screen.shown());
            pass(121, MIB, disk);
        }
        assertEquals(
                List.of(
                        "a: 10%, 60.0 of 600.0 MiB, 1.0 MiB/s, 9 min 0 s left",
                        "a: 20%, 120.0 of 600.0 MiB, 1.0 MiB/s, 8 min 0 s left",
                        "a: 30%, 180.0 of 600.0 MiB, 1.0 MiB/s, 7 min 0 s left"),
                screen.shown());
    }

    @Test
    void jsonHasALineASecondAndALastOne() throws IOException {
        begin(ProgressMode.JSON, 80);
        try (Progress disk = disk("a\u001B[2J", 600 * MIB)) {
            for (int i = 0; i < 40; i++) {
                now += SECOND / 4;
                disk.add(MIB);
                board.refresh();
            }
        }
        List<String> lines = screen.shown();
        assertEquals(11, lines.size(), "" + lines);
        List<JsonNode> documents = new ArrayList<>();
        for (String line : lines) {
            documents.add(new JsonMapper().readTree(line));
        }
        JsonNode third = documents.get(3);
        assertEquals(ProgressDocument.TYPE, third.path("type").asText());
        assertEquals("backup", third.path("command").asText());
        assertEquals("reading", third.path("phase").asText());
        assertEquals("web", third.path("machine").asText());
        assertEquals("a\u001B[2J", third.path("diskName").asText());
        assertEquals(16 * MIB, third.path("done").asLong());
        assertEquals(600 * MIB, third.path("total").asLong());
        assertEquals(4.0 * MIB, third.path("rate").asDouble());
        assertEquals(146, third.path("etaSeconds").asLong());
        assertTrue(documents.get(0).path("etaSeconds").isMissingNode(), lines.get(0));
        assertEquals(
                "false false false false false false false false false false true",
                String.join(
                        " ",
                        documents.stream()
                                .map(document -> document.path("last").asText())
                                .toList()));
    }

    @Test
    void noneIsSilent() {
        begin(ProgressMode.NONE, 80);
        try (Progress disk = disk("a", GIB)) {
            pass(100, MIB, disk);
        }
        assertEquals(List.of(), screen.shown());
    }

    @Test
    void remainingTimeInWords() {
        assertEquals("0 s left", ProgressRow.left(0));
        assertEquals("59 s left", ProgressRow.left(59));
        assertEquals("1 min 0 s left", ProgressRow.left(60));
        assertEquals("10 min left", ProgressRow.left(600));
        assertEquals("1 h 0 min left", ProgressRow.left(3599));
        assertEquals("23 h 59 min left", ProgressRow.left(24 * 3600 - 60));
        assertEquals("1 d 0 h left", ProgressRow.left(24 * 3600 - 59));
        assertEquals("over 99 d left", ProgressRow.left(Long.MAX_VALUE / 2));
    }
}
