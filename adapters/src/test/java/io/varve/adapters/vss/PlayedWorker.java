package io.varve.adapters.vss;

import io.varve.adapters.vss.message.Reply;
import io.varve.adapters.vss.message.Request;
import io.varve.adapters.vss.message.Wire;
import io.varve.adapters.windows.PlayedFiles;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A worker process that plays VSS on a host that is a folder: {@code volume} is its volume, {@code script} says what
 * goes wrong. A shadow copy is a copy of that folder and a file {@code live-N} that this process holds locked; so it is
 * gone with the process, as one of VSS is, and can be counted from outside. Says what it does in {@code calls}.
 */
final class PlayedWorker {
    static final String LIVE = "live-";

    /** Of a shadow copy that outlives its process. */
    static final String KEPT = "kept-";

    private final Path host;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Steps, and what happens at them: fail, die, half, hang. */
    private final Map<String, String> faults = new HashMap<>();

    private final List<FileChannel> held = new ArrayList<>();
    private Optional<Path> live = Optional.empty();

    private PlayedWorker(Path host) throws IOException {
        this.host = host;
        this.in = new DataInputStream(System.in);
        this.out = new DataOutputStream(System.out);
        for (String line : Files.readAllLines(host.resolve("script"))) {
            int space = line.indexOf(' ');
            faults.put(line.substring(space + 1), line.substring(0, space));
        }
    }

    /** @param args the host's folder */
    public static void main(String[] args) throws Exception {
        PlayedWorker worker = new PlayedWorker(Path.of(args[0]));
        try {
            worker.step("begin");
            while (worker.serve(Wire.readRequest(worker.in))) {}
        } catch (IOException e) {
            Wire.write(new Reply.Failed(e.getMessage()), worker.out);
        } finally {
            worker.end();
        }
        Runtime.getRuntime().halt(0);
    }

    private void step(String name) throws IOException, InterruptedException {
        Files.writeString(host.resolve("calls"), name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        switch (faults.getOrDefault(name, "")) {
            case "fail" -> throw new IOException(name + " failed");
            case "die" -> Runtime.getRuntime().halt(3);
            case "half" -> {
                out.write(new byte[] {'n', 0, 0, 1});
                out.flush();
                Runtime.getRuntime().halt(3);
            }
            case "hang" -> TimeUnit.MINUTES.sleep(5);
            default -> {}
        }
    }

    /** @return whether another request may follow */
    private boolean serve(Optional<Request> request) throws IOException, InterruptedException {
        if (request.isEmpty() || request.get() instanceof Request.Abandon) {
            step("abandon");
            end();
            if (request.isPresent()) {
                Wire.write(new Reply.Finished(), out);
            }
            return false;
        } else if (request.get() instanceof Request.Freeze freeze) {
            step("prepare");
            Wire.write(new Reply.Working("PrepareForBackup"), out);
            String device = shadowCopy();
            step("frozen");
            Reply.FileSpec disks = new Reply.FileSpec("D:\\vm", "*", true);
            Reply.Machine machine = new Reply.Machine(freeze.machine(), "Online\\web1", List.of(disks));
            Wire.write(new Reply.Frozen(machine, List.of(new Reply.ShadowVolume("D:\\", device))), out);
            return true;
        } else if (request.get() instanceof Request.Check) {
            step("check");
            if (Files.exists(host.resolve("overflow"))) {
                throw new IOException("the shadow copy is gone: its storage overflowed");
            }
            Wire.write(new Reply.Intact(), out);
            return true;
        }
        step("finish");
        end();
        Wire.write(new Reply.Finished(), out);
        return false;
    }

    private String shadowCopy() throws IOException, InterruptedException {
        long number = ProcessHandle.current().pid();
        Path file = host.resolve(LIVE + number);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        channel.lock();
        held.add(channel);
        live = Optional.of(file);
        if (faults.containsKey("leak")) {
            Files.createFile(host.resolve(KEPT + number));
        }
        step("copy");
        String name = "HarddiskVolumeShadowCopy" + number;
        copy(host.resolve("volume"), host.resolve(name));
        return PlayedFiles.device(name);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** Deletes the shadow copy. */
    private void end() throws IOException {
        if (live.isPresent()) {
            Files.deleteIfExists(live.get());
            live = Optional.empty();
        }
        for (FileChannel channel : held) {
            channel.close();
        }
        held.clear();
    }
}
