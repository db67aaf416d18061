package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Samba of our own: on a free port of this computer, with everything it writes in one temporary folder. Its
 * account is the user who runs the tests.
 */
public final class SambaServer implements Closeable {
    public static final String USER = System.getProperty("user.name");
    public static final String PASSWORD = "only for this test";

    private static final Path SMBD = Path.of("/usr/sbin/smbd");

    private final Path home;
    private final int port;
    private Process server;

    private SambaServer(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    /** Skips the test where Samba is missing, unless this is CI. */
    public static void need() {
        boolean here = Files.isExecutable(SMBD);
        if (!here && System.getenv("CI") != null) {
            throw new AssertionError("CI needs Samba: apt-get install samba");
        }
        Assumptions.assumeTrue(here, "skipped: Samba (/usr/sbin/smbd) is not installed");
    }

    /** As {@link #start(List, List)}, with a share {@code vm}. */
    public static SambaServer start(String... more) throws IOException, InterruptedException {
        return start(List.of(more), List.of());
    }

    /**
     * Starts it.
     *
     * @param global more lines of the section [global]
     * @param shares more sections
     */
    public static SambaServer start(List<String> global, List<String> shares) throws IOException, InterruptedException {
        need();
        Path home = Files.createTempDirectory("smb"); // short: sockets are in there
        SambaServer server = new SambaServer(home, freePort());
        for (String folder : List.of("private", "lock", "state", "cache", "pid", "rpc", "vm")) {
            Files.createDirectory(home.resolve(folder));
        }
        Files.writeString(server.configuration(), server.settings(global, shares));
        server.run(
                PASSWORD + "\n" + PASSWORD + "\n",
                "smbpasswd",
                "-c",
                server.configuration().toString(),
                "-a",
                "-s",
                USER);
        server.begin();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path configuration() {
        return home.resolve("smb.conf");
    }

    private String settings(List<String> global, List<String> shares) {
        String text = """
                [global]
                workgroup = VARVE
                server role = standalone server
                smb ports = PORT
                interfaces = 127.0.0.1/8
                bind interfaces only = yes
                disable netbios = yes
                disable spoolss = yes
                load printers = no
                printcap name = /dev/null
                private dir = HOME/private
                lock directory = HOME/lock
                state directory = HOME/state
                cache directory = HOME/cache
                pid directory = HOME/pid
                ncalrpc dir = HOME/rpc
                log file = HOME/log
                log level = 1
                passdb backend = smbpasswd:HOME/private/smbpasswd
                server signing = mandatory
                smb2 max read = 8388608
                smb2 max trans = 8388608
                kernel oplocks = no
                kernel share modes = no
                posix locking = no
                strict sync = no
                rpc start on demand helpers = no
                """;
        String share = """
                [vm]
                path = HOME/vm
                read only = no
                """;
        return (text + String.join("\n", global) + "\n" + share + String.join("\n", shares) + "\n")
                .replace("HOME", home.toString())
                .replace("PORT", Integer.toString(port));
    }

    private void begin() throws IOException, InterruptedException {
        server = new ProcessBuilder(
                        SMBD.toString(),
                        "--foreground",
                        "--no-process-group",
                        "-s",
                        configuration().toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("out").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!isListening()) {
            assertTrue(server.isAlive(), () -> "smbd has ended:\n" + said());
            assertTrue(System.nanoTime() < deadline, () -> "smbd does not listen:\n" + said());
            Thread.sleep(50);
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it wrote to its log. */
    public String said() {
        StringBuilder all = new StringBuilder();
        for (String name : List.of("out", "log")) {
            try {
                all.append(Files.readString(home.resolve(name), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                all.append(name).append(": ").append(e).append('\n');
            }
        }
        return all.toString();
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /** What is between {@code smb://} and the share. */
    public String address() {
        return host() + ":" + port;
    }

    /** Where the files of the share {@code vm} are. */
    public Path folder() {
        return home.resolve("vm");
    }

    public Path home() {
        return home;
    }

    /** Kills it with all that serve connections, as a power failure would. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(server.descendants(), Stream.of(server.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        server.waitFor();
        for (ProcessHandle one : all) {
            for (int i = 0; one.isAlive() && i < 200; i++) {
                Thread.sleep(10);
            }
        }
    }

    /** After {@link #kill}: the same server on the same port. */
    public void startAgain() throws IOException, InterruptedException {
        begin();
    }

    /** Tells the server's processes something ({@code smbcontrol}). */
    public void control(String... message) throws IOException, InterruptedException {
        String[] call = new String[message.length + 4];
        call[0] = "smbcontrol";
        call[1] = "-s";
        call[2] = configuration().toString();
        call[3] = "smbd";
        System.arraycopy(message, 0, call, 4, message.length);
        run("", call);
    }

    private void run(String input, String... call) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(call).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> List.of(call) + " hangs");
        assertTrue(process.exitValue() == 0, () -> List.of(call) + ": " + output);
    }

    @Override
    public void close() throws IOException {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A process that was forked meanwhile may still remove its own sockets.
        for (int attempt = 1; Files.exists(home); attempt++) {
            try (Stream<Path> tree = Files.walk(home)) {
                for (Path path :
                        tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException | UncheckedIOException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }
}
