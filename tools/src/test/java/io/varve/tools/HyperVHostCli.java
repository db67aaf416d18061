package io.varve.tools;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.engine.port.DiskImage;
import io.varve.tools.output.ExitCode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stand-in host, a repository, and commands that reach it. */
final class HyperVHostCli implements Closeable {
    final StandInHost host;
    final String repo;
    private final WsManServer server;
    private final Path temp;

    HyperVHostCli(Path temp) throws IOException {
        this.temp = temp;
        System.setProperty("varve.hyperv.pause-millis", "5");
        host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        server = WsManServer.start(host, temp, 0);
        repo = temp.resolve("repo").toString();
        Files.writeString(temp.resolve("password"), WsManServer.PASSWORD + "\n");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    /** {@code varve hyperv COMMAND …} with the host's address and map. */
    Cli.Result run(String command, String... more) {
        List<Object> all = new ArrayList<>(List.of("hyperv", command, "-r", repo));
        all.addAll(List.of(more));
        all.addAll(address());
        all.addAll(List.of("--map", map()));
        return Cli.run(all.toArray());
    }

    String map() {
        return StandInHost.DRIVE + "=" + host.folderHere();
    }

    /** How to reach and log on to it. */
    List<String> address() {
        return List.of(
                "--host",
                server.address(),
                "--user",
                WsManServer.USER,
                "--host-password-file",
                temp.resolve("password").toString(),
                "--fingerprint",
                server.fingerprint());
    }

    static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static byte[] content(Path file) throws IOException {
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            ByteBuffer content = ByteBuffer.allocate((int) image.size());
            image.read(0, content);
            return content.array();
        }
    }

    /** A disk of the newest snapshot. */
    byte[] latest(String disk) throws IOException {
        Path file = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest", "--disk", disk, "--to", file, "--force")
                .expect(ExitCode.DONE);
        return Files.readAllBytes(file);
    }

    @Override
    public void close() {
        server.close();
    }
}
