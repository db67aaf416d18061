package io.varve.tools.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.job.Warning;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every code that the engine, the store and sources give has its advice, and the table in {@code docs/operations.md} is
 * what the program says; {@code -Dvarve.write-warnings=true} writes it there.
 */
class WarningCodeTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final String BEGIN = "<!-- warnings: written by WarningCodeTest -->\n";
    private static final String END = "<!-- end of warnings -->";

    /** Where codes begin their way to a warning. */
    private static final Pattern GIVEN = Pattern.compile(
            "(?:Changes\\.Unknown|BackupEvent\\.Warning|listener\\.warning|warnings\\(\\)\\s*\\.accept|objects\\.warn"
                    + "|String [A-Z_]+ =)\\(?\\s*\"([a-z]+(?:-[a-z]+)+|clock)\"");

    /** Texts that look so and are no codes. */
    private static final Set<String> OTHERS =
            Set.of("no-such-change-id", "no-change-tracking", "no-previous-snapshot", "application-octet-stream");

    private static Set<String> given() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (String module : List.of("engine", "adapters", "store")) {
            Path root = Path.of("..", module, "src", "main", "java");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    boolean isOther = module.equals("store") && !file.toString().contains("gc");
                    Matcher code = GIVEN.matcher(isOther ? "" : Files.readString(file));
                    while (code.find()) {
                        codes.add(code.group(1));
                    }
                }
            }
        }
        return codes;
    }

    @Test
    void everyCodeThatIsGivenIsInTheTable() throws IOException {
        Set<String> codes = given();
        assertTrue(codes.size() > 30 && codes.contains("rct-lost") && codes.contains("audit-mismatch"), "" + codes);
        List<String> unknown = codes.stream()
                .filter(code -> !OTHERS.contains(code) && !WarningCode.isKnown(code))
                .toList();
        assertEquals(List.of(), unknown);
    }

    @Test
    void aCodeThatIsNotInTheTableIsAWarningWithoutAdvice() {
        Warning odd = WarningCode.of("never-heard-of", "text");
        assertEquals(new Warning("never-heard-of", Warning.Severity.WARNING, "text", ""), odd);
        assertFalse(WarningCode.isKnown("never-heard-of"));
    }

    @Test
    void textSaysCodeSeverityAndAdvice() {
        StringWriter err = new StringWriter();
        Output output = new Output(new PrintWriter(new StringWriter()), new PrintWriter(err), false);
        output.part("web1").warning(WarningCode.DISK_EMPTY, "disk a is empty");
        output.warning(WarningCode.PACK_STILL_NEEDED, "kept");
        List<String> lines = err.toString().lines().toList();
        assertEquals("WARNING: web1: disk a is empty [disk-empty]", lines.get(0));
        assertEquals("         " + WarningCode.DISK_EMPTY.advice(), lines.get(1));
        assertEquals("warning: kept [pack-still-needed]", lines.get(2));
        assertEquals(3, lines.size());
        assertEquals(ExitCode.WARNINGS, output.exitCode());
    }

    private static String table() {
        List<String> rows = new ArrayList<>(List.of("| code | severity | what to do |", "| --- | --- | --- |"));
        Stream.of(WarningCode.values())
                .sorted(java.util.Comparator.comparing(WarningCode::word))
                .forEach(code ->
                        rows.add("| `" + code.word() + "` | " + code.severity().word() + " | "
                                + (code.advice().isEmpty() ? "the text says it" : code.advice()) + " |"));
        return String.join("\n", rows) + "\n";
    }

    @Test
    void thePageSaysWhatTheProgramSays() throws IOException {
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        assertTrue(page.contains(BEGIN) && page.contains(END), "no place for the table of warnings");
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected = page.substring(0, from) + "\n" + table() + "\n" + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("varve.write-warnings")) {
            Files.writeString(PAGE, expected, StandardCharsets.UTF_8);
        }
        assertEquals(expected, Files.readString(PAGE, StandardCharsets.UTF_8));
    }
}
