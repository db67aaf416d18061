package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.windows.Win32Error;
import io.varve.engine.port.Changes;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many nights with random faults: nothing stays open or attached, and no list leaves a change out. */
class ThousandNightsTest {
    private static final int SIZE = 2 << 20;
    private static final int BLOCK = 64 << 10;
    private static final String NOTHING = "open 0 attached 0 events 0";
    private static final List<Win32Error> ERRORS = List.of(Win32Error.values());
    private static final List<String> CALLS = List.of("open", "info", "query", "attach", "read");
    private static final List<String> ODDITIES = List.of("stall 1", "count 99999", "page 1", "step 70000", "async 1");

    @TempDir
    private Path temp;

    private StandIn standIn;
    private Path file;
    private Path state;
    private int failed;
    private int unknown;
    private int known;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
        state = temp.resolve("state");
        standIn.keepState(state);
        file = Files.write(temp.resolve("disk.raw"), new byte[SIZE]);
    }

    private String state() throws IOException {
        return Files.readString(state).trim();
    }

    private RangeSet write(SplittableRandom random) throws IOException {
        List<Range> written = new ArrayList<>();
        try (FileChannel disk = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                long at = (long) random.nextInt(SIZE / BLOCK) * BLOCK;
                byte[] block = new byte[BLOCK];
                random.nextBytes(block);
                disk.write(ByteBuffer.wrap(block), at);
                written.add(new Range(at, BLOCK));
            }
        }
        return RangeSet.of(written);
    }

    private static List<String> faults(SplittableRandom random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Win32Error error = ERRORS.get(random.nextInt(ERRORS.size()));
            String times = random.nextBoolean() ? "" : " " + (1 + random.nextInt(3));
            lines.add("error " + CALLS.get(random.nextInt(CALLS.size())) + " " + error.code() + times);
        }
        if (random.nextInt(3) == 0) {
            lines.add(ODDITIES.get(random.nextInt(ODDITIES.size())));
        }
        return lines;
    }

    @Test
    void threeHundredNights() throws IOException {
        nothingIsLeftAndNothingIsLeftOut(300);
    }

    @Test
    @Tag("long")
    void aThousandNights() throws IOException {
        nothingIsLeftAndNothingIsLeftOut(1000);
    }

    private void nothingIsLeftAndNothingIsLeftOut(int nights) throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        RangeSet since = RangeSet.of();
        String token = "rct:0";
        for (int night = 1; night <= nights; night++) {
            String label = "seed " + seed + ", night " + night;
            since = since.union(write(random));
            List<String> lines = new ArrayList<>(List.of(
                    "size " + SIZE,
                    "id " + StandIn.hex(new UUID(1, 2)),
                    "recent rct:" + night,
                    "since " + token,
                    "content " + file));
            since.forEach(range -> lines.add("range " + range.offset() + " " + range.length()));
            lines.addAll(faults(random));
            StandIn.describe(file, lines.toArray(String[]::new));
            standIn.reset();
            if (isBackedUp(token, since, label) && random.nextInt(5) > 0) {
                token = "rct:" + night;
                since = RangeSet.of();
            }
            assertEquals(NOTHING, state(), label);
        }
        assertTrue(
                failed > nights / 20 && unknown > nights / 20 && known > nights / 5,
                failed + " failed, " + unknown + " without a list, " + known);
    }

    /** @return whether everything was read, so that the next list may start from tonight's token */
    private boolean isBackedUp(String token, RangeSet changed, String label) throws IOException {
        DiskImage image = DiskImages.open(file, Reader.DIRECT);
        RctDisk disk;
        try {
            disk = RctDisk.over(image, file, standIn.virtdisk(), warning -> {}, notice -> {});
        } catch (IOException e) {
            failed++;
            image.close();
            return false;
        }
        try (disk) {
            try {
                if (disk.tracker().changesSince(token) instanceof Changes.Known list) {
                    known++;
                    assertEquals(changed, changed.intersect(list.ranges()), label);
                } else {
                    unknown++;
                }
            } catch (IOException e) {
                unknown++;
            }
            ByteBuffer content = ByteBuffer.allocate(SIZE);
            disk.read(0, content);
            assertEquals(ByteBuffer.wrap(Files.readAllBytes(file)), content.flip(), label);
            return disk.tracker().token().isPresent();
        } catch (IOException e) {
            failed++;
            return false;
        }
    }

    @Test
    void aLeakIsSeen() throws IOException {
        StandIn.describe(file, "size " + SIZE, "id " + StandIn.hex(new UUID(1, 2)), "recent rct:1", "content " + file);
        VirtualDisk leaked = standIn.virtdisk().openToAsk(file);
        AttachedDisk attached = leaked.attach(text -> {});
        attached.read(0, ByteBuffer.allocate(512));
        assertEquals("open 1 attached 1 events 1", state());
        assertNotEquals(NOTHING, state());
        attached.close();
        leaked.close();
        assertEquals(NOTHING, state());
    }
}
