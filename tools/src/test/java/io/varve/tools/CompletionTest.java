package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The completion scripts, in the shells themselves, as far as they are installed. */
@DisabledOnOs(OS.WINDOWS)
class CompletionTest {
    @TempDir
    Path temp;

    private String id;

    @BeforeEach
    void repositoryAndProgram() throws IOException {
        Path repo = temp.resolve("repo");
        Files.createDirectory(temp.resolve("vm"));
        Path disk = Files.write(temp.resolve("vm").resolve("a.raw"), new byte[100_000]);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        id = Cli.run("backup", "-r", repo, "--machine", "web1", "--json", disk)
                .expect(ExitCode.DONE)
                .json()
                .path("snapshotId")
                .asText();
        Files.writeString(temp.resolve("config.yaml"), "repositories: [{name: offsite, path: " + repo + "}]\n");
        Path program = Files.createDirectory(temp.resolve("bin")).resolve("varve");
        Files.writeString(
                program,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' -XX:TieredStopAtLevel=1 --add-exports=java.base/sun.nio.ch=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' io.varve.tools.Varve \"$@\"\n");
        assertTrue(program.toFile().setExecutable(true));
    }

    private Path script(String shell) throws IOException {
        String script = Cli.run("completion", shell).expect(ExitCode.DONE).out();
        return Files.writeString(temp.resolve("script"), script);
    }

