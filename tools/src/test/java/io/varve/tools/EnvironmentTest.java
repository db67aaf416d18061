package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.help.Topic;
import io.varve.tools.option.DefaultsFromEnvironment;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Settings out of environment variables and configuration files, which only a process of its own can have. */
@DisabledOnOs(OS.WINDOWS)
class EnvironmentTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path config;

    @BeforeEach
    void encryptedRepository() throws Exception {
        repo = temp.resolve("repo");
        config = temp.resolve("config.yaml");
        Files.writeString(temp.resolve("password"), "a good passphrase\n");
        Cli.run("init", "-r", repo, "--encrypt", "--password-file", temp.resolve("password"))
                .expect(ExitCode.DONE);
        Files.writeString(
                config,
                "default: main\nrepositories:\n  - name: main\n    path: " + repo + "\n    password-file: "
                        + temp.resolve("password") + "\n  - {name: plain, path: " + temp.resolve("plain") + "}\n");
    }

    private Cli.Result run(Map<String, String> environment, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.varve.tools.Varve"));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(temp.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("VARVE_") && !name.equals("VARVE_CACHE"));
        builder.environment().put("VARVE_CONFIG", "");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Cli.Result(process.waitFor(), out, Files.readString(temp.resolve("err")));
    }

    private Path disk() throws IOException {
        return Files.write(temp.resolve("disk.raw"), new byte[100_000]);
    }

    /** The passphrase in a variable opens the repository, and a password command does not see it. */
    @Test
    void thePassphraseInAVariable() throws Exception {
        Map<String, String> variables = Map.of("VARVE_REPO", repo.toString(), "VARVE_PASSWORD", "a good passphrase");
        run(variables, "backup", "--machine", "m", disk()).expect(ExitCode.DONE);
        Cli.Result seen = run(
                        variables,
                        "backup",
                        "--machine",
                        "m",
                        "--password-command",
                        "echo \"x$VARVE_PASSWORD\"",
                        disk())
                .expect(ExitCode.LOCKED);
        assertTrue(seen.err().contains("varve: "), seen.err());
        Cli.Result wrong = run(
                        Map.of("VARVE_REPO", repo.toString(), "VARVE_PASSWORD", "another"),
                        "-v",
                        "restore",
                        "latest",
                        "--to",
                        temp.resolve("x"))
                .expect(ExitCode.LOCKED);
        assertTrue(wrong.err().contains("key from the environment (VARVE_…)"), wrong.err());
    }

    /** An option counts before a variable, whichever kind of key each names. */
    @Test
    void optionsComeBeforeVariables() throws Exception {
        run(
                        Map.of(
                                "VARVE_REPO",
                                repo.toString(),
                                "VARVE_PASSWORD_FILE",
                                "/nowhere",
                                "VARVE_KEY_FILE",
                                "/no"),
                        "backup",
                        "--machine",
                        "m",
                        "--password-command",
                        "cat " + temp.resolve("password"),
                        disk())
                .expect(ExitCode.DONE);
    }

    /** It would be taken for objects, and copied and shared with the repository. */
    @Test
    void aCacheInsideTheRepositoryIsRefused() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), repo);
        for (Path cache : List.of(repo.resolve("cache"), repo, link.resolve("packs/cache"))) {
            for (Object[] command : new Object[][] {
                {"snapshots", "-r", repo}, {"backup", "-r", temp.resolve("plain"), "--machine", "m", disk()}
            }) {
                Cli.Result result =
                        run(Map.of("VARVE_CACHE", cache.toString()), command).expect(ExitCode.USAGE);
                assertTrue(
                        result.err().contains(cache + ": the cache directory (VARVE_CACHE) lies in the repository"),
                        result.err());
            }
        }
        try (Stream<Path> inside = Files.list(repo)) {
            assertTrue(inside.noneMatch(file -> file.endsWith("cache") || file.endsWith("heads")));
        }
    }

    @Test
    void repositoriesOfAConfigurationFile() throws Exception {
        Map<String, String> configured = Map.of("VARVE_CONFIG", config.toString(), "VARVE_PASSWORD", "of another one");
        Cli.Result byDefault =
                run(configured, "-v", "backup", "--machine", "m", disk()).expect(ExitCode.DONE);
        assertTrue(byDefault.err().contains("from default repository @main in " + config), byDefault.err());
        assertTrue(byDefault.err().contains("key from @main in " + config), byDefault.err());
        run(configured, "init", "-r", "@plain").expect(ExitCode.DONE);
        Map<String, String> named = Map.of("VARVE_CONFIG", config.toString(), "VARVE_REPO", "@main");
        Cli.Result copied = run(named, "copy", "--to", "@plain", "--decrypt").expect(ExitCode.DONE);
        assertTrue(copied.out().contains("copied 1 of 1 snapshot"), copied.out());
        Cli.Result unknown = run(named, "-r", "@other", "snapshots").expect(ExitCode.USAGE);
        assertTrue(unknown.err().contains("expected one of @main, @plain"), unknown.err());
    }

    @Test
    void defaultsOfOptions() throws Exception {
        Cli.Result wrong = run(
                        Map.of("VARVE_REPO", repo.toString(), "VARVE_WRITE_RATE", "many"),
                        "backup",
                        "--machine",
                        "m",
                        disk())
                .expect(ExitCode.USAGE);
        assertTrue(wrong.err().contains("(from VARVE_WRITE_RATE)"), wrong.err());
        Map<String, String> limited = Map.of(
                "VARVE_REPO", temp.resolve("plain").toString(),
                "VARVE_COMPRESSION", "zstd:19",
                "VARVE_NO_PROGRESS", "1",
                "VARVE_THREADS", "1");
        run(limited, "init").expect(ExitCode.DONE);
        Cli.Result backup = run(limited, "backup", "--machine", "m", disk()).expect(ExitCode.DONE);
        assertEquals("", backup.err());
    }

    /** Every variable that the program reads is explained, and every one that is explained is read. */
    @Test
    void everyVariableIsExplained() throws IOException {
        Pattern variable = Pattern.compile("\"(VARVE_[A-Z_]+)\"");
        TreeSet<String> read = new TreeSet<>(DefaultsFromEnvironment.variables().values());
        for (String module : List.of("store", "tools")) {
            try (Stream<Path> tree = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (file.toString().contains("nightly")) {
                        continue; // these are set for hooks
                    }
                    Matcher found = variable.matcher(Files.readString(file));
                    while (found.find()) {
                        read.add(found.group(1));
                    }
                }
            }
        }
        read.remove("VARVE_"); // the beginnings of those for keys
        read.remove("VARVE_TO_");
        read.remove("VARVE_FROM_");
        String page = Topic.ENVIRONMENT.text();
        assertEquals(
                List.of(),
                read.stream().filter(name -> !page.contains("  " + name + " ")).toList());
    }
}
