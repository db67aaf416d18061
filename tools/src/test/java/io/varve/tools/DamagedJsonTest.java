package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged JSON object in a plain repository, where no key vouches for it: every command that reads it names it in
 * Varve's words and ends with the right exit code, and no other command is disturbed.
 */
class DamagedJsonTest {
    private static final List<String> INTERNALS = List.of(
            "jackson",
            "fasterxml",
            "unrecognized",
            "unexpected",
            "[source",
            "was expecting",
            "exception",
            "java.",
            "objectnode",
            "surrogate",
            "illegal");

    private static final List<String> HOW = List.of("cut", "changed", "empty", "an array");

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private final Map<String, Path> objects = new LinkedHashMap<>();

    @BeforeEach
    void somethingOfEachKind() throws IOException {
        Path sound = temp.resolve("sound");
        repo = temp.resolve("repo");
        Cli.run("init", "-r", sound, "--block-size", "4KiB").expect(ExitCode.DONE);
        List<String> ids = new ArrayList<>();
        for (int night = 1; night <= 3; night++) {
            byte[] content = new byte[100_000];
            new SplittableRandom(night).nextBytes(content);
            disk = Files.write(temp.resolve("disk.raw"), content);
            Object time = "2026-01-0" + night + "T00:00:00Z";
            ids.add(Cli.run("backup", "-r", sound, "--machine", "m", "--json", "--time", time, "d=" + disk)
                    .expect(ExitCode.DONE)
                    .json()
                    .path("snapshotId")
                    .asText());
        }
        Cli.run("forget", "-r", sound, ids.get(0)).expect(ExitCode.DONE);
        Cli.run("protect", "-r", sound, ids.get(1)).expect(ExitCode.DONE);
        Cli.run("gc", "-r", sound, "--max-delete", 100, "--max-waste", 0).expect(ExitCode.DONE);
        Cli.run("hold", "place", "-r", sound, "m", "--reason", "why").expect(ExitCode.DONE);
        Cli.run("fsck", "-r", sound, "--read-data").expect(ExitCode.DONE);
        DamagedRepository.copyTree(sound, repo);
        objects.put("configuration", Path.of("repository.json"));
        objects.put("manifest", Path.of("snapshots", ids.get(2) + ".json"));
        objects.put("forgotten", first("forgotten"));
        objects.put("protected", first("protected"));
        objects.put("hold", first("holds"));
        objects.put("job end", last("jobs", ".end.json"));
        objects.put("job start", last("jobs", ".start.json"));
        objects.put("checks", first("checks"));
        objects.put("condemned", first("trash"));
        objects.put("forgotten manifest", first("trash/snapshots"));
    }

    @AfterEach
    void forget() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    private Path first(String directory) throws IOException {
        try (Stream<Path> files = Files.list(repo.resolve(directory))) {
            return repo.relativize(
                    files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow());
        }
    }

