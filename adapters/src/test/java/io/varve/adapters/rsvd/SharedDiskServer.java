package io.varve.adapters.rsvd;

import io.varve.adapters.smb.SmbLogin;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.adapters.smb.link.Timings;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A file server with one shared virtual disk, in another process: impacket's SMB server and the program
 * {@code rsvd/shared_disk_server.py} of the test resources. It speaks SMB 3.0.2 with signatures, which both sides
 * verify, so the product reads from it as it is.
 */
public final class SharedDiskServer implements Closeable {
    public static final String USER = "operator";
    public static final String PASSWORD = "only for this test";

    /** The system's, which sees the system's packages. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path PROGRAM =
            Path.of("..", "adapters", "src", "test", "resources", "rsvd", "shared_disk_server.py");
    private static final Timings TIMINGS =
            new Timings(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5));

    private final Path folder;
    private final Process process;
    private final int port;

    private SharedDiskServer(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** Skips the test where impacket is missing, unless this is CI. */
    public static void need() throws IOException, InterruptedException {
        boolean here = Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", "import impacket")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        if (!here && System.getenv("CI") != null) {
            throw new AssertionError("CI needs impacket: apt-get install python3-impacket");
        }
        Assumptions.assumeTrue(here, "skipped: impacket (python3-impacket) is not installed");
    }

    /**
     * Starts it.
     *
     * @param folder its own; stays when it ends
     * @param content of the disk
     */
    public static SharedDiskServer start(Path folder, byte[] content) throws IOException, InterruptedException {
        need();
        Files.write(folder.resolve("disk"), content);
        Process process = new ProcessBuilder(PYTHON, PROGRAM.toString(), folder.toString(), USER, PASSWORD)
                .redirectError(folder.resolve("errors").toFile())
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        if (line == null || !line.startsWith("listening ")) {
            process.destroyForcibly();
            throw new AssertionError("the server says " + line + "\n" + Files.readString(folder.resolve("errors")));
        }
        return new SharedDiskServer(folder, process, Integer.parseInt(line.substring("listening ".length())));
    }

    /** The disk, as commands take it. */
    public String url() {
        return "smb://127.0.0.1:" + port + "/vms/cluster.vhds";
    }

    /** A client of it; the caller closes it. */
    SmbServer client() {
        SmbLogin login = SmbLogin.byPassword(USER, PASSWORD.toCharArray());
        return new SmbServer(SmbPath.parse(url()).server(), login, TIMINGS);
    }

    /** Where the content of the disk is, for changes. */
    public Path disk() {
        return folder.resolve("disk");
    }

    /** Says how it behaves from now on; see the program. */
    public void settings(String... lines) throws IOException {
        Files.write(folder.resolve("settings"), List.of(lines));
    }

    /** A snapshot that somebody else took. */
    public UUID foreignSnapshot() throws IOException {
        UUID id = UUID.randomUUID();
        Files.copy(disk(), folder.resolve("snapshots").resolve(id.toString()));
        return id;
    }

    public Set<UUID> snapshots() throws IOException {
        return ids("snapshots");
    }

    /** Snapshots that were deleted, of which the server has kept a reference. */
    public Set<UUID> references() throws IOException {
        return ids("kept");
    }

    private Set<UUID> ids(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> UUID.fromString(file.getFileName().toString()))
                    .collect(Collectors.toSet());
        }
    }

    /** What was done since the last call: an operation and its values in each element. */
    public List<List<String>> done() throws IOException {
        Path log = folder.resolve("log");
        List<List<String>> all = new ArrayList<>();
        for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
            all.add(List.of(line.split(" ")));
        }
        Files.write(log, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        return all;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close(); // it ends with its input
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
