package io.varve.adapters.vss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.adapters.vss.message.Wire;
import io.varve.engine.Cancellation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How a backup gets along with its worker, here one that plays a part, in a process of its own as well. */
class VssWorkerProcessTest {
    private static final VssWorkerProcess.Timing TIMING = new VssWorkerProcess.Timing(60, 20, 20);

    private final List<String> notices = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    /** Plays the part that its argument names. */
    static final class Actor {
        public static void main(String[] args) throws Exception {
            DataInputStream in = new DataInputStream(System.in);
            DataOutputStream out = new DataOutputStream(System.out);
            if (args[0].equals("dies at once")) {
                Runtime.getRuntime().halt(7);
            }
            Optional<Request> request = Wire.readRequest(in);
            switch (args[0]) {
                case "good" -> {
                    Wire.write(new Reply.Working("freezing"), out);
                    Wire.write(new Reply.Notice("the guest was slow"), out);
                    Wire.write(new Reply.Intact(), out);
                    request = Wire.readRequest(in);
                    boolean isAbandoned = request.orElse(null) instanceof Request.Abandon;
                    Wire.write(new Reply.Notice(isAbandoned ? "abandoned" : "not abandoned"), out);
                    Wire.write(new Reply.Finished(), out);
                }
                case "dies" -> Runtime.getRuntime().halt(7);
                case "dies speaking" -> {
                    out.write('x');
                    out.flush();
                    Runtime.getRuntime().halt(7);
                }
                case "dies in half a message" -> {
                    halfAMessage(out);
                    Runtime.getRuntime().halt(7);
                }
                case "stops in half a message" -> {
                    halfAMessage(out);
                    TimeUnit.MINUTES.sleep(5);
                }
                case "dies with its pipe in other hands" -> {
                    Wire.write(new Reply.Working("freezing"), out);
                    sleeper().start();
                    Runtime.getRuntime().halt(7);
                }
                case "fails" -> Wire.write(new Reply.Failed("no such machine"), out);
                case "babbles" -> {
                    out.writeBytes("Exception in thread main");
                    out.flush();
                    TimeUnit.MINUTES.sleep(5);
                }
                case "hangs" -> TimeUnit.MINUTES.sleep(5);
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void halfAMessage(DataOutputStream out) throws IOException {
            out.writeByte('n');
            out.writeInt(100);
            out.writeBytes("a notice of");
            out.flush();
        }

        /** Inherits standard output, so it stays open when this process has ended. */
        private static ProcessBuilder sleeper() {
            return new ProcessBuilder("sleep", "20").redirectOutput(ProcessBuilder.Redirect.INHERIT);
        }
    }

    private static List<String> command(String part) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Actor.class.getName(),
                part);
    }

    private VssWorkerProcess start(String part, VssWorkerProcess.Timing timing) throws IOException {
        return VssWorkerProcess.start(
                new ProcessBuilder(command(part)).redirectError(ProcessBuilder.Redirect.INHERIT)::start,
                notices::add,
                timing,
                new Cancellation());
    }

