package io.varve.tools;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.tools.command.BackupCommand;
import io.varve.tools.command.CopyCommand;
import io.varve.tools.command.ForgetCommand;
import io.varve.tools.command.GcCommand;
import io.varve.tools.command.RebuildIndexCommand;
import io.varve.tools.command.RepairCommand;
import io.varve.tools.command.RestoreCommand;
import io.varve.tools.command.UnforgetCommand;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A command that is stopped says what it has done and what not: "nothing" only where it is nothing. */
class StoppedTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;

    @BeforeEach
    void threeNights() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        Cli.run("init", "-r", repo, "--pack-size", "64KiB").expect(ExitCode.DONE);
        Path first = Files.writeString(temp.resolve("first.xml"), "<first/>");
        Path second = Files.writeString(temp.resolve("second.xml"), "<second/>");
        for (int night = 1; night <= 3; night++) {
            Files.write(disk, content(night));
            Cli.run(
                            "backup",
                            "-r",
                            repo,
                            "--machine",
                            "m",
                            "--file",
                            "first=" + first,
                            "--file",
                            "second=" + second,
                            "disk=" + disk)
                    .expect(ExitCode.DONE);
        }
    }

    private static byte[] content(int night) {
        byte[] content = new byte[SIZE];
        new SplittableRandom(night).nextBytes(content);
        return content;
    }

    /** After which call of the repository's storage the request to stop comes. */
    @FunctionalInterface
    private interface Moment {
        boolean is(String called, Object[] arguments);
    }

    /** The first call of this verb for an object of such a name. */
    private record When(String verb, String prefix) implements Moment {
        @Override
        public boolean is(String called, Object[] arguments) {
            return called.equals(verb)
                    && (prefix.isEmpty() || arguments != null && ("" + arguments[0]).startsWith(prefix));
        }
    }

    private Backend stopping(Moment when, Cancellation cancellation) {
        Backend backend = new LocalBackend(repo);
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(backend, arguments);
                        if (when.is(method.getName(), arguments)) {
                            cancellation.request();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** What a command says when it is stopped. */
    private String stop(RepositoryOptions command, Moment when, Object... arguments) throws IOException {
        new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Long.class, new ByteSize())
                .parseArgs(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        Cancellation cancellation = new Cancellation(command::soFar);
        Output output = new Output(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        try (Repository repository = Repository.open(new Folder(repo, stopping(when, cancellation)))) {
            return assertThrows(InterruptedIOException.class, () -> command.run(repository, output, cancellation))
                    .getMessage();
        }
    }

    private int snapshots() throws IOException {
        return Cli.run("snapshots", "-r", repo, "--json")
                .json()
                .path("snapshots")
                .size();
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.walk(repo.resolve("packs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void backup() throws IOException {
        Files.write(disk, content(4));
        assertEquals(
                "stopped on request; nothing was committed",
                stop(new BackupCommand(), new When("create", ""), "--machine", "m", "disk=" + disk));
        assertEquals(3, snapshots());
    }

    @Test
    void forget() throws IOException {
        assertEquals(
                "stopped on request; 1 of 2 snapshots forgotten; run the same command again to continue",
                stop(new ForgetCommand(), new When("delete", "snapshots/"), "--keep-last", 1));
        assertEquals(2, snapshots());
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        assertEquals(1, snapshots());
    }

    @Test
    void copy() throws IOException {
        Path target = temp.resolve("target");
        Cli.run("init", "-r", target).expect(ExitCode.DONE);
        Moment afterTheFirst = (called, arguments) -> called.equals("read") && snapshotsIn(target) == 1;
        String said = stop(new CopyCommand(), afterTheFirst, "--to", target);
        int copied = snapshotsIn(target); // it is asked between leaves, of which these disks have one
        assertTrue(copied == 1 || copied == 2, said);
        assertEquals(
                "stopped on request; " + copied
                        + " of 3 snapshots copied; the one in progress was not committed. Run the"
                        + " same command again to continue",
                said);
        Cli.run("copy", "-r", repo, "--to", target).expect(ExitCode.DONE);
        assertEquals(3, snapshotsIn(target));
        Cli.run("fsck", "-r", target, "--deep").expect(ExitCode.DONE);
    }

    private static int snapshotsIn(Path target) {
        String[] names = target.resolve("snapshots").toFile().list();
        return names == null ? 0 : names.length;
    }

    @Test
    void restoreInPlace() throws IOException {
        Path target = Files.write(temp.resolve("target.raw"), content(1));
        String said = stop(
                new RestoreCommand(),
                new When("read", "packs/"),
                "--in-place",
                "--threads",
                1,
                "--to",
                target,
                "latest");
        assertEquals(
                "stopped on request; " + target
                        + " may hold a part of the disk; run the same command again to continue",
                said);
        Cli.run("restore", "-r", repo, "--in-place", "--to", target, "latest").expect(ExitCode.DONE);
        assertArrayEquals(content(3), Files.readAllBytes(target));
    }

    @Test
    void restoreToANewFile() throws IOException {
        Path target = temp.resolve("new.raw");
        assertEquals(
                "stopped on request; " + target + " was not written",
                stop(new RestoreCommand(), new When("read", "packs/"), "--to", target, "latest"));
        assertFalse(Files.exists(target));
    }

    @Test
    void restoreOfFiles() throws IOException {
        Path directory = temp.resolve("files");
        assertEquals(
                "stopped on request; 1 of 2 configuration files restored",
                stop(new RestoreCommand(), new When("read", "packs/"), "--files", directory, "latest"));
        assertEquals("<first/>", Files.readString(directory.resolve("first")));
        assertFalse(Files.exists(directory.resolve("second")));
    }

    @Test
    void repair() throws IOException {
        List<Path> large =
                packs().stream().filter(pack -> pack.toFile().length() > 65_536).toList();
        for (Path pack : large.subList(0, 2)) {
            byte[] bytes = Files.readAllBytes(pack);
            bytes[20_000] ^= 1;
            Files.write(pack, bytes);
        }
        assertEquals("stopped on request; nothing was changed", stop(new RepairCommand(), new When("read", "packs/")));
        assertEquals(
                "stopped on request; no damaged pack was moved yet; run the same command again to continue",
                stop(new RepairCommand(), new When("read", "packs/"), "--apply"));
        assertEquals(
                "stopped on request; 1 damaged pack was moved to quarantine/, but not all intact chunks were"
                        + " saved yet; run the same command again to continue",
                stop(new RepairCommand(), new When("move", "packs/"), "--apply"));
        Cli.run("repair", "-r", repo, "--apply").expect(ExitCode.WARNINGS);
        Cli.run("repair", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void collection() throws IOException {
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        assertEquals(
                "stopped on request; no pack was condemned or deleted; run 'varve gc' again to continue",
                stop(new GcCommand(), new When("listNames", "packs"), "--max-delete", 100));
        Cli.run("gc", "-r", repo, "--max-delete", 100).expect(ExitCode.DONE);
        int before = packs().size();
        assertEquals(
                "stopped on request; 1 condemned pack was deleted and no others condemned; run 'varve gc' again to"
                        + " continue",
                stop(new GcCommand(), new When("delete", "packs/"), "--max-delete", 100));
        assertEquals(before - 1, packs().size());
        Cli.run("gc", "-r", repo, "--max-delete", 100).expect(ExitCode.DONE);
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void bringingBack() throws IOException {
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        List<String> ids = new ArrayList<>();
        Cli.run("unforget", "-r", repo, "--json")
                .json()
                .path("snapshots")
                .forEach(snapshot -> ids.add(snapshot.path("id").asText()));
        assertEquals(
                "stopped on request; 1 of 2 snapshots brought back; name the others again to continue",
                stop(new UnforgetCommand(), new When("delete", "trash/snapshots/"), ids.get(0), ids.get(1)));
        assertEquals(2, snapshots());
        try (Stream<Path> left = Files.list(repo.resolve("sessions"))) {
            assertEquals(
                    List.of(),
                    left.filter(file -> !file.toString().endsWith(".lock")).toList());
        }
        Cli.run("unforget", "-r", repo, ids.get(1)).expect(ExitCode.DONE);
        assertEquals(3, snapshots());
    }

    /** Part of an index is one, too: what it lacks is entered by the next command. */
    @Test
    void rebuildingTheIndex() throws IOException {
        int packs = packs().size();
        String said = stop(new RebuildIndexCommand(), new When("read", "packs/"));
        assertTrue(
                said.matches("stopped on request; 1 of " + packs
                        + " packs are in the index; the next backup enters the others"),
                said);
        Cli.run("backup", "-r", repo, "--machine", "m", "disk=" + disk).expect(ExitCode.DONE);
        assertEquals(4, snapshots());
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    /** They only read, from a repository or a host. */
    private static final List<String> READING = List.of(
            "cat",
            "diff",
            "doctor",
            "dump",
            "hold list",
            "hyperv list",
            "jobs",
            "key list",
            "rct map",
            "rct query",
            "rct status",
            "report",
            "rsvd changes",
            "rsvd info",
            "rsvd snapshots",
            "schema",
            "sessions",
            "show",
            "snapshots",
            "stats",
            "vhdx check",
            "vhdx info",
            "vhdx map");

    /** Each object that they create or delete is complete in itself, and each call to a host. */
    private static final List<String> ONE_STEP = List.of(
            "hold place",
            "hold release",
            "init",
            "key add",
            "key countersign",
            "key remove",
            "key rotate-passphrase",
            "protect",
            "rct disable",
            "rct enable",
            "rct set-id",
            "rsvd delete-snapshot",
            "unprotect");

    /** A scratch disk stays, and the next run names it. Without the name of a snapshot, {@code unforget} only lists. */
    private static final List<String> OTHERS = List.of("selftest virtdisk", "unforget");

    @Test
    void everyOtherCommandIsKnownToNeedNoTime() {
        Set<String> found = new TreeSet<>();
        atOnce(Varve.withSubcommands("help"), "", found);
        Set<String> known = new TreeSet<>(READING);
        known.addAll(ONE_STEP);
        known.addAll(OTHERS);
        assertEquals(known, found);
    }

    private static void atOnce(CommandLine commands, String before, Set<String> found) {
        commands.getSubcommands().forEach((name, command) -> {
            if (command.getCommand() instanceof CommonOptions options && !options.tidiesUp()) {
                found.add(before + name);
            }
            atOnce(command, before + name + " ", found);
        });
    }

    /** Commands that wait for Ctrl-C to be obeyed, and the least they are given. */
    private static final Map<String, String[]> LEAST = Map.ofEntries(
            entry("backup", new String[] {"--machine", "m", "disk"}),
            entry("restore", new String[] {"--to", "x", "latest"}),
            entry("copy", new String[] {"--to", "x"}),
            entry("export", new String[] {"--to", "x", "latest"}),
            entry("import", new String[] {"x"}),
            entry("unforget", new String[] {"x"}),
            entry("bench", new String[] {"--repo-dir", "x", "--synthetic", "1MiB"}),
            entry("vss backup", new String[] {"--machine", "m", "--vm", "00000000-0000-0000-0000-000000000001"}),
            entry("hyperv backup", new String[] {"--host", "h", "--vm", "v"}),
            entry("hyperv clean", new String[] {"--host", "h", "--vm", "v"}),
            entry("selftest hyperv", new String[] {"--host", "h", "--scratch-vm", "--dir", "x", "--record", "x"}),
            entry("hyperv rollback", new String[] {"--host", "h", "latest"}),
            entry("hyperv restore", new String[] {"--to-dir", "x", "latest"}));

    /** Each command that does something, by its words behind "varve", with those below commands. */
    private static void collect(CommandLine command, Map<String, CommonOptions> commands) {
        if (command.getCommandSpec().userObject() instanceof CommonOptions options) {
            commands.put(command.getCommandSpec().qualifiedName().replaceFirst("varve ", ""), options);
        }
        command.getSubcommands().values().forEach(below -> collect(below, commands));
    }

    /** Whoever adds a command that can be stopped has to say what becomes of its work. */
    @Test
    void everyCommandThatCanBeStoppedSaysWhatItDid() {
        Map<String, CommonOptions> commands = new TreeMap<>();
        collect(Varve.withSubcommands("help"), commands);
        commands.entrySet().removeIf(each -> !each.getValue().tidiesUp() && !LEAST.containsKey(each.getKey()));
        List<String> nothing = new ArrayList<>();
        commands.forEach((name, command) -> {
            new CommandLine(command)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .registerConverter(Long.class, new ByteSize())
                    .parseArgs(LEAST.getOrDefault(name, new String[0]));
            assertTrue(command.tidiesUp(), name);
            String said = command.soFar();
            assertFalse(said.isBlank(), name);
            if (said.contains("nothing was committed")) {
                nothing.add(name);
            }
        });
        assertTrue(commands.size() >= 14, "" + commands.keySet());
        assertEquals(List.of("backup", "hyperv backup", "import", "vss backup"), nothing);
    }
}