    private String run(String... command) throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command[0])));
        assumeTrue(there, command[0] + " is not installed");
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
        builder.redirectErrorStream(true);
        builder.environment().put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("VARVE_CONFIG", temp.resolve("config.yaml").toString());
        builder.environment().put("HOME", temp.toString());
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        return said;
    }

    private List<String> bash(String line) throws Exception {
        String said = run(
                "bash",
                "--norc",
                "-c",
                "source ./script; COMP_LINE=$1; COMP_POINT=${#1}; COMP_WORDS=(varve); COMP_CWORD=1; _varve;"
                        + " printf '%s\\n' \"${COMPREPLY[@]}\"",
                "bash",
                line);
        return said.lines().filter(word -> !word.isEmpty()).toList();
    }

    @Test
    void bash() throws Exception {
        script("bash");
        assertEquals(List.of("report", "restore", "repair", "rebuild-index"), bash("varve re"));
        assertEquals(List.of("restore"), bash("varve -q -r repo rest"));
        assertEquals(List.of("--force", "--format"), bash("varve restore --fo"));
        assertEquals(List.of("vhdx-fixed"), bash("varve restore --format=vhdx-"));
        assertEquals(
                List.of("vhd", "vhd-fixed"),
                bash("varve restore --format vhd").stream()
                        .filter(word -> !word.startsWith("vhdx"))
                        .toList());
        assertEquals(List.of("add"), bash("varve key a"));
        assertEquals(List.of("latest", "latest:web1", id), bash("varve -r repo restore "));
        assertEquals(List.of("web1"), bash("varve restore --repo=repo latest:w"), "the shell splits at the colon");
        assertEquals(List.of("web1"), bash("varve backup -r repo --machine "));
        assertEquals(List.of("vm/a.raw"), bash("varve backup system=vm/"));
        assertEquals(List.of("offsite"), bash("varve copy --to @"), "and at the @");
        assertEquals(List.of("latest", "latest:web1"), bash("varve show -r @offsite la"));
        assertEquals(
                List.of("exit-codes"),
                bash("varve help ex").stream()
                        .filter(word -> !word.equals("export"))
                        .toList());
        assertEquals(List.of(), bash("varve restore -r nothing l"), "no message");
    }

    /** A line is typed with a tab at its end, into a shell of its own; its command then shows what it was given. */
    private List<String> zsh(String... lines) throws Exception {
        List<String> script = new ArrayList<>(List.of(
                "zmodload zsh/zpty",
                "zpty z zsh -f -i",
                "zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; source ./script; bindkey \"^I\" complete-word;"
                        + " varve() { if [[ $1 == candidates ]]; then command varve \"$@\"; else"
                        + " print -r -- \"GIV\"\"EN:$*;END\"; fi }'"));
        for (String line : lines) {
            script.add("zpty -w z '" + line + "'$'\\t'");
            script.add("zpty -r z said '*GIVEN:*;END*'");
            script.add("print -r -- $said");
        }
        Files.write(temp.resolve("type.zsh"), script);
        return run("zsh", "-f", "type.zsh")
                .lines()
                .filter(line -> line.startsWith("GIVEN:"))
                .map(line -> line.replaceAll("GIVEN:(.*);END.*", "$1").strip())
                .toList();
    }

    @Test
    void zsh() throws Exception {
        script("zsh");
        assertEquals(
                List.of(
                        "restore",
                        "restore --format=vhdx-fixed",
                        "key add",
                        "-r repo show latest:web1",
                        "backup -r repo --machine web1",
                        "backup system=vm/a.raw",
                        "copy --to=@offsite"),
                zsh(
                        "varve rest",
                        "varve restore --format=vhdx-",
                        "varve key a",
                        "varve -r repo show latest:w",
                        "varve backup -r repo --machine w",
                        "varve backup system=vm/",
                        "varve copy --to=@o"));
    }

    private List<String> fish(String line) throws Exception {
        return run("fish", "--no-config", "-c", "source ./script; complete -C '" + line + "'")
                .lines()
                .map(words -> words.split("\t")[0])
                .sorted()
                .toList();
    }

    @Test
    void fish() throws Exception {
        script("fish");
        assertEquals(List.of("rebuild-index", "repair", "report", "restore"), fish("varve re"));
        assertEquals(List.of("--force", "--format"), fish("varve restore --fo"));
        assertEquals(List.of("--format=vhdx-fixed"), fish("varve restore --format=vhdx-"));
        assertEquals(List.of("add"), fish("varve key a"));
        assertEquals(List.of(id, "latest", "latest:web1"), fish("varve -r repo restore "));
        assertEquals(List.of("web1"), fish("varve backup -r repo --machine w"));
        assertEquals(List.of("@offsite"), fish("varve copy --to @"));
        assertEquals(List.of("vm/a.raw"), fish("varve backup vm/"));
    }

    /** No PowerShell is packaged for Debian, so only this can be said here; see also the next. */
    @Test
    void powerShellHasEveryCommandAndOption() {
        String script =
                Cli.run("completion", "powershell").expect(ExitCode.DONE).out();
        Schemas.commands().forEach((name, command) -> {
            if (command.usageMessage().hidden()) {
                return;
            }
            assertTrue(script.contains("    '" + name + "' = @{"), name);
            command.optionsMap()
                    .keySet()
                    .forEach(option -> assertTrue(script.contains("@('" + option + "', "), option));
        });
    }

    /**
     * What the shell's parser would stumble over: a bracket without its other half, a quote without an end. And a list
     * of one row would be taken for the row itself. The whole script was once parsed by tree-sitter's grammar.
     */
    @Test
    void powerShellsBracketsAndQuotesMatch() {
        String script =
                Cli.run("completion", "powershell").expect(ExitCode.DONE).out();
        String outside = script.replaceAll("(?m)^#.*$", "")
                .replaceAll("'(?:[^']|'')*'", "")
                .replaceAll("\"[^\"]*\"", "");
        assertEquals(-1, outside.indexOf('\''), "a quote without an end");
        assertEquals(-1, outside.indexOf('"'), "a quote without an end");
        Deque<Character> open = new ArrayDeque<>();
        for (int i = 0; i < outside.length(); i++) {
            char c = outside.charAt(i);
            if ("([{".indexOf(c) >= 0) {
                open.push(c);
            } else if (")]}".indexOf(c) >= 0) {
                assertEquals("([{".charAt(")]}".indexOf(c)), open.isEmpty() ? ' ' : open.pop(), "at " + i);
            }
        }
        assertTrue(open.isEmpty(), "" + open);
        Matcher list = Pattern.compile("(?s)(?:Options|Subcommands) = @\\(\n(.*?) {12}\\)\n")
                .matcher(script);
        int lists = 0;
        while (list.find()) {
            lists += list.group(1).isEmpty() ? 0 : 1;
            assertTrue(list.group(1).lines().count() != 1, list.group());
        }
        assertTrue(lists > 50, "" + lists);
    }

    @Test
    void anotherShellIsNamed() {
        String said = Cli.run("completion", "tcsh").expect(ExitCode.USAGE).err();
        assertTrue(said.contains("expected bash, zsh, fish or powershell, found 'tcsh'"), said);
    }
}