    /** The test launcher may have loaded the classes by itself, so that the JVM's own class path lacks them. */
    private static String classPath() {
        return Stream.of(Actor.class, Wire.class, Cancellation.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Reply ask(VssWorkerProcess worker) throws IOException {
        return worker.ask(new Request.Check(), new Cancellation(), steps::add);
    }

    private String failure(String part, VssWorkerProcess.Timing timing) throws IOException {
        VssWorkerProcess worker = start(part, timing);
        try (worker) {
            String first = assertThrows(IOException.class, () -> ask(worker)).getMessage();
            String second = assertThrows(IOException.class, () -> ask(worker)).getMessage();
            assertTrue(second.contains("has ended"), second);
            return first;
        } finally {
            assertFalse(worker.isAlive(), "the worker lives on");
        }
    }

    @Test
    void answersAndWhatComesBeforeThem() throws IOException {
        VssWorkerProcess worker = start("good", TIMING);
        try (worker) {
            assertEquals(new Reply.Intact(), ask(worker));
            assertEquals(List.of("freezing"), steps);
            assertEquals(List.of("VSS: the guest was slow"), notices);
        }
        assertEquals(List.of("VSS: the guest was slow", "VSS: abandoned"), notices);
        assertFalse(worker.isAlive());
    }

    @Test
    void aWorkerThatFailsSaysWhy() throws IOException {
        assertEquals("no such machine", failure("fails", TIMING));
    }

    @Test
    void aWorkerThatDies() throws IOException {
        for (String part : List.of("dies", "dies at once", "dies speaking", "dies in half a message")) {
            String message = failure(part, TIMING);
            assertTrue(message.contains("worker process ended with exit code 7"), message);
            assertTrue(message.contains("run the backup again"), message);
        }
    }

    @Test
    void aWorkerThatTalksNonsenseIsStopped() throws IOException {
        String message = failure("babbles", TIMING);
        assertTrue(message.contains("unknown message type " + (int) 'E'), message);
    }

    @Test
    void aWorkerThatIsSilentForTooLongIsStopped() throws IOException {
        for (String part : List.of("hangs", "stops in half a message")) {
            String message = failure(part, new VssWorkerProcess.Timing(60, 1, 5));
            assertTrue(message.contains("silent for 1 second"), message);
        }
    }

    /** No end of the pipe tells of the death, so the process itself is looked at. */
    @Test
    @DisabledOnOs(OS.WINDOWS) // without a program that sleeps
    void aDeathIsNoticedThoughSomebodyElseHoldsThePipe() throws IOException {
        String message = failure("dies with its pipe in other hands", TIMING);
        assertTrue(message.contains("worker process ended with exit code 7"), message);
        assertEquals(List.of("freezing"), steps);
    }

    @Test
    void aStartThatDoesNotComeBackIsGivenUpAndALateWorkerKilled() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicReference<Process> late = new AtomicReference<>();
        VssWorkerProcess.Start hanging = () -> {
            awaitUninterrupted(over);
            late.set(new ProcessBuilder(command("hangs")).start());
            return late.get();
        };
        VssWorkerProcess.Timing impatient = new VssWorkerProcess.Timing(60, 1, 5);
        IOException e = assertThrows(
                IOException.class, () -> VssWorkerProcess.start(hanging, notices::add, impatient, new Cancellation()));
        assertTrue(e.getMessage().contains("was not started within 1 second"), e.getMessage());
        over.countDown();
        for (int i = 0; i < 200 && (late.get() == null || late.get().isAlive()); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertFalse(late.get().isAlive(), "the late worker lives on");
    }

    @Test
    void aRequestToStopIsSeenWhileTheWorkerIsStarted() {
        CountDownLatch over = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        VssWorkerProcess.Start hanging = () -> {
            awaitUninterrupted(over);
            throw new IOException("started too late");
        };
        assertThrows(
                InterruptedIOException.class,
                () -> VssWorkerProcess.start(hanging, notices::add, TIMING, cancellation));
        over.countDown();
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aRequestToStopIsSeenWhileWaiting() throws IOException {
        VssWorkerProcess worker = start("hangs", new VssWorkerProcess.Timing(60, 60, 1));
        Cancellation cancellation = new Cancellation();
        cancellation.request();
        try (worker) {
            assertThrows(InterruptedIOException.class, () -> worker.ask(new Request.Check(), cancellation, steps::add));
        }
        assertFalse(worker.isAlive());
    }

    @Test
    void patterns() {
        assertTrue(ShadowCopies.regex("*.vhdx").matcher("A b.VHDX").matches());
        assertFalse(ShadowCopies.regex("*.vhdx").matcher("a.vhdx.rct").matches());
        assertTrue(ShadowCopies.regex("*.*").matcher("noending").matches());
        assertTrue(ShadowCopies.regex("").matcher("anything").matches());
        assertTrue(ShadowCopies.regex("a?c(1).x").matcher("abc(1).x").matches());
        assertFalse(ShadowCopies.regex("a?c(1).x").matcher("ac(1).x").matches());
    }
}
