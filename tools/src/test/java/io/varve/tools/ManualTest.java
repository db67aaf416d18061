package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.tools.help.Topic;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The manual pages. They are made from the same model as help, so they cannot be out of date; these say they are fit.
 */
class ManualTest {
    @TempDir
    Path temp;

    private List<Path> pages;

    @BeforeEach
    void pages() throws IOException {
        Cli.run("man", "--all", temp).expect(ExitCode.DONE);
        try (Stream<Path> files = Files.list(temp)) {
            pages = files.sorted().toList();
        }
    }

    private static String run(List<String> command) throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command.get(0))));
        assumeTrue(there, command.get(0) + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String complaints(String... program) throws Exception {
        List<String> command = new ArrayList<>(List.of(program));
        pages.forEach(page -> command.add(page.toString()));
        return run(command);
    }

    @Test
    void groffHasNothingToSay() throws Exception {
        assertEquals("", complaints("groff", "-ww", "-z", "-man", "-Tutf8"));
    }

    @Test
    void mandocHasNothingToSay() throws Exception {
        assertEquals("", complaints("mandoc", "-T", "lint"));
    }

    @Test
    void everyOptionOfEveryCommandIsThere() throws IOException {
        for (var command : Schemas.commands().entrySet()) {
            CommandSpec spec = command.getValue();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            String page =
                    Files.readString(temp.resolve("varve-" + command.getKey().replace(' ', '-') + ".1"));
            assertTrue(page.startsWith(".TH \"VARVE\\-"), page);
            spec.options().stream()
                    .flatMap(option -> Stream.of(option.names()))
                    .forEach(name -> assertTrue(page.contains("\\fB" + name.replace("-", "\\-") + "\\fR"), name));
            assertTrue(!page.contains("${") && !page.contains("%%") && !page.contains("%n"), page);
        }
        assertTrue(Files.exists(temp.resolve("varve-key-add.1")) && Files.exists(temp.resolve("varve-help.1")));
        assertTrue(Files.notExists(temp.resolve("varve-candidates.1")), "hidden");
    }

    @Test
    void theProgramsPageHasAllTopics() throws IOException {
        String page = Files.readString(temp.resolve("varve.1"));
        for (Topic topic : Topic.values()) {
            assertTrue(page.contains(".SH \"" + topic.word().replace('-', ' ') + "\"\n"), topic.word());
        }
        assertTrue(page.contains("VARVE_PASSWORD_COMMAND"), page);
    }

    @Test
    void onePageIsPrinted() throws IOException {
        String page = Cli.run("man", "key", "add").expect(ExitCode.DONE).out();
        assertEquals(Files.readString(temp.resolve("varve-key-add.1")), page);
        Cli.run("man", "nothing").expect(ExitCode.USAGE);
    }
}
