package io.varve.adapters.hyperv.standin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The stand-in host as a program, for {@code tools/bin/hyperv-demo}. Its argument is a directory, which gets the host's
 * drive and the password. It prints how to reach the host, then obeys the lines of its standard input until their end:
 * {@code write MACHINE} lets the guest write to its disks, {@code merge yes|no} says whether checkpoints are merged,
 * and {@code calls} lists what was called. Each line is answered by one that begins with {@code ok}.
 */
public final class StandInProgram {
    private static final int SIZE = 64 << 20;
    private static final int FIRST = 8 << 20;

    private final StandInHost host;
    private final Map<String, StandInMachine> machines = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(21);

    private StandInProgram(Path drive) throws IOException {
        host = new StandInHost(drive);
        for (String name : new String[] {"web1", "db1"}) {
            StandInMachine machine = host.addMachine(name);
            machines.put(name, machine);
            for (int i = 0; i < (name.equals("db1") ? 2 : 1); i++) {
                machine.addDisk(SIZE).write(1 << 20, bytes(FIRST));
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        StandInProgram program = new StandInProgram(Files.createDirectories(folder.resolve("drive")));
        Files.writeString(folder.resolve("password"), WsManServer.PASSWORD + "\n");
        try (WsManServer server = WsManServer.start(program.host, folder, 0);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("address " + server.address());
            System.out.println("user " + WsManServer.USER);
            System.out.println("fingerprint " + server.fingerprint());
            System.out.println("map " + StandInHost.DRIVE + "=" + program.host.folderHere());
            System.out.println("ok");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                program.obey(line.strip().split(" +"));
                System.out.println("ok " + line);
            }
        }
    }

    private void obey(String[] words) throws IOException {
        switch (words[0]) {
            case "write" -> {
                for (StandInDisk disk : machines.get(words[1]).disks()) {
                    for (int i = 0; i < 10; i++) {
                        byte[] written = bytes(1 + random.nextInt(100_000));
                        disk.write(random.nextInt(SIZE - written.length), written);
                    }
                }
            }
            case "merge" -> host.faults().neverMerge(words[1].equals("no"));
            case "calls" -> host.calls().forEach(System.out::println);
            default -> System.out.println("not understood");
        }
        if (!host.violations().isEmpty()) {
            throw new IllegalStateException("against the reference: " + host.violations());
        }
    }
}
