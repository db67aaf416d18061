package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.LoggedVhdx;
import io.varve.adapters.windows.Win32Error;
import io.varve.engine.port.Changes;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through JNA, against the stand-in. */
class VirtdiskTest {
    private static final long SIZE = 8L << 20;
    private static final UUID ID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");

    @TempDir
    Path temp;

    private final List<String> warnings = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private StandIn standIn;
    private Path file;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
        file = temp.resolve("disk.raw");
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(SIZE);
        }
        StandIn.describe(
                file,
                "size " + SIZE,
                "id " + StandIn.hex(ID),
                "recent rctX:00000002",
                "since rctX:00000001",
                "range 0x100000 0x10000",
                "range 0x400000 0x1000",
                "range 0x7fff00 0x100",
                "content " + file);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, standIn.open());
        assertEquals(0, standIn.attached());
        assertEquals(0, standIn.events());
    }

    private RctDisk disk() throws IOException {
        DiskImage image = DiskImages.open(file, Reader.DIRECT);
        try {
            return RctDisk.over(image, file, standIn.virtdisk(), warnings::add, notices::add);
        } catch (IOException | RuntimeException e) {
            image.close(); // else Windows does not let the file be deleted
            throw e;
        }
    }

    private Changes changes(String since) throws IOException {
        try (RctDisk disk = disk()) {
            return disk.tracker().changesSince(since);
        }
    }

    private static final RangeSet TRUTH =
            RangeSet.of(new Range(0x100000, 0x10000), new Range(0x400000, 0x1000), new Range(0x7fff00, 0x100));

    @Test
    void whatADiskTellsOfItself() throws IOException {
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(SIZE, disk.size());
            assertEquals(512, disk.sectorSize());
            assertEquals(ID, disk.identity());
            assertEquals(new VirtualDisk.Tracking(true, false, "rctX:00000002"), disk.tracking());
        }
    }

    @Test
    void aClosedDiskIsAskedNothingMore() throws IOException {
        VirtualDisk disk = standIn.virtdisk().openToAsk(file);
        disk.close();
        disk.close();
        assertThrows(IOException.class, disk::size);
    }

    @Test
    void aLongIdIsReadWhole() throws IOException {
        String longest = "rctX:" + "f".repeat(251);
        StandIn.add(file, "recent " + longest);
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(longest, disk.tracking().mostRecentId());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "page 1", "page 2", "step 4096", "step 1048576", "page 1\nstep 65536"})
    void changesComeHoweverTheyAreTold(String how) throws IOException {
        StandIn.add(file, how);
        assertEquals(new Changes.Known(TRUTH), changes("rctX:00000001"));
    }

    @Test
    void theTokenIsTheMostRecentId() throws IOException {
        try (RctDisk disk = disk()) {
            assertEquals(Optional.of("rctX:00000002"), disk.tracker().token());
            assertFalse(disk.tracker().tokensNameContent());
        }
        StandIn.add(file, "enabled 0");
        try (RctDisk disk = disk()) {
            assertEquals(Optional.empty(), disk.tracker().token());
            Changes.Unknown off =
                    assertInstanceOf(Changes.Unknown.class, disk.tracker().changesSince("rctX:00000001"));
            assertEquals("rct-lost", off.code());
            assertTrue(off.reason().contains("0xC03A002A"), off.reason());
        }
    }

    @Test
    void anIdThatWindowsDoesNotKnowDemotes() throws IOException {
        Changes.Unknown lost = assertInstanceOf(Changes.Unknown.class, changes("rctX:00000000"));
        assertEquals("rct-lost", lost.code());
        assertTrue(lost.reason().contains("0xC03A0030"), lost.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall 1", "count 4000000000", "count 2000", "range 0x900000 0x1000", "range 0x800000 1"})
    void anAnswerThatCannotBeTrueDemotes(String lie) throws IOException {
        StandIn.add(file, lie);
        if (lie.startsWith("count")) {
            // More than there was room for: what lies behind the buffer was overwritten, or nothing is as it says.
            assertThrows(IOException.class, () -> changes("rctX:00000001"));
            return;
        }
        assertEquals(
                "rct-answer-invalid",
                assertInstanceOf(Changes.Unknown.class, changes("rctX:00000001"))
                        .code());
    }

    @Test
    void anotherSizeThanTheFilesDemotes() throws IOException {
        StandIn.add(file, "size " + (SIZE - 512));
        assertEquals(
                "rct-other-size",
                assertInstanceOf(Changes.Unknown.class, changes("rctX:00000001"))
                        .code());
    }

    @ParameterizedTest
    @EnumSource(Win32Error.class)
    void everyErrorHasItsOutcome(Win32Error error) throws IOException {
        StandIn.add(file, "error query " + error.code());
        if (error.outcome() == Win32Error.Outcome.DEMOTE) {
            Changes.Unknown unknown = assertInstanceOf(Changes.Unknown.class, changes("rctX:00000001"));
            assertTrue(unknown.reason().contains(Win32Error.number(error.code())), unknown.reason());
        } else {
            IOException e = assertThrows(IOException.class, () -> changes("rctX:00000001"));
            assertTrue(e.getMessage().contains(Win32Error.number(error.code())), e.getMessage());
            assertTrue(e.getMessage().contains("disk.raw"), e.getMessage());
        }
    }

    @Test
    void aDiskThatIsInUseForAMomentIsWaitedFor() throws IOException {
        StandIn.add(file, "error open 32 3");
        assertEquals(new Changes.Known(TRUTH), changes("rctX:00000001"));
    }

    @ParameterizedTest
    @EnumSource(Win32Error.class)
    void aQueryWhoseErrorMayPassIsAskedAgain(Win32Error error) throws IOException {
        StandIn.add(file, "error query " + error.code() + " 2");
        if (error.outcome() == Win32Error.Outcome.RETRY) {
            assertEquals(new Changes.Known(TRUTH), changes("rctX:00000001"));
        } else if (error.outcome() == Win32Error.Outcome.FAIL) {
            assertThrows(IOException.class, () -> changes("rctX:00000001"));
        }
    }

    /** A VHD, say: Windows refuses the very question whether changes are tracked. */
    @ParameterizedTest
    @EnumSource(Win32Error.class)
    void anErrorOfTheStateOfTrackingCostsTheTokenOrTheDisk(Win32Error error) throws IOException {
        StandIn.add(file, "error info " + error.code());
        if (error.outcome() == Win32Error.Outcome.DEMOTE) {
            try (VirtualDisk asked = standIn.virtdisk().openToAsk(file)) {
                assertEquals(Optional.empty(), RctTracker.of(asked, SIZE).token());
            }
        } else {
            IOException e = assertThrows(IOException.class, () -> disk().close());
            assertTrue(e.getMessage().contains(Win32Error.number(error.code())), e.getMessage());
        }
    }

    @Test
    void withoutTheRightToAttachNothingIsComparedAndTheRightIsNamed() throws IOException {
        StandIn.add(file, "error attach 1314");
        try (RctDisk disk = disk()) {
            assertEquals(new Changes.Known(TRUTH), disk.tracker().changesSince("rctX:00000001"));
        }
        assertEquals(1, notices.size());
        assertTrue(notices.get(0).contains("SeManageVolumePrivilege"), notices.get(0));
    }

    @Test
    void bothReadersAgreeOnADiskWithAnUnfinishedLog() throws IOException {
        LoggedVhdx logged = new LoggedVhdx();
        logged.write(0, 3);
        logged.write(2, 5);
        Path vhdx = Files.write(temp.resolve("logged.vhdx"), logged.file);
        Path seen = temp.resolve("seen.raw"); // what a reader sees that has replayed the log
        try (RandomAccessFile raw = new RandomAccessFile(seen.toFile(), "rw")) {
            raw.setLength(4L << 30);
            raw.write(3);
            raw.seek(2 * 512L * LoggedVhdx.MIB);
            raw.write(5);
        }
        try (DiskImage image = DiskImages.open(vhdx, Reader.DIRECT)) {
            StandIn.describe(
                    vhdx,
                    "size " + image.size(),
                    "id " + StandIn.hex(image.guid().orElseThrow()),
                    "recent rctX:00000002",
                    "since rctX:00000001",
                    "content " + seen);
            try (VirtualDisk asked = standIn.virtdisk().openToAsk(vhdx)) {
                AttachedDisk attached = asked.attach(text -> {});
                for (int cell = 0; cell < 4; cell++) {
                    ByteBuffer ours = ByteBuffer.allocate(1);
                    ByteBuffer theirs = ByteBuffer.allocate(1);
                    image.read(cell * 512L * LoggedVhdx.MIB, ours);
                    attached.read(cell * 512L * LoggedVhdx.MIB, theirs);
                    assertEquals(cell == 0 ? 3 : cell == 2 ? 5 : 0, ours.get(0), "cell " + cell);
                    assertEquals(ours.get(0), theirs.get(0), "cell " + cell);
                }
                attached.close();
                asked.detach();
            }
        }
    }

    @Test
    void aDiskThatStaysInUseOrIsNotThereFails() throws IOException {
        StandIn.add(file, "error open 32");
        IOException inUse = assertThrows(IOException.class, () -> changes("rctX:00000001"));
        assertTrue(inUse.getMessage().contains("another process has the file open"), inUse.getMessage());
        assertThrows(IOException.class, () -> standIn.virtdisk().openToAsk(temp.resolve("missing.vhdx")));
    }

    @Test
    void trackingIsSwitchedOnAndOff() throws IOException {
        for (boolean on : new boolean[] {false, true}) {
            try (VirtualDisk disk = standIn.virtdisk().openToChange(file)) {
                disk.setTracking(on);
                assertEquals(on, disk.tracking().enabled());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"async 0", "async 1", "sector 4096"})
    void bothReadersSeeTheSame(String how) throws IOException {
        StandIn.add(file, how);
        byte[] content = new byte[(int) SIZE];
        new SplittableRandom(1).nextBytes(content);
        Files.write(file, content);
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            AttachedDisk attached = disk.attach(text -> {});
            assertEquals(SIZE, attached.size());
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < 100; i++) {
                int from = random.nextInt((int) SIZE);
                int length = random.nextInt(Math.min((int) SIZE - from, 3 << 20) + 1);
                ByteBuffer target = ByteBuffer.allocate(length);
                attached.read(from, target);
                assertEquals(ByteBuffer.wrap(content, from, length), target.flip(), from + "+" + length);
            }
            assertThrows(IndexOutOfBoundsException.class, () -> attached.read(SIZE - 1, ByteBuffer.allocate(2)));
            attached.close();
        }
        try (RctDisk disk = disk()) {
            assertEquals("raw", disk.format());
            assertEquals(0, standIn.attached(), "only to compare");
        }
        assertEquals(List.of(), warnings);
        assertEquals(List.of(), notices);
    }

    @Test
    void whereWindowsReadsOtherBytesItIsWindowsThatReads() throws IOException {
        byte[] other = new byte[(int) SIZE];
        new SplittableRandom(3).nextBytes(other);
        StandIn.add(file, "content " + Files.write(temp.resolve("other.raw"), other));
        try (RctDisk disk = disk()) {
            assertEquals("virtdisk", disk.format());
            ByteBuffer target = ByteBuffer.allocate(100_000);
            disk.read(12_345, target);
            assertEquals(ByteBuffer.wrap(other, 12_345, 100_000), target.flip());
        }
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("at offset 0"), warnings.get(0));
    }

    @Test
    void whatCannotBeAttachedIsNotCompared() throws IOException {
        StandIn.add(file, "error attach 1314");
        try (RctDisk disk = disk()) {
            assertEquals("raw", disk.format());
        }
        assertTrue(notices.get(0).contains("1314"), "" + notices);
    }

    @Test
    void aReadThatFailsNamesThePlaceAndTheError() throws IOException {
        StandIn.add(file, "error read 23");
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file);
                AttachedDisk attached = disk.attach(text -> {})) {
            IOException e = assertThrows(IOException.class, () -> attached.read(8192, ByteBuffer.allocate(512)));
            assertTrue(e.getMessage().contains("512 bytes at offset 8192"), e.getMessage());
            assertTrue(e.getMessage().contains("error 23"), e.getMessage());
        }
        assertThrows(IOException.class, this::disk);
    }
}