    private Path last(String directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(repo.resolve(directory))) {
            return repo.relativize(files.filter(file -> file.toString().endsWith(ending))
                    .max(Path::compareTo)
                    .orElseThrow());
        }
    }

    private Map<String, List<Object>> commands() {
        Map<String, List<Object>> commands = new LinkedHashMap<>();
        String snapshot = objects.get("manifest").getFileName().toString().replace(".json", "");
        String forgotten = objects.get("forgotten").getFileName().toString().replace(".json", "");
        commands.put("snapshots", List.of());
        commands.put("show", List.of(snapshot));
        commands.put("restore", List.of(snapshot, "--to", temp.resolve("back.raw"), "--force"));
        commands.put("export", List.of(snapshot, "--to", temp.resolve("x.varve"), "--force"));
        commands.put("copy", List.of("--to", temp.resolve("other")));
        commands.put("forget", List.of("--keep-last", 1, "--dry-run"));
        commands.put("protect", List.of(snapshot));
        commands.put("unforget", List.of(forgotten));
        commands.put("hold list", List.of());
        commands.put("jobs", List.of());
        commands.put("report", List.of());
        commands.put("stats", List.of());
        commands.put("fsck", List.of());
        commands.put("repair", List.of());
        commands.put("gc", List.of());
        commands.put("rebuild-index", List.of());
        commands.put("backup", List.of("--machine", "m", "d=" + disk));
        return commands;
    }

    private static byte[] damaged(String how, byte[] file) {
        return switch (how) {
            case "cut" -> Arrays.copyOf(file, file.length / 2);
            case "changed" -> {
                byte[] changed = file.clone();
                changed[changed.length / 2] ^= 1;
                yield changed;
            }
            case "empty" -> new byte[0];
            case "an array" -> "[1, 2]".getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException(how);
        };
    }

    /** Exit codes of the commands that read an object of this kind. */
    private static Map<String, Integer> readers(String kind) {
        return switch (kind) {
            case "manifest" ->
                Map.ofEntries(
                        Map.entry("backup", 1),
                        Map.entry("copy", 1),
                        Map.entry("snapshots", 1),
                        Map.entry("stats", 1),
                        Map.entry("export", 3),
                        Map.entry("fsck", 3),
                        Map.entry("protect", 3),
                        Map.entry("restore", 3),
                        Map.entry("show", 3),
                        Map.entry("forget", 8),
                        Map.entry("gc", 8));
            case "forgotten" -> Map.of("fsck", 1, "gc", 8, "unforget", 3);
            case "forgotten manifest" -> Map.of("fsck", 1, "unforget", 3);
            case "hold" -> Map.of("fsck", 1, "hold list", 1);
            case "job start" -> Map.of("jobs", 1);
            case "job end" -> Map.of("fsck", 1, "jobs", 1);
            case "checks" -> Map.of("fsck", 1);
            case "condemned" -> Map.of("fsck", 1, "gc", 1);
            default -> Map.of();
        };
    }

    private Cli.Result run(Map.Entry<String, List<Object>> command) throws IOException {
        List<Object> words = new ArrayList<>(List.of((Object[]) command.getKey().split(" ")));
        words.addAll(List.of("-r", repo));
        words.addAll(command.getValue());
        return Cli.run(words.toArray());
    }

    /** Puts everything back, damages one object, and runs one command. */
    private Cli.Result run(Map.Entry<String, List<Object>> command, Path damaged, String how) throws IOException {
        DamagedRepository.deleteTree(repo);
        DamagedRepository.deleteTree(temp.resolve("other"));
        DamagedRepository.copyTree(temp.resolve("sound"), repo);
        Cli.forgetWhatWasSeen(temp);
        Cli.run("init", "-r", temp.resolve("other"), "--block-size", "4KiB").expect(ExitCode.DONE);
        if (damaged != null) {
            Path file = repo.resolve(damaged);
            Files.write(file, damaged(how, Files.readAllBytes(file)));
        }
        return run(command);
    }

    @Test
    void whoReadsItNamesItAndOthersAreNotDisturbed() throws IOException {
        Map<String, Integer> sound = new TreeMap<>();
        for (Map.Entry<String, List<Object>> command : commands().entrySet()) {
            sound.put(command.getKey(), run(command, null, null).code());
        }
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Path> object : objects.entrySet()) {
            String kind = object.getKey();
            for (Map.Entry<String, List<Object>> command : commands().entrySet()) {
                boolean reads = kind.equals("configuration") || readers(kind).containsKey(command.getKey());
                int expected = kind.equals("configuration")
                        ? ExitCode.REPOSITORY_DAMAGED.code()
                        : readers(kind).getOrDefault(command.getKey(), sound.get(command.getKey()));
                for (String how : reads ? HOW : HOW.subList(0, 1)) {
                    Cli.Result result = run(command, object.getValue(), how);
                    String said = result.out() + result.err();
                    String name = object.getValue().getFileName().toString().replace(".json", "");
                    boolean isTold = !reads || said.contains(name);
                    if (kind.equals("hold") && command.getKey().equals("fsck")) {
                        isTold &= said.contains("hold-damaged");
                    }
                    boolean isPlain = INTERNALS.stream().noneMatch(said.toLowerCase(Locale.ROOT)::contains);
                    if (result.code() != expected || !isTold || !isPlain) {
                        wrong.add(
                                kind + ", " + how + ", " + command.getKey() + ": expected " + expected + ": " + result);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }
}
