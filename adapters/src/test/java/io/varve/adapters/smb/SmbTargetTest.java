package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.DiskTargetContract;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.raw.RawTarget;
import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.SignatureException;
import io.varve.adapters.smb.link.Timings;
import io.varve.adapters.vhd.NewVhd;
import io.varve.adapters.vhd.VhdTarget;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** New files on a real Samba, also over a network that does harm. */
class SmbTargetTest {
    private static final Timings TIMINGS =
            new Timings(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(4));
    private static final int SIZE = 3 << 20;

    private static SambaServer samba;

    private final byte[] content = new byte[SIZE];
    private FaultyProxy proxy;
    private SmbServer server;

    @BeforeAll
    static void start() throws Exception {
        samba = SambaServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (samba != null) {
            samba.close();
        }
    }

    @BeforeEach
    void connect() throws IOException {
        for (String name : names()) {
            Files.delete(samba.folder().resolve(name));
        }
        new SplittableRandom(9).nextBytes(content);
        proxy = new FaultyProxy(samba.port());
        SmbLogin login = SmbLogin.byPassword(SambaServer.USER, SambaServer.PASSWORD.toCharArray());
        server = new SmbServer(new ServerAddress(samba.host(), proxy.port()), login, TIMINGS);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        proxy.close();
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(samba.folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private SmbPath path() {
        return new SmbPath(server.address(), "vm", List.of("disk"));
    }

    private SmbTarget target(boolean replace, boolean sparse) throws IOException {
        return SmbTarget.create(server, path(), replace, sparse);
    }

    private void fill(SmbTarget target, int from, int end) throws IOException {
        for (int at = from; at < end; at += 1 << 16) {
            target.write(at, ByteBuffer.wrap(content, at, 1 << 16));
        }
    }

    private void assertComplete() throws IOException {
        assertEquals(List.of("disk"), names());
        assertArrayEquals(content, Files.readAllBytes(samba.folder().resolve("disk")));
    }

    private abstract static class OnShare extends DiskTargetContract {
        @Override
        protected final DiskImage written() throws IOException {
            LocalFile file = new LocalFile(samba.folder().resolve("disk"), Reader.DIRECT);
            return DiskImages.open(file, format(), new ParentSearch(List.of(), true));
        }

        abstract SourceFormat format();
    }

    @Nested
    class Raw extends OnShare {
        @Override
        protected DiskTarget target(long size) throws IOException {
            return RawTarget.create(sparse -> SmbTargetTest.this.target(true, sparse), size);
        }

        @Override
        SourceFormat format() {
            return SourceFormat.RAW;
        }
    }

    @Nested
    class Vhdx extends OnShare {
        @Override
        protected DiskTarget target(long size) throws IOException {
            NewVhdx shape = NewVhdx.ofSize(size).withBlockSize(1 << 20);
            return VhdxTarget.create("disk", sparse -> SmbTargetTest.this.target(true, sparse), shape);
        }

        @Override
        SourceFormat format() {
            return SourceFormat.VHDX;
        }
    }

    @Nested
    class FixedVhdx extends OnShare {
        @Override
        protected DiskTarget target(long size) throws IOException {
            NewVhdx shape = NewVhdx.ofSize(size).asFixed().withBlockSize(1 << 20);
            return VhdxTarget.create("disk", sparse -> SmbTargetTest.this.target(true, sparse), shape);
        }

        @Override
        SourceFormat format() {
            return SourceFormat.VHDX;
        }
    }

    @Nested
    class Vhd extends OnShare {
        @Override
        protected DiskTarget target(long size) throws IOException {
            return VhdTarget.create("disk", sparse -> SmbTargetTest.this.target(true, sparse), NewVhd.ofSize(size));
        }

        @Override
        SourceFormat format() {
            return SourceFormat.VHD;
        }
    }

    @Test
    void theNameAppearsOnlyWhenItIsPublished() throws IOException {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, SIZE);
            assertEquals(1, names().size());
            assertTrue(names().get(0).startsWith("disk.partial-"), names().toString());
            target.publish();
        }
        assertComplete();
    }

