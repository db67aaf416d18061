package io.varve.store.s3;

import static org.junit.jupiter.api.Assumptions.abort;

import io.varve.store.backend.Traffic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Ceph of one node with its S3 gateway, from the distribution's packages. One for all tests of a process. */
public final class CephCluster {
    /** What opens it. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_ACCESS_KEY_ID", "access", "AWS_SECRET_ACCESS_KEY", "secret");

    private static final List<String> PROGRAMS =
            List.of("ceph-mon", "ceph-mgr", "ceph-osd", "radosgw", "radosgw-admin", "ceph");

    private static CephCluster running;

    private final URI endpoint;
    private final Process process;

    private CephCluster(URI endpoint, Process process) {
        this.endpoint = endpoint;
        this.process = process;
    }

    /** Starts it if it is not running; the test is skipped where Ceph is not installed. */
    public static synchronized CephCluster get() throws IOException {
        if (running == null) {
            if (!isInstalled()) {
                if ("true".equals(System.getenv("CI"))) {
                    throw new IOException("Ceph is not installed, but this is CI");
                }
                abort("skipped: Ceph (ceph-mon, ceph-mgr, ceph-osd, radosgw) is not installed");
            }
            running = start();
        }
        return running;
    }

    private static boolean isInstalled() {
        return PROGRAMS.stream()
                .allMatch(program -> Stream.of("/usr/bin", "/usr/local/bin", "/usr/sbin")
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))));
    }

    private static CephCluster start() throws IOException {
        Path directory = Files.createTempDirectory("varve-ceph");
        Path script = directory.resolve("ceph.sh");
        try (InputStream resource = CephCluster.class.getResourceAsStream("ceph.sh")) {
            Files.copy(resource, script, StandardCopyOption.REPLACE_EXISTING);
        }
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        "bash", script.toString(), directory.resolve("c").toString(), "" + port)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, directory)));
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (!"ready".equals(line)) {
            throw new IOException("Ceph did not start: " + line + "\n" + Files.readString(directory.resolve("errors")));
        }
        return new CephCluster(URI.create("http://127.0.0.1:" + port), process);
    }

    private static void stop(Process process, Path directory) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroy();
            }
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        } catch (IOException | InterruptedException e) {
            process.destroy();
        }
    }

    public URI endpoint() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Ceph has stopped");
        }
        return endpoint;
    }

    /** Makes a bucket of that name, as an administrator would. */
    public void makeBucket(String name) throws IOException {
        S3Address address = S3Address.parse("s3://" + name + "?endpoint=" + endpoint());
        S3Backend.client(address, ENVIRONMENT).send(new S3Call("PUT", ""), Traffic.Kind.PUT, "bucket " + name);
    }
}
