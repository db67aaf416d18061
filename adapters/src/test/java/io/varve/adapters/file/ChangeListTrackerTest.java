package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.Changes;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeListTrackerTest {
    private static final long SIZE = 1L << 40;

    @TempDir
    Path folder;

    private Changes changes(byte[] list) throws IOException {
        return tracker(Files.write(folder.resolve("list.json"), list)).changesSince("monday");
    }

    private Changes changes(String list) throws IOException {
        return changes(list.getBytes(StandardCharsets.UTF_8));
    }

    private static ChangeListTracker tracker(Path file) {
        return new ChangeListTracker(file, SIZE, "monday", Optional.of("tuesday"));
    }

    private static Changes known(Range... ranges) {
        return new Changes.Known(RangeSet.of(ranges));
    }

    @Test
    void soundLists() throws IOException {
        assertEquals(known(), changes("[]"));
        assertEquals(known(new Range(0, 1)), changes("[{\"offset\":0,\"length\":1}]"));
        assertEquals(known(new Range(0, SIZE)), changes(" [ {\"length\" : " + SIZE + ", \"offset\" : 0 } ]\n"));
        assertEquals(
                known(new Range(5, 20), new Range(100, 1)),
                changes("[{\"offset\":100,\"length\":1},{\"offset\":10,\"length\":15},{\"offset\":5,\"length\":7}]"));
    }

    @Test
    void everythingElseIsUnknown() throws IOException {
        for (String list : List.of(
                "",
                " ",
                "x",
                "{}",
                "[",
                "[]]",
                "[],",
                "[] []",
                "null",
                "17",
                "[1]",
                "[[]]",
                "[null]",
                "[{}]",
                "[{\"offset\":0}]",
                "[{\"length\":1}]",
                "[{\"offset\":0,\"length\":0}]",
                "[{\"offset\":-1,\"length\":1}]",
                "[{\"offset\":0,\"length\":-1}]",
                "[{\"offset\":0,\"length\":1.0}]",
                "[{\"offset\":0.5,\"length\":1}]",
                "[{\"offset\":1e3,\"length\":1}]",
                "[{\"offset\":\"0\",\"length\":1}]",
                "[{\"offset\":0,\"length\":null}]",
                "[{\"offset\":0,\"length\":true}]",
                "[{\"offset\":0,\"length\":[1]}]",
                "[{\"offset\":0,\"length\":1,\"more\":1}]",
                "[{\"offset\":0,\"offset\":0,\"length\":1}]",
                "[{\"offset\":0,\"length\":1,\"length\":1}]",
                "[{\"offset\":0,\"length\":" + (SIZE + 1) + "}]",
                "[{\"offset\":1,\"length\":" + SIZE + "}]",
                "[{\"offset\":" + SIZE + ",\"length\":1}]",
                "[{\"offset\":9223372036854775807,\"length\":1}]",
                "[{\"offset\":1,\"length\":9223372036854775807}]",
                "[{\"offset\":9223372036854775808,\"length\":1}]",
                "[{\"offset\":0,\"length\":18446744073709551617}]",
                "[{\"offset\":0,\"length\":" + "9".repeat(2000) + "}]",
                "[".repeat(5000),
                "[{\"" + "a".repeat(99_999) + "\":1}]",
                "[{\"offset\":0,\"length\":1},]",
                "[{\"offset\":00,\"length\":1}]",
                "[{'offset':0,'length':1}]",
                "[{\"offset\":0,\"length\":NaN}]",
                "[{\"offset\":0,\"length\":1}] // done",
                "[{\"offset\":0,\"length\":1}")) {
            Changes.Unknown unknown = assertInstanceOf(Changes.Unknown.class, changes(list), list);
            assertEquals("change-list-invalid", unknown.code());
            assertTrue(unknown.reason().contains("list.json"), unknown.reason());
            assertTrue(unknown.reason().contains("expected"), unknown.reason());
            assertTrue(unknown.reason().length() < 1000, unknown.reason());
        }
    }

    /** Found by fuzzing: the parser judges the encoding before it is asked for anything. */
    @Test
    void strangeEncodingsAreUnknown() throws IOException {
        Path file = folder.resolve("list.json");
        for (byte[] start :
                new byte[][] {{0, 0, '[', 0}, {0, '[', 0, 0}, {0, 0, (byte) 0xFF, (byte) 0xFE}, {-1, -2, 0, 1}}) {
            Files.write(file, start);
            assertThrows(CorruptDataException.class, () -> ChangeListFile.read(file, SIZE));
        }
    }

    @Test
    void damagedListIsUnknownOrAnotherList() throws IOException {
        byte[] list = "[{\"offset\":100,\"length\":1},{\"offset\":10,\"length\":15}]".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < list.length; length++) {
            assertInstanceOf(Changes.Unknown.class, changes(Arrays.copyOf(list, length)), "cut at " + length);
        }
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1000; round++) {
            byte[] bad = list.clone();
            for (int times = random.nextInt(1, 4); times > 0; times--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Changes changes = changes(bad);
            if (changes instanceof Changes.Known) {
                assertTrue(((Changes.Known) changes).ranges().endOffset() <= SIZE, "seed " + seed);
            }
        }
    }

    @Test
    void unsortedOverlappingListEqualsTheModel() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Range> ranges = new ArrayList<>();
        StringBuilder list = new StringBuilder("[");
        for (int i = 0; i < 300_000; i++) {
            Range range = new Range(random.nextLong(SIZE - (1 << 20)), random.nextInt(1, 1 << 20));
            ranges.add(range);
            list.append(i == 0 ? "" : ",")
                    .append("{\"offset\":")
                    .append(range.offset())
                    .append(",\"length\":")
                    .append(range.length())
                    .append('}');
        }
        assertEquals(
                new Changes.Known(RangeSet.of(ranges)), changes(list.append(']').toString()), "seed " + seed);
    }

    @Test
    void listOutOfAllProportionIsUnknown() throws IOException {
        Path file = folder.resolve("list.json");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("[{\"offset\":0,\"length\":1}");
            List<Integer> places = new ArrayList<>();
            for (int i = 1; i < 1000; i++) {
                places.add(i);
            }
            Collections.shuffle(places, new Random(1));
            for (int piece = 0; piece < 2200; piece++) {
                for (int place : places) {
                    out.write(",{\"offset\":" + (piece * 1000L + place) * 4096 + ",\"length\":1}");
                }
            }
            out.write("]");
        }
        Changes.Unknown unknown =
                assertInstanceOf(Changes.Unknown.class, tracker(file).changesSince("monday"));
        assertTrue(unknown.reason().contains("at most 2097152 ranges"), unknown.reason());
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength((512L << 20) + 1);
        }
        unknown = assertInstanceOf(Changes.Unknown.class, tracker(file).changesSince("monday"));
        assertTrue(unknown.reason().contains("at most 536870912 bytes"), unknown.reason());
    }

    @Test
    void tokens() throws IOException {
        ChangeListTracker tracker = tracker(folder.resolve("missing"));
        assertEquals(Optional.of("tuesday"), tracker.token());
        assertEquals(Optional.of("monday"), tracker.baseToken());
        Changes.Unknown other = assertInstanceOf(Changes.Unknown.class, tracker.changesSince("sunday"));
        assertEquals("token-mismatch", other.code());
        assertTrue(other.reason().contains("\"sunday\"") && other.reason().contains("\"monday\""), other.reason());
        Changes.Unknown missing = assertInstanceOf(Changes.Unknown.class, tracker.changesSince("monday"));
        assertEquals("change-list-invalid", missing.code());
        assertInstanceOf(Changes.Unknown.class, tracker(folder).changesSince("monday"));
    }
}
