package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command, as an operator types it. */
class CommandsTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void repositoryAndDisk() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        java.util.Arrays.fill(content, 1 << 20, 3 << 20, (byte) 0);
        Files.write(disk, content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    private Cli.Result backUp(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("backup", "-r", repo, "--machine", "m"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private Path changeList(String text) throws IOException {
        return Files.writeString(temp.resolve("changes.json"), text);
    }

    private void change(int offset) throws IOException {
        content[offset] ^= 1;
        Files.write(disk, content);
    }

    @Test
    void severalDisksAtOnce() throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("--json", "--disks-at-once", 3));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Path file = temp.resolve("disk" + i + ".raw");
            Files.write(file, java.util.Arrays.copyOf(content, (5 - i) * 500_000)); // the last is done first
            files.add(file);
            arguments.add("d" + i + "=" + file);
        }
        JsonNode night = backUp(arguments.toArray()).expect(ExitCode.DONE).json();
        for (int i = 0; i < files.size(); i++) {
            assertEquals("d" + i, night.at("/disks/" + i + "/name").asText());
            Path back = temp.resolve("back" + i);
            Cli.run("restore", "-r", repo, "latest", "--disk", "d" + i, "--to", back)
                    .expect(ExitCode.DONE);
            assertArrayEquals(Files.readAllBytes(files.get(i)), Files.readAllBytes(back));
        }
        backUp("--disks-at-once", 0, disk).expect(ExitCode.USAGE);
    }

    @Test
    void twoNightsThereAndBack() throws IOException {
        backUp("--token", "a", disk).expect(ExitCode.DONE);
        byte[] first = content.clone();
        change(70_000);
        Path list = changeList("[{\"offset\": 70000, \"length\": 1}]");
        JsonNode night = backUp("--since", "a", "--token", "b", "--changes", list, "--audit", "0", "--json", disk)
                .expect(ExitCode.DONE)
                .json();
        assertEquals("done", night.path("result").asText());
        assertEquals("incremental", night.at("/disks/0/mode").asText());
        assertEquals(65536, night.at("/disks/0/readBytes").asLong());
        assertEquals(65536, night.at("/disks/0/changedBytes").asLong());

        JsonNode list2 =
                Cli.run("snapshots", "-r", repo, "--json").expect(ExitCode.DONE).json();
        assertEquals(2, list2.path("snapshots").size());
        assertEquals("b", list2.at("/snapshots/1/disks/0/changeToken").asText());

        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "latest~1", "--to", back).expect(ExitCode.DONE);
        assertArrayEquals(first, Files.readAllBytes(back));
        Cli.run("restore", "-r", repo, "latest", "--to", back).expect(ExitCode.USAGE);
        assertArrayEquals(first, Files.readAllBytes(back), "not overwritten");
        JsonNode inPlace = Cli.run("restore", "-r", repo, "latest", "--to", back, "--in-place", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65536, inPlace.path("writtenBytes").asLong());
        assertArrayEquals(content, Files.readAllBytes(back));
        Cli.run("restore", "-r", repo, "latest:m~1", "--to", back, "--force").expect(ExitCode.DONE);
        assertArrayEquals(first, Files.readAllBytes(back));

        JsonNode diff = Cli.run("diff", "-r", repo, "latest~1", "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65536, diff.at("/differences/0/ranges/0/offset").asLong());
        assertEquals(65536, diff.at("/differences/0/differingBytes").asLong());
        JsonNode fsck = Cli.run("fsck", "-r", repo, "--deep", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(0, fsck.path("findings").size());
        JsonNode part = Cli.run("cat", "-r", repo, "latest", "--offset", 70_000, "--length", 100, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertArrayEquals(
                java.util.Arrays.copyOfRange(content, 70_000, 70_100),
                part.path("data").binaryValue());
        Cli.run("rebuild-index", "-r", repo).expect(ExitCode.DONE);
        JsonNode stats =
                Cli.run("stats", "-r", repo, "--json").expect(ExitCode.DONE).json();
        assertEquals(2, stats.path("snapshotCount").asInt());
        assertTrue(Cli.run("show", "-r", repo, "latest")
                .expect(ExitCode.DONE)
                .out()
                .contains("token      b"));
    }

    @Test
    void throughVhdx() throws IOException {
        backUp("system=" + disk).expect(ExitCode.DONE);
        Path vhdx = temp.resolve("back.vhdx");
        Cli.run("restore", "-r", repo, "latest", "--to", vhdx, "--block-size", "1MiB")
                .expect(ExitCode.DONE);
        assertTrue(Cli.run("vhdx", "info", vhdx).expect(ExitCode.DONE).out().contains("blocks fully present"));
        JsonNode map = Cli.run("vhdx", "map", vhdx, "--offset", "512KiB", "--length", "4096", "--json")
                .expect(ExitCode.DONE)
                .json();
        long fileOffset = map.at("/segments/0/fileOffset").asLong();
        JsonNode reverse = Cli.run("vhdx", "map", vhdx, "--reverse", "--offset", fileOffset, "--length", 4096, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(512 << 10, reverse.at("/segments/0/offset").asLong());

        // The VHDX is the same disk by the name it is given, and holds the same blocks: nothing new to store.
        JsonNode again =
                backUp("--json", "system=" + vhdx).expect(ExitCode.DONE).json();
        assertEquals(0, again.at("/disks/0/changedBytes").asLong());
        assertEquals(0, again.at("/disks/0/storedBytes").asLong());
        assertEquals("vhdx-dynamic", again.at("/disks/0/format").asText());
        Cli.run("dump", vhdx).expect(ExitCode.DONE);
    }

    @Test
    void severalDisksAreToldApart() throws IOException {
        Path other = Files.write(temp.resolve("other.raw"), new byte[] {1, 2, 3});
        backUp("system=" + disk, "data=" + other).expect(ExitCode.DONE);
        assertTrue(Cli.run("restore", "-r", repo, "latest", "--to", temp.resolve("x"))
                .expect(ExitCode.USAGE)
                .err()
                .contains("2 disks"));
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "latest", "--disk", "data", "--to", back).expect(ExitCode.DONE);
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(back));
        assertTrue(backUp(disk, temp.resolve("repo/../disk.raw"))
                .expect(ExitCode.USAGE)
                .err()
                .contains("give them names"));
    }

    @Test
    void aDamagedPackIsNamedAndTheRestComesBack() throws IOException {
        backUp(disk).expect(ExitCode.DONE);
        Path pack;
        try (var packs = Files.walk(repo.resolve("packs"))) {
            pack = packs.filter(Files::isRegularFile)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[200] ^= 1;
        Files.write(pack, bytes);
        Cli.Result fsck = Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(fsck.out().contains(pack.getFileName().toString()), fsck.out());
        assertTrue(fsck.out().contains("affected: snapshot"), fsck.out());
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "latest", "--to", back).expect(ExitCode.REPOSITORY_DAMAGED);
        assertFalse(Files.exists(back));
        JsonNode restored = Cli.run("restore", "-r", repo, "latest", "--to", back, "--allow-damaged", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        int offset = restored.at("/damagedRanges/0/offset").asInt();
        java.util.Arrays.fill(
                content, offset, offset + restored.at("/damagedRanges/0/length").asInt(), (byte) 0);
        assertArrayEquals(content, Files.readAllBytes(back));
        assertTrue(Cli.run("dump", pack).expect(ExitCode.DONE).out().contains("BLOCK"));
    }

    @Test
    void badChangeListsDemoteWithAWarning() throws IOException {
        backUp("--token", "t", disk).expect(ExitCode.DONE);
        String[] lists = {
            "garbage",
            "{}",
            "[{\"offset\": -1, \"length\": 5}]",
            "[{\"offset\": 4194304, \"length\": 1}]",
            "[{\"offset\": 0}]",
            "[{\"offset\": 1.5, \"length\": 1}]"
        };
        for (String text : lists) {
            Path list = changeList(text);
            JsonNode json = backUp("--since", "t", "--token", "t", "--changes", list, "--json", disk)
                    .expect(ExitCode.WARNINGS)
                    .json();
            assertEquals("demoted", json.at("/disks/0/mode").asText(), text);
            assertTrue(json.at("/warnings/0/text").asText().contains("at offset"), json::toString);
            assertEquals("change-list-invalid", json.at("/warnings/0/code").asText());
            assertEquals("warning", json.at("/warnings/0/severity").asText());
            String advice = json.at("/warnings/0/advice").asText();
            assertTrue(advice.startsWith("create the change list again"), advice);
            assertEquals("change-list-invalid", json.at("/disks/0/reasonCode").asText(), text);
            // From the second time on, that it happens again is an alarm of its own.
            assertEquals(text.equals("garbage") ? 1 : 2, json.path("warnings").size(), text);
        }
        Path overlapping = changeList("[{\"offset\": 9, \"length\": 70000},{\"offset\": 0, \"length\": 10}]");
        backUp("--since", "t", "--token", "u", "--changes", overlapping, disk).expect(ExitCode.DONE);
        backUp("--since", "x", "--token", "v", "--changes", overlapping, disk).expect(ExitCode.WARNINGS);
    }

    @Test
    void wrongArgumentsChangeNothing() throws IOException {
        backUp(disk).expect(ExitCode.DONE);
        Object[][] lines = {
            {"nonsense"},
            {},
            {"backup", "-r", repo, "--machine", "m"},
            {"backup", "-r", repo, "--machine", "m", temp.resolve("absent.raw")},
            {"backup", "-r", repo, "--machine", "m", temp},
            {"backup", "-r", repo, "--machine", "m", "--changes", disk, disk},
            {"backup", "-r", repo, "--machine", "m", "--audit", "101", disk},
            {"backup", "-r", repo, "--machine", "m", "--time=-1000000000-01-01T00:00:00Z", disk},
            {"backup", "-r", repo, "--machine", "m", "--time", "1969-12-31T23:59:59Z", disk},
            {"init", "-r", temp.resolve("new"), "--label", "x".repeat(201)},
            {"backup", "-r", temp, "--machine", "m", disk},
            {"snapshots", "-r", temp.resolve("absent")},
            {"show", "-r", repo, "absent"},
            {"show", "-r", repo, "latest~7"},
            {"restore", "-r", repo, "latest", "--to", temp.resolve("absent/x.raw")},
            {"restore", "-r", repo, "latest", "--to", temp.resolve("x.raw"), "--in-place"},
            {"restore", "-r", repo, "latest", "--disk", "7", "--to", temp.resolve("x.raw")},
            {"restore", "-r", repo, "latest", "--to", "/dev/null", "--force"},
            {"fsck", "-r", repo, "--read-data=0"},
            {"init", "-r", repo},
            {"init", "-r", temp},
            {"init", "-r", temp.resolve("new"), "--block-size", "1000"},
            {"restore", "-r", repo, "latest", "--to", "a\0b"},
            {"show", "-r", repo, "\uFFFD"},
            {"snapshots", "-r", "no\uFFFD"},
            {"backup", "-r", repo, "--machine", "m", "d=a\0b"}
        };
        for (Object[] line : lines) {
            Cli.Result result = Cli.run(line).expect(ExitCode.USAGE);
            assertFalse(result.err().isBlank());
        }
        assertEquals(
                1,
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .size());
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void unreadableSourcesAndTooSmallTargets() throws IOException {
        Path notVhdx = Files.write(temp.resolve("disk.vhdx"), content);
        assertTrue(backUp(notVhdx).expect(ExitCode.SOURCE_FAILED).err().contains("vhdxfile"));
        backUp(disk).expect(ExitCode.DONE);
        Path small = Files.write(temp.resolve("small.raw"), new byte[1000]);
        assertTrue(Cli.run("restore", "-r", repo, "latest", "--to", small, "--in-place")
                .expect(ExitCode.TARGET_FAILED)
                .err()
                .contains("too small"));
        assertEquals(1000, Files.size(small));
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        Path config = repo.resolve("repository.json");
        Files.writeString(config, Files.readString(config).replace("\"format\" : 1", "\"format\": 1"));
        String text = Files.readString(config);
        int digest = text.indexOf("\"digest\": \"") + 11;
        String unsealed = (text.substring(0, digest) + "0".repeat(64) + text.substring(digest + 64))
                .replace("\"format\": 1", "\"format\": 2");
        String sealed = unsealed.replace(
                "0".repeat(64),
                new io.varve.store.chunk.ChunkHasher()
                        .id(unsealed.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .hex());
        Files.writeString(config, sealed);
        assertTrue(Cli.run("snapshots", "-r", repo).expect(ExitCode.USAGE).err().contains("newer"));
    }

    @Test
    void compressionIsChosenPerBackup() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        long[] stored = new long[3];
        String[] how = {"none", "lz4", "zstd:3"};
        for (int i = 0; i < how.length; i++) {
            for (int at = 0; at < SIZE; at++) {
                content[at] = (byte) random.nextInt(at / 1000 % 40 + 1);
            }
            Files.write(disk, content);
            stored[i] = backUp("--compression", how[i], "--json", disk)
                    .expect(ExitCode.DONE)
                    .json()
                    .at("/disks/0/storedBytes")
                    .asLong();
            Path restored = temp.resolve("restored-" + i);
            Cli.run("restore", "-r", repo, "latest", "--to", restored).expect(ExitCode.DONE);
            assertArrayEquals(content, Files.readAllBytes(restored), how[i]);
        }
        assertTrue(stored[0] > stored[1] && stored[1] > stored[2], java.util.Arrays.toString(stored));
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        for (String wrong : List.of("gzip", "zstd:0", "zstd:20", "zstd:", "lz4:1", "")) {
            assertTrue(backUp("--compression", wrong, disk)
                    .expect(ExitCode.USAGE)
                    .err()
                    .contains("--compression is"));
        }
    }

    /**
     * A second's worth passes at once, the rest takes its time; how long is not the test's business, only that it
     * waits.
     */
    @Test
    void ratesAreKept() throws IOException {
        long started = System.nanoTime();
        backUp("--read-rate", "1536K", disk).expect(ExitCode.DONE); // 2 MiB of the disk are holes or zeros
        Cli.run(
                        "restore",
                        "-r",
                        repo,
                        "latest",
                        "--to",
                        temp.resolve("r"),
                        "--write-rate",
                        "1536K",
                        "--read-rate",
                        "1G")
                .expect(ExitCode.DONE);
        assertTrue(System.nanoTime() - started > 600_000_000, "twice half a MiB more than passes at once");
        assertArrayEquals(content, Files.readAllBytes(temp.resolve("r")));
        backUp("--write-rate", "0", disk).expect(ExitCode.USAGE);
        backUp("--read-rate", "0", disk).expect(ExitCode.USAGE);
    }

    @Test
    void diffTellsDisksOfEitherSideAlone() throws IOException {
        Path other = Files.write(temp.resolve("other.raw"), new byte[] {1, 2, 3});
        backUp("system=" + disk, "old=" + other).expect(ExitCode.DONE);
        backUp("--gone", "old", "system=" + disk).expect(ExitCode.DONE);
        Cli.Result text = Cli.run("diff", "-r", repo, "latest~1", "latest").expect(ExitCode.DONE);
        assertTrue(text.out().contains("old: only in "), text.out());
        for (boolean turned : new boolean[] {false, true}) {
            JsonNode json = Cli.run(
                            "diff",
                            "-r",
                            repo,
                            turned ? "latest" : "latest~1",
                            turned ? "latest~1" : "latest",
                            "--json")
                    .expect(ExitCode.DONE)
                    .json();
            assertEquals(2, json.path("differences").size(), json::toString);
            assertEquals(0, json.at("/differences/0/differingBytes").asLong(-1));
            assertEquals("old", json.at("/differences/1/name").asText());
            assertTrue(json.at("/differences/1/onlyInSnapshotId").isTextual(), json::toString);
        }
    }

    @Test
    void wrongArgumentsAreTellableFromJson() throws IOException {
        JsonNode json = Cli.run("snapshots", "--json", "--nonsense")
                .expect(ExitCode.USAGE)
                .json();
        assertEquals("usage", json.path("result").asText());
        assertTrue(json.path("error").asText().contains("--nonsense"), json::toString);
        assertEquals(
                "", Cli.run("snapshots", "--nonsense").expect(ExitCode.USAGE).out());
        assertEquals(
                "usage",
                Cli.run("show", "--json", "\uFFFD")
                        .expect(ExitCode.USAGE)
                        .json()
                        .path("result")
                        .asText());
    }

    @Test
    void aKeyThatOpensNothingIsNotLeftBehind() throws IOException {
        Path key = temp.resolve("new.key");
        Path below = disk.resolve("repo"); // the disk is a file
        assertTrue(
                Cli.run("init", "-r", below, "--encrypt", "--new-key-file", key).code() != 0);
        assertFalse(Files.exists(key));
        Files.writeString(key, "another's");
        assertTrue(Cli.run("init", "-r", temp.resolve("new"), "--encrypt", "--new-key-file", key)
                        .code()
                != 0);
        assertEquals("another's", Files.readString(key));
    }

    /** An argument that begins with @ is a name like any other, and no file of arguments. */
    @Test
    void namesMayBeginWithAnAt() throws IOException {
        Path names = Files.writeString(temp.resolve("names"), "other");
        String machine = "@" + names;
        Cli.run("backup", "-r", repo, "--machine", machine, disk).expect(ExitCode.DONE);
        assertEquals(
                machine,
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .at("/snapshots/0/machine")
                        .asText());
    }

    /** Every command and option says what it is for. */
    @Test
    void helpTeaches() {
        checkHelp(Varve.withSubcommands());
        assertTrue(Cli.run("--help").expect(ExitCode.DONE).out().contains("Exit codes"));
        assertTrue(Cli.run("help", "backup").expect(ExitCode.DONE).out().contains("--changes"));
    }

    /** The table of names saves loading all classes; it must say what they say. */
    @Test
    void subcommandsAreListedUnderTheirNames() {
        Varve.SUBCOMMANDS.forEach(subcommand -> assertEquals(
                subcommand.getValue().getAnnotation(CommandLine.Command.class).name(), subcommand.getKey()));
        assertEquals(
                List.of("key"),
                List.copyOf(
                        Varve.withSubcommands("key", "list").getSubcommands().keySet()));
        assertTrue(Cli.run("bakup").expect(ExitCode.USAGE).err().contains("backup"));
    }

    private static void checkHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        assertTrue(spec.usageMessage().description().length > 0, spec.qualifiedName());
        spec.options().forEach(option -> assertTrue(option.description().length > 0, option.longestName()));
        spec.positionalParameters()
                .forEach(parameter -> assertTrue(parameter.description().length > 0, parameter.paramLabel()));
        command.getSubcommands().values().forEach(CommandsTest::checkHelp);
    }
}
