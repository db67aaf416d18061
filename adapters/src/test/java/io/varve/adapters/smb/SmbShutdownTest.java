package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.Timings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A program that is told to end while it writes to a share cleans up over its connection. */
class SmbShutdownTest {
    /** The program: writes, and cleans up when it is told to end, as the commands do. */
    static final class Writing {
        private Writing() {}

        /** @param arguments host, port */
        public static void main(String[] arguments) throws Exception {
            SmbLogin login = SmbLogin.byPassword(SambaServer.USER, SambaServer.PASSWORD.toCharArray());
            Timings timings = new Timings(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(2));
            SmbServer server =
                    new SmbServer(new ServerAddress(arguments[0], Integer.parseInt(arguments[1])), login, timings);
            SmbPath path = new SmbPath(server.address(), "vm", List.of("disk"));
            SmbTarget target = SmbTarget.create(server, path, false, false);
            target.write(0, ByteBuffer.allocate(1 << 20));
            CountDownLatch cleaned = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try (server) {
                    Thread.sleep(500); // longer than it takes the library to end its connections
                    target.close();
                    cleaned.countDown();
                } catch (Exception e) {
                    System.out.println(e);
                }
            }));
            System.out.println("written");
            cleaned.await();
        }
    }

    private static List<String> names(SambaServer samba) throws IOException {
        try (Stream<Path> files = Files.list(samba.folder())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theConnectionServesUntilTheProgramHasCleanedUp() throws Exception {
        try (SambaServer samba = SambaServer.start()) {
            Process writing = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writing.class.getName(),
                            samba.host(),
                            Integer.toString(samba.port()))
                    .redirectErrorStream(true)
                    .start();
            StringBuilder said = new StringBuilder();
            try (var out = writing.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    said.append(line).append('\n');
                    if (line.equals("written")) {
                        assertEquals(1, names(samba).size());
                        writing.toHandle().destroy(); // unlike that of the process it leaves the output open
                    }
                }
            }
            writing.waitFor();
            assertEquals("written\n", said.toString());
            assertEquals(List.of(), names(samba));
        }
    }
}
