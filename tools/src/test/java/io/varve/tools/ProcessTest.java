package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.index.ChunkIndex;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: bytes on standard output, the heap limit, signals, two writers at once. */
class ProcessTest {
    @TempDir
    Path temp;

    private Process start(Object... arguments) throws IOException {
        return prepare(arguments).start();
    }

    private ProcessBuilder prepare(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.varve.tools.Varve"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command)
                .redirectError(temp.resolve("stderr.txt").toFile());
    }

    private byte[] disk(String name, int size) throws IOException {
        byte[] content = new byte[size];
        new SplittableRandom(size).nextBytes(content);
        Files.write(temp.resolve(name), content);
        return content;
    }

    @Test
    void catWritesTheBytesThemselves() throws Exception {
        byte[] content = disk("disk.raw", 3_000_001);
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"))
                .expect(ExitCode.DONE);
        Process cat = start("cat", "-r", repo, "latest", "--offset", 1_000_000);
        byte[] out = cat.getInputStream().readAllBytes();
        assertEquals(0, cat.waitFor());
        assertArrayEquals(java.util.Arrays.copyOfRange(content, 1_000_000, content.length), out);

        Process head = start("cat", "-r", repo, "latest");
        assertEquals(10, head.getInputStream().readNBytes(10).length);
        head.getInputStream().close();
        assertEquals(0, head.waitFor(), read("stderr.txt"));

        Process all = start("restore", "-r", repo, "latest", "--to", "-");
        assertArrayEquals(content, all.getInputStream().readAllBytes());
        assertEquals(0, all.waitFor(), () -> read("stderr.txt"));
        assertTrue(Files.notExists(Path.of("-")), "a file of that name");

        for (String whole : List.of("restore", "export")) { // half a disk must not look like one
            Process cut = start(whole, "-r", repo, "latest", "--to", "-");
            assertEquals(10, cut.getInputStream().readNBytes(10).length);
            cut.getInputStream().close();
            assertEquals(5, cut.waitFor(), read("stderr.txt"));
        }
    }

