package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.windows.NoAnswerException;
import io.varve.adapters.windows.Patience;
import io.varve.engine.Cancellation;
import io.varve.engine.port.Changes;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that is slow, or does not answer at all. */
@Timeout(120)
class HangingHostTest {
    private static final int SIZE = 4 << 20;
    private static final int LIMIT = 1500;

    @TempDir
    Path temp;

    private final List<String> said = new ArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private StandIn standIn;
    private Virtdisk virtdisk;
    private Path file;
    private Path over;
    private byte[] content;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
        virtdisk = standIn.virtdisk(new Patience(LIMIT, cancellation));
        content = new byte[SIZE];
        new SplittableRandom(4).nextBytes(content);
        file = Files.write(temp.resolve("disk.raw"), content);
        over = temp.resolve("over");
        StandIn.describe(
                file,
                "size " + SIZE,
                "id " + StandIn.hex(new UUID(1, 2)),
                "recent rctX:2",
                "since rctX:1",
                "range 65536 4096",
                "content " + file);
    }

    /** What hung returns at last; then nothing may be open, as if it had been closed at once. */
    @AfterEach
    void nothingIsLeftOpen() throws Exception {
        Files.writeString(over, "over");
        for (int i = 0; i < 200 && standIn.open() + standIn.attached() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertEquals(0, standIn.open());
        assertEquals(0, standIn.attached());
    }

    private void hang(String call) throws IOException {
        StandIn.add(file, "hang " + call + " " + over);
    }

    private RctDisk open(DiskImage image) throws IOException {
        return RctDisk.over(image, file, virtdisk, said::add, said::add);
    }

    private static void assertNamesTheStep(IOException e, String step) {
        assertTrue(e.getMessage().contains("disk.raw: cannot " + step), e.getMessage());
        assertTrue(e.getMessage().contains("Windows has not answered for"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "info", "attach"})
    void slowIsNotHanging(String call) throws IOException {
        StandIn.add(file, "slow " + call + " 500\nslow query 500\nslow detach 500\nslow close 500");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = open(image)) {
            Changes answer = disk.tracker().changesSince("rctX:1");
            assertEquals(new Changes.Known(RangeSet.of(new Range(65536, 4096))), answer);
        }
        assertEquals(List.of(), said);
    }

    @Test
    void anOpenThatHangsFailsTheDisk() throws IOException {
        hang("open");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            assertNamesTheStep(assertThrows(NoAnswerException.class, () -> open(image)), "open this virtual disk");
        }
    }

    @Test
    void aQuestionThatHangsFailsTheDisk() throws IOException {
        hang("info");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            assertNamesTheStep(assertThrows(NoAnswerException.class, () -> open(image)), "tell its format");
        }
    }

    /** The engine takes a tracker that fails for one without a list: the disk is read whole, by our own reader. */
    @Test
    void aQueryThatHangsCostsTheListAndNotTheDisk() throws IOException {
        hang("query");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = open(image)) {
            IOException e =
                    assertThrows(NoAnswerException.class, () -> disk.tracker().changesSince("rctX:1"));
            assertNamesTheStep(e, "tell what changed");
            IOException again =
                    assertThrows(IOException.class, () -> disk.tracker().changesSince("rctX:1"));
            assertTrue(again.getMessage().contains("a call of Windows about it hangs"), again.getMessage());
            assertEquals("rctX:2", disk.tracker().token().orElseThrow());
            assertReads(disk);
        }
    }

    private void assertReads(DiskImage disk) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SIZE);
        disk.read(0, all);
        assertEquals(ByteBuffer.wrap(content), all.flip());
    }

    @Test
    void anAttachThatHangsCostsTheComparisonAndTheList() throws IOException {
        hang("attach");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = open(image)) {
            assertTrue(said.get(0).contains("not compared with what Windows reads"), "" + said);
            assertTrue(said.get(0).contains("cannot attach it: Windows has not answered"), "" + said);
            assertThrows(IOException.class, () -> disk.tracker().changesSince("rctX:1"));
            assertReads(disk);
        }
    }

    /** Windows gives the value of a closed handle to another file: what is read then would be stored as the disk. */
    @Test
    void aLateAnswerClosesNothingThatIsStillRead() throws Exception {
        byte[] theirs = new byte[SIZE];
        new SplittableRandom(5).nextBytes(theirs);
        StandIn.add(file, "content " + Files.write(temp.resolve("theirs.raw"), theirs));
        hang("query");
        DiskImage image = DiskImages.open(file, Reader.DIRECT);
        RctDisk disk = open(image);
        assertEquals("virtdisk", disk.format());
        assertThrows(NoAnswerException.class, () -> disk.tracker().changesSince("rctX:1"));
        ByteBuffer all = ByteBuffer.allocate(SIZE);
        disk.read(0, all.limit(SIZE / 2));
        Files.writeString(over, "over");
        TimeUnit.MILLISECONDS.sleep(500); // the query returns
        assertEquals(1, standIn.open());
        disk.read(SIZE / 2, all.limit(SIZE));
        assertEquals(ByteBuffer.wrap(theirs), all.flip());
        assertThrows(IOException.class, () -> disk.tracker().changesSince("rctX:1"));
        disk.close();
        assertEquals(0, standIn.open());
        IOException closed = assertThrows(IOException.class, () -> disk.read(0, ByteBuffer.allocate(512)));
        assertTrue(closed.getMessage().contains("disk.raw: closed"), closed.getMessage());
        disk.close();
    }

    /** Our own reader reads, so the disk is not lost. */
    @Test
    void aDetachThatHangsCostsTheListAndNotTheDisk() throws IOException {
        hang("detach");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = open(image)) {
            assertEquals(1, said.size(), "" + said);
            assertTrue(said.get(0).contains("cannot detach it: Windows has not answered"), "" + said);
            assertThrows(IOException.class, () -> disk.tracker().changesSince("rctX:1"));
            assertReads(disk);
        }
    }

    /** A note for the next process that cannot be made is no reason to lose the disk. */
    @Test
    void aDiskIsAttachedWithoutANoteAsWell() throws IOException {
        Files.writeString(temp.resolve("attachments"), "no folder");
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = open(image)) {
            assertEquals(1, said.size(), "" + said);
            assertTrue(said.get(0).contains("attached without a note"), "" + said);
            assertReads(disk);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"detach", "close"})
    void aCloseThatHangsIsGivenUp(String call) throws IOException {
        hang(call);
        VirtualDisk disk = virtdisk.openToAsk(file);
        disk.attach(text -> {}).close();
        IOException e = assertThrows(NoAnswerException.class, disk::close);
        assertNamesTheStep(e, call + " it");
        disk.close();
    }

    /** Windows takes the read back, so the disk can be closed. */
    @Test
    void aReadThatHangsIsTakenBack() throws IOException {
        hang("read");
        VirtualDisk disk = virtdisk.openToAsk(file);
        AttachedDisk attached = disk.attach(text -> {});
        IOException e = assertThrows(NoAnswerException.class, () -> attached.read(512, ByteBuffer.allocate(512)));
        assertNamesTheStep(e, "read 512 bytes at offset 512");
        attached.close();
        disk.close();
        assertEquals(0, standIn.open());
        assertEquals(0, standIn.events());
    }

    /** Its memory and its event stay as they are for as long as the process lives. */
    @Test
    void aReadThatCannotBeTakenBackKeepsItsMemory() throws IOException {
        hang("read");
        hang("cancel");
        VirtualDisk disk = virtdisk.openToAsk(file);
        AttachedDisk attached = disk.attach(text -> {});
        assertThrows(NoAnswerException.class, () -> attached.read(0, ByteBuffer.allocate(512)));
        attached.close();
        disk.close();
        assertEquals(1, standIn.events());
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "attach", "read"})
    void aStopEndsTheWaiting(String call) throws Exception {
        hang(call);
        virtdisk = standIn.virtdisk(new Patience(TimeUnit.MINUTES.toMillis(5), 300, cancellation));
        Thread stopping = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(300);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            cancellation.request();
        });
        long began = System.nanoTime();
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            stopping.start();
            InterruptedIOException e = assertThrows(InterruptedIOException.class, () -> open(image));
            assertTrue(e.getMessage().startsWith("stopped on request"), e.getMessage());
        }
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20));
        stopping.join();
    }

    /** Ctrl-C: what takes its time is undone all the same, and nothing is noted for the next process to find. */
    @Test
    void aStopLeavesNothingAttachedAndNoNote() throws IOException {
        StandIn.add(file, "slow detach 300\nslow close 300");
        VirtualDisk disk = virtdisk.openToAsk(file);
        disk.attach(said::add);
        assertEquals(1, standIn.notes().size());
        cancellation.request();
        Thread.currentThread().interrupt();
        disk.close();
        assertTrue(Thread.interrupted(), "the request to stop is forgotten");
        assertEquals(List.of(), standIn.notes());
        assertEquals(0, standIn.attached());
        assertEquals(List.of(), said);
    }

    /** The call that was left returns a moment later, and what it did is undone. */
    @Test
    void aStopDuringASlowAttachLeavesNothingEither() throws IOException {
        StandIn.add(file, "slow attach 500");
        VirtualDisk disk = virtdisk.openToAsk(file);
        cancellation.request();
        assertThrows(InterruptedIOException.class, () -> disk.attach(said::add));
        assertEquals(1, standIn.notes().size());
        disk.close();
        assertEquals(List.of(), standIn.notes());
        assertEquals(0, standIn.attached());
    }

    @Test
    void anErrorOfACallIsNotHidden() {
        Patience patience = new Patience(LIMIT, cancellation);
        IllegalStateException broken = new IllegalStateException("broken");
        IllegalStateException thrown = assertInstanceOf(
                IllegalStateException.class,
                assertThrows(
                        RuntimeException.class,
                        () -> patience.call(
                                "x",
                                "y",
                                () -> {
                                    throw broken;
                                },
                                () -> {})));
        assertEquals(broken, thrown);
    }
}
