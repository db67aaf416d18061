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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
    }

    private VssWorkerProcess start(String part, VssWorkerProcess.Timing timing) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                Actor.class.getName(),
                part);
        return VssWorkerProcess.start(command, notices::add, timing);
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
        for (String part : List.of("dies", "dies speaking")) {
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
        String message = failure("hangs", new VssWorkerProcess.Timing(60, 1, 5));
        assertTrue(message.contains("silent for 1 second"), message);
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
