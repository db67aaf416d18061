package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.login.KdcAwayException;
import io.varve.adapters.smb.link.LinkLostException;
import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.SignatureException;
import io.varve.adapters.smb.link.Timings;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a network and a server do wrong, between us and a real Samba. */
class SmbFaultTest {
    private static final Timings TIMINGS =
            new Timings(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(4));
    private static final int SIZE = 4 << 20;

    private static SambaServer samba;

    private final byte[] content = new byte[SIZE];
    private FaultyProxy proxy;
    private SmbServer server;
    private Path disk;

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
        new SplittableRandom(3).nextBytes(content);
        disk = Files.write(samba.folder().resolve("disk.raw"), content);
        proxy = new FaultyProxy(samba.port());
        server = server(proxy.port());
    }

    private static SmbServer server(int port) {
        SmbLogin login = SmbLogin.byPassword(SambaServer.USER, SambaServer.PASSWORD.toCharArray());
        return new SmbServer(new ServerAddress(samba.host(), port), login, TIMINGS);
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        proxy.close();
    }

    private SmbSource open() throws IOException {
        return SmbSource.open(server, new SmbPath(server.address(), "vm", List.of("disk.raw")));
    }

    private byte[] read(SmbSource source, int offset, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocateDirect(length);
        source.read(offset, target);
        byte[] found = new byte[length];
        target.flip().get(found);
        return found;
    }

    private void assertReads(SmbSource source) throws IOException {
        assertArrayEquals(content, read(source, 0, SIZE));
    }

    private static void assertIsUnavailable(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(cause instanceof CorruptDataException, "damage: " + failure);
        }
    }

    @Test
    void aFlippedBitIsDetected() throws IOException {
        try (SmbSource source = open()) {
            assertReads(source);
            proxy.next(FaultyProxy.Harm.FLIP);
            SignatureException failure = assertThrows(SignatureException.class, () -> read(source, 4096, 8192));
            assertTrue(proxy.done() > 0, "nothing was flipped");
            assertTrue(failure.getMessage().contains("signature"), failure.getMessage());
            assertIsUnavailable(failure);
            proxy.next(FaultyProxy.Harm.NONE);
            assertReads(source); // over a new connection, when somebody asks again
        }
    }

    @Test
    void aCutConnectionGoesOn() throws IOException {
        try (SmbSource source = open()) {
            assertReads(source);
            for (int i = 1; i <= 3; i++) {
                proxy.next(FaultyProxy.Harm.CUT);
                assertReads(source);
                assertEquals(i, proxy.done());
            }
        }
    }

    @Test
    void halfAnAnswerIsRefused() throws IOException {
        try (SmbSource source = open()) {
            proxy.next(FaultyProxy.Harm.HALF);
            IOException failure = assertThrows(IOException.class, () -> read(source, 0, 65536));
            assertTrue(proxy.done() > 0);
            assertTrue(failure.getMessage().contains("signature"), failure.getMessage());
            assertIsUnavailable(failure);
        }
    }

    @Test
    void silenceIsATimeOutAndNotDamage() throws IOException {
        try (SmbSource source = open()) {
            proxy.next(FaultyProxy.Harm.SILENCE);
            long begin = System.nanoTime();
            IOException failure = assertThrows(IOException.class, () -> read(source, 0, 65536));
            assertTrue(proxy.done() > 0);
            assertTrue(failure.getMessage().contains("the server stopped answering"), failure.getMessage());
            assertIsUnavailable(failure);
            assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 20, "it took too long");
            proxy.next(FaultyProxy.Harm.NONE);
        }
    }

    @Test
    void aKilledServerIsWaitedFor() throws Exception {
        try (SmbSource source = open()) {
            assertReads(source);
            samba.kill();
            samba.startAgain();
            assertReads(source);
        }
    }

    @Test
    void aServerThatStaysAwayIsUnavailable() throws Exception {
        try (SmbSource source = open()) {
            samba.kill();
            IOException failure = assertThrows(IOException.class, () -> read(source, 0, 65536));
            assertTrue(failure.getMessage().contains("the server stopped answering"), failure.getMessage());
            assertIsUnavailable(failure);
        } finally {
            samba.startAgain();
        }
    }

    @Test
    void anotherFileOfTheNameIsNotContinuedWith() throws Exception {
        try (SmbSource source = open()) {
            assertReads(source);
            samba.kill();
            Files.delete(disk);
            Files.write(disk, content);
            samba.startAgain();
            IOException failure = assertThrows(IOException.class, () -> read(source, 0, 65536));
            assertTrue(
                    failure.getMessage().contains("while the connection was lost. Not continued"),
                    failure.getMessage());
            assertIsUnavailable(failure);
        }
    }

    @Test
    void aFileThatWasWrittenMeanwhileIsNotContinuedWith() throws Exception {
        try (SmbSource source = open()) {
            assertReads(source);
            samba.kill();
            content[0]++;
            try (var channel = java.nio.channels.FileChannel.open(disk, java.nio.file.StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(content, 0, 1), 0);
            }
            samba.startAgain();
            IOException failure = assertThrows(IOException.class, () -> read(source, 0, 65536));
            assertTrue(failure.getMessage().contains("was changed while the connection"), failure.getMessage());
        }
    }

    @Test
    void aDisconnectedShareIsConnectedAgain() throws Exception {
        open().close(); // at the first close Samba writes what it keeps about a file, which changes the file's times
        try (SmbSource source = open()) {
            assertReads(source);
            samba.control("close-share", "vm");
            assertReads(source);
        }
    }

    /** The same open, not one that was made again by the name. */
    @Test
    void anOpenThatTheServerKeptIsTakenUp() throws Exception {
        try (SmbSource source = open()) {
            assertReads(source);
            assertTrue(source.isDurable(), "Samba refused a durable handle");
            int opened = proxy.opened();
            assertEquals(0, proxy.takenUp());
            proxy.cut();
            Thread.sleep(200);
            assertReads(source);
            assertTrue(proxy.takenUp() > 0);
            assertEquals(opened, proxy.opened(), "opened again by its name");
        }
    }

    /** There is one answer to a request: what comes behind it must not replace its bytes while they are verified. */
    @Tag("long")
    @Test
    void aSecondAnswerToARequestIsNeverUsed() throws IOException {
        try (SmbSource source = open()) {
            assertReads(source);
            proxy.next(FaultyProxy.Harm.TWICE);
            for (int round = 0; round < 3; round++) {
                try {
                    assertReads(source);
                } catch (IOException e) {
                    assertIsUnavailable(e);
                }
            }
            assertTrue(proxy.done() > 0, "nothing was sent twice");
            proxy.next(FaultyProxy.Harm.NONE);
            assertReads(source);
        }
    }

    @Test
    void nobodyThere() throws IOException {
        try (SmbServer nobody = server(1)) {
            SmbPath path = new SmbPath(nobody.address(), "vm", List.of("disk.raw"));
            IOException failure = assertThrows(IOException.class, () -> SmbSource.open(nobody, path));
            assertTrue(failure instanceof LinkLostException, failure.toString());
            assertTrue(failure.getMessage().contains("cannot connect"), failure.getMessage());
        }
    }

    @FunctionalInterface
    private interface Blow {
        void strike() throws Exception;
    }

    /** While four mebibytes are read again and again. */
    private void goesOnInTheMiddleOfReads(int times, Blow blow) throws Exception {
        open().close(); // see aDisconnectedShareIsConnectedAgain
        int opened = proxy.opened() + proxy.takenUp();
        try (SmbSource source = open()) {
            AtomicInteger rounds = new AtomicInteger();
            AtomicBoolean isEnough = new AtomicBoolean();
            FutureTask<Void> reading = new FutureTask<>(() -> {
                while (!isEnough.get()) {
                    assertReads(source);
                    rounds.incrementAndGet();
                }
                return null;
            });
            new Thread(reading, "reading").start();
            for (int time = 0; time < times; time++) {
                int before = rounds.get();
                while (rounds.get() < before + 2 && !reading.isDone()) {
                    Thread.sleep(1);
                }
                blow.strike();
            }
            int before = rounds.get();
            while (rounds.get() < before + 2 && !reading.isDone()) {
                Thread.sleep(1);
            }
            isEnough.set(true);
            reading.get();
            assertTrue(proxy.opened() + proxy.takenUp() > opened + times, "no new connection");
        }
    }

    @Test
    void sessionsThatTheServerEndsInTheMiddleOfReads() throws Exception {
        goesOnInTheMiddleOfReads(3, () -> samba.control("kill-client-ip", "127.0.0.1"));
    }

    @Test
    void aServerThatIsKilledAndStartedInTheMiddleOfReads() throws Exception {
        goesOnInTheMiddleOfReads(2, () -> {
            samba.kill();
            samba.startAgain();
        });
    }

    /** When a connection is made again while the domain's KDC is being restarted; the first time it is an error. */
    @Test
    void aKdcThatIsAwayIsWaitedForAtAReconnect() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        Recovery.Step<String> step = link -> {
            if (attempts.incrementAndGet() < 3) {
                throw new KdcAwayException("the domain's KDC does not answer", null);
            }
            return link.dialect();
        };
        assertEquals("3.1.1", Recovery.run(server, "vm", "here", step));
        assertEquals(3, attempts.get());
        Recovery.Step<String> never = link -> {
            throw new KdcAwayException("the domain's KDC does not answer", null);
        };
        IOException failure = assertThrows(IOException.class, () -> Recovery.run(server, "vm", "here", never));
        assertTrue(failure.getMessage().contains("Last error: the domain's KDC"), failure.getMessage());
        assertIsUnavailable(failure);
    }
}