    /** A reader only saves time with an index: where there is no room for one, the packs' footers serve as well. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whereNoIndexCanBeMadeTheDiskIsReadAllTheSame() throws Exception {
        byte[] content = disk("disk.raw", 300_000);
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"))
                .expect(ExitCode.DONE);
        ChunkIndex.delete(repo.resolve("index"));
        ProcessBuilder cat = prepare("cat", "-r", repo, "latest");
        cat.command().addAll(0, List.of("/bin/sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
        Process limited = cat.start();
        byte[] out = limited.getInputStream().readAllBytes();
        assertEquals(0, limited.waitFor(), read("stderr.txt"));
        assertArrayEquals(content, out);
        assertTrue(read("stderr.txt").contains("reading pack footers instead"), read("stderr.txt"));
        Cli.run("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"))
                .expect(ExitCode.DONE);
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    /** SIGTERM and Ctrl-C: the backup ends in good order, nothing is committed, nothing is left behind. */
    @Test
    void aSignalStopsABackupInGoodOrder() throws Exception {
        disk("disk.raw", 200 << 20);
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Process backup = start("backup", "-r", repo, "--machine", "m", "--threads", 1, temp.resolve("disk.raw"));
        try (var out = backup.inputReader()) {
            assertTrue(out.readLine().contains("full"), "it has begun");
            backup.toHandle().destroy();
            assertTrue(backup.waitFor(60, TimeUnit.SECONDS));
        }
        assertEquals(143, backup.exitValue(), () -> read("stderr.txt"));
        assertTrue(read("stderr.txt").contains("stopped on request"), () -> read("stderr.txt"));
        try (var left = Files.list(repo.resolve("tmp"))) {
            assertEquals(0, left.count());
        }
        String fsck = Cli.run("fsck", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(fsck.contains("0 snapshots"), fsck);
    }

    /** A benchmark that is stopped takes its temporary repository with it. */
    @Test
    void aSignalStopsABenchmarkWithoutATrace() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("bench"));
        Process bench = start("bench", "--repo-dir", directory, "--synthetic", "1GiB");
        while (bench.isAlive() && !read("stderr.txt").contains("making a disk")) {
            Thread.sleep(20);
        }
        bench.toHandle().destroy();
        assertTrue(bench.waitFor(60, TimeUnit.SECONDS));
        assertEquals(143, bench.exitValue(), () -> read("stderr.txt"));
        assertTrue(read("stderr.txt").contains("stopped on request"), () -> read("stderr.txt"));
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    /** Not 1, which would mean that it is done. */
    @Test
    void tooLittleMemoryIsAFailure() throws Exception {
        disk("disk.raw", 64 << 20);
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        ProcessBuilder builder = prepare("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"));
        builder.command().set(1, "-Xmx10m");
        builder.command().add(2, "-XX:MaxDirectMemorySize=4m");
        Process backup = builder.start();
        backup.getInputStream().readAllBytes();
        assertEquals(70, backup.waitFor(), () -> read("stderr.txt"));
        assertTrue(
                read("stderr.txt").contains("varve: out of memory")
                        && read("stderr.txt").contains("VARVE_JAVA_OPTS=-Xmx"),
                () -> read("stderr.txt"));
        Cli.run("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"));
        String fsck = Cli.run("fsck", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(fsck.contains("1 snapshot,"), fsck);
    }

    /** What everybody may read by that umask is for its owner alone. */
    @Tag("long")
    @Test
    @EnabledOnOs(OS.LINUX)
    void theUmaskIsOfNoConsequence() throws Exception {
        disk("disk.raw", 1 << 20);
        Path repo = temp.resolve("repo");
        Path key = temp.resolve("key");
        Path cache = temp.resolve("cache");
        Path made = temp.resolve("made");
        Files.createDirectory(made);
        for (List<Object> command : List.<List<Object>>of(
                List.of("init", "-r", repo, "--encrypt", "--new-key-file", key),
                List.of("backup", "-r", repo, "--key-file", key, "--machine", "m", temp.resolve("disk.raw")),
                List.of("restore", "-r", repo, "--key-file", key, "latest", "--to", made.resolve("disk.raw")),
                List.of("export", "-r", repo, "latest", "--to", made.resolve("e.varve")))) {
            ProcessBuilder builder = prepare(command.toArray());
            builder.command().addAll(0, List.of("sh", "-c", "umask 000; exec \"$@\"", "sh"));
            builder.environment().put("VARVE_CACHE", cache.toString());
            Process process =
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            assertEquals(0, process.waitFor(), () -> command + read("stderr.txt"));
        }
        int checked = 0;
        for (Path root : List.of(repo, cache, key, made.resolve("disk.raw"), made.resolve("e.varve"))) {
            checked += onlyOwnersIn(root);
        }
        assertTrue(checked > 20, checked + " files and directories");
    }

    /** Files behind a directory that nobody else can enter may have any mode, if a library makes them. */
    private static int onlyOwnersIn(Path root) throws IOException {
        int checked = 0;
        try (var tree = Files.walk(root)) {
            for (Path path : tree.toList()) {
                boolean isRocksDb = path.getParent().endsWith("index");
                int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
                assertTrue(isRocksDb || (mode & 0077) == 0, path + " has mode " + Integer.toOctalString(mode));
                checked++;
            }
        }
        return checked;
    }

    private String read(String name) {
        try {
            return Files.readString(temp.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Two processes back up at the same time: one waits for the other, both succeed. */
    @Test
    void twoWritersTakeTurns() throws Exception {
        disk("a.raw", 40 << 20);
        disk("b.raw", 41 << 20);
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Process a = start("backup", "-r", repo, "--machine", "a", temp.resolve("a.raw"));
        Process b = start("backup", "-r", repo, "--machine", "b", temp.resolve("b.raw"));
        a.getInputStream().readAllBytes();
        b.getInputStream().readAllBytes();
        assertEquals(0, a.waitFor());
        assertEquals(0, b.waitFor());
        assertTrue(Cli.run("fsck", "-r", repo, "--deep")
                .expect(ExitCode.DONE)
                .out()
                .contains("2 snapshots"));
    }

    /** A command of the shell is full of what looks like variables to others. */
    @Test
    void thePasswordCommandIsTakenToTheLetter() throws Exception {
        Path repo = temp.resolve("repo");
        Path password = Files.writeString(temp.resolve("pw"), "a good passphrase\n");
        Cli.run("init", "-r", repo, "--encrypt", "--password-file", password).expect(ExitCode.DONE);
        ProcessBuilder keys = prepare("snapshots");
        keys.environment().put("VARVE_REPO", repo.toString());
        keys.environment().put("VARVE_PASSWORD_COMMAND", "x=$(cat '" + password + "'); echo \"${x}\"");
        keys.command().set(1, "-Xmx256m"); // the passphrase's hash takes 64 MiB
        Process process = keys.start();
        process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor(), () -> read("stderr.txt"));
    }

    /** In a locale of ASCII alone two such machines would be one; so nothing is done. */
    @Test
    void namesThatTheLocaleCannotExpressAreRefused() throws Exception {
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        disk("disk.raw", 1000);
        ProcessBuilder backup = prepare("backup", "-r", repo, "--machine", "J\u00FCrgen", temp.resolve("disk.raw"));
        backup.environment().put("LC_ALL", "C");
        Process process = backup.start();
        process.getInputStream().readAllBytes();
        assertEquals(2, process.waitFor(), () -> read("stderr.txt"));
        assertTrue(read("stderr.txt").contains("LC_ALL"), () -> read("stderr.txt"));
        assertEquals(
                "",
                Cli.run("snapshots", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .findPath("id")
                        .asText());
    }

    /** Whoever waits for a pipe on which nothing comes can be stopped, and takes what was kept along. */
    @Test
    void aSignalStopsAnImportThatWaits() throws Exception {
        Path repo = temp.resolve("repo");
        Path scratch = Files.createDirectory(temp.resolve("scratch"));
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Process waiting = start("import", "-r", repo, "--scratch", scratch, "-");
        waiting.getOutputStream().write(new byte[100_000]);
        waiting.getOutputStream().flush();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (kept(scratch) < 100_000 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        waiting.toHandle().destroy();
        assertTrue(waiting.waitFor(20, TimeUnit.SECONDS), "it looks for a signal ten times a second");
        assertEquals(143, waiting.exitValue(), () -> read("stderr.txt"));
        assertTrue(read("stderr.txt").contains("stopped on request"), () -> read("stderr.txt"));
        try (var left = Files.list(scratch)) {
            assertEquals(0, left.count());
        }
    }

    private static long kept(Path scratch) throws IOException {
        try (var files = Files.walk(scratch)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void resultsThatAreLostAreAFailure() throws Exception {
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        for (String form : List.of("--json", "--no-such-option")) {
            Process lost = prepare("snapshots", "-r", repo, form)
                    .redirectOutput(Path.of("/dev/full").toFile())
                    .start();
            assertEquals(form.equals("--json") ? 5 : 2, lost.waitFor(), () -> read("stderr.txt"));
        }
        Process closed = start("snapshots", "-r", repo, "--json");
        closed.getInputStream().close();
        assertEquals(0, closed.waitFor(), () -> read("stderr.txt"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeIsNoSource() throws Exception {
        Path repo = temp.resolve("repo");
        Path pipe = temp.resolve("pipe");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process backup = start("backup", "-r", repo, "--machine", "m", pipe);
        boolean ended = backup.waitFor(30, TimeUnit.SECONDS);
        backup.destroyForcibly();
        assertTrue(ended, "it does not wait for a writer");
        assertEquals(2, backup.exitValue(), () -> read("stderr.txt"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPasswordCommandThatSaysTooMuchIsRefused() throws Exception {
        Path repo = temp.resolve("repo");
        Path key = temp.resolve("key");
        Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key).expect(ExitCode.DONE);
        Process snapshots = start("snapshots", "-r", repo, "--password-command", "yes");
        boolean ended = snapshots.waitFor(30, TimeUnit.SECONDS);
        snapshots.destroyForcibly();
        assertTrue(ended, "it does not wait for the end");
        assertEquals(7, snapshots.exitValue(), () -> read("stderr.txt"));
    }
}