    @Test
    void withoutPublishingNothingIsLeft() throws IOException {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, 1 << 16);
        }
        assertEquals(List.of(), names());
    }

    @Test
    void anExistingFileStaysUnlessItIsToBeReplaced() throws IOException {
        Path disk = Files.writeString(samba.folder().resolve("disk"), "mine");
        TargetException early = assertThrows(TargetException.class, () -> target(false, false));
        assertTrue(early.getMessage().contains("exists already"), early.getMessage());
        Files.delete(disk);
        try (SmbTarget target = target(false, false)) {
            Files.writeString(disk, "mine");
            TargetException late = assertThrows(TargetException.class, target::publish);
            assertTrue(late.getMessage().contains("exists already"), late.getMessage());
        }
        assertEquals(List.of("disk"), names());
        assertEquals("mine", Files.readString(disk));
        try (SmbTarget target = target(true, false)) {
            fill(target, 0, SIZE);
            assertEquals("mine", Files.readString(disk));
            target.publish();
        }
        assertComplete();
    }

    @Test
    void partsThatWereNotWrittenTakeNoSpace() throws Exception {
        try (SmbTarget target = target(false, true)) {
            target.setLength(1L << 30);
            target.write(1 << 29, ByteBuffer.wrap(content, 0, 1 << 16));
            target.publish();
        }
        Path disk = samba.folder().resolve("disk");
        assertEquals(1L << 30, Files.size(disk));
        Process du = new ProcessBuilder("du", "-k", disk.toString()).start();
        long kilobytes = Long.parseLong(
                new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split("\\s")[0]);
        assertTrue(kilobytes < 4096, kilobytes + " KiB");
    }

    private void goesOnAfter(FaultyProxy.Harm harm) throws IOException {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, 1 << 20);
            proxy.next(harm);
            fill(target, 1 << 20, SIZE);
            assertEquals(harm == FaultyProxy.Harm.CUT_RENAMED ? 0 : 1, proxy.done());
            target.publish();
            assertEquals(1, proxy.done());
        }
        assertTrue(proxy.takenUp() > 0);
        assertComplete();
    }

    @Test
    void aConnectionCutInTheMiddleOfAWriteGoesOn() throws IOException {
        goesOnAfter(FaultyProxy.Harm.CUT_WRITE);
    }

    @Test
    void aWriteWhoseAnswerIsLostIsRepeated() throws IOException {
        goesOnAfter(FaultyProxy.Harm.CUT_WRITTEN);
    }

    @Test
    void aRenameWhoseAnswerIsLostCounts() throws IOException {
        goesOnAfter(FaultyProxy.Harm.CUT_RENAMED);
    }

    /** Nobody can tell at the time; the file that has its name by then must not be taken away again. */
    @Test
    void aRenameOfUnknownOutcomeIsNotUndone() throws IOException {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, SIZE);
            proxy.next(FaultyProxy.Harm.AWAY_AFTER_RENAME);
            IOException failure = assertThrows(IOException.class, target::publish);
            assertFalse(failure instanceof TargetException, failure.toString());
            assertTrue(failure.getMessage().contains("while it got its name"), failure.getMessage());
            proxy.next(FaultyProxy.Harm.NONE);
        }
        assertComplete();
    }

    @Test
    void anAnswerThatSomebodyChangedEndsIt() throws IOException {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, 1 << 20);
            proxy.next(FaultyProxy.Harm.FLIP_WRITTEN);
            TargetException failure = assertThrows(TargetException.class, () -> fill(target, 1 << 20, SIZE));
            assertTrue(proxy.done() > 0);
            assertTrue(failure.getCause() instanceof SignatureException, failure.toString());
            proxy.next(FaultyProxy.Harm.NONE);
            assertThrows(TargetException.class, target::publish);
        }
        assertEquals(List.of(), names());
    }

    /** A killed server keeps no open, and what it had not made durable may be lost. */
    @Test
    void aKilledServerEndsItAndNothingIsLeft() throws Exception {
        try (SmbTarget target = target(false, false)) {
            fill(target, 0, 1 << 20);
            samba.kill();
            samba.startAgain();
            TargetException failure = assertThrows(TargetException.class, () -> fill(target, 1 << 20, SIZE));
            assertTrue(failure.getMessage().contains("Begin again"), failure.getMessage());
        }
        assertEquals(List.of(), names());
    }
}
