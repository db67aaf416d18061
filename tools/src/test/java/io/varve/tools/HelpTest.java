package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.help.Topic;
import io.varve.tools.output.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Help on a terminal of 80 columns: no line is wider, and no paragraph is broken before its line is full, as hard line
 * breaks in a description do once it is wrapped again.
 */
class HelpTest {
    private static final int WIDTH = 80;

    /** An option or positional in the left column; its description begins at the second group. */
    private static final Pattern ENTRY = Pattern.compile("( {2,6}\\S.*? {1,})(\\S.*)");

    static Stream<String> pages() {
        Map<String, CommandLine> pages = new TreeMap<>();
        collect(Varve.withSubcommands("help"), pages);
        return pages.keySet().stream();
    }

    private static void collect(CommandLine command, Map<String, CommandLine> pages) {
        pages.put(command.getCommandSpec().qualifiedName(), command);
        command.getSubcommands().values().forEach(below -> collect(below, pages));
    }

    private static List<String> page(String name) {
        Map<String, CommandLine> pages = new TreeMap<>();
        collect(Varve.withSubcommands("help"), pages);
        StringWriter text = new StringWriter();
        CommandLine command = pages.get(name);
        command.setUsageHelpAutoWidth(false).setUsageHelpWidth(WIDTH).usage(new PrintWriter(text));
        return text.toString().lines().toList();
    }

    @Test
    void everyCommandHasAPage() {
        List<String> pages = pages().toList();
        assertTrue(pages.containsAll(List.of("varve", "varve backup", "varve key add", "varve vhdx map")), "" + pages);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fits(String name) {
        List<String> wide =
                page(name).stream().filter(line -> line.length() > WIDTH).toList();
        assertEquals(List.of(), wide);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void noLineIsBrokenEarly(String name) {
        if (name.endsWith(" help") && !name.equals("varve help")) {
            return; // picocli's own
        }
        assertEquals(List.of(), brokenEarly(page(name)));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void topicsFitAndAreListed(Topic topic) {
        String page = Cli.run("help", topic.word()).expect(ExitCode.DONE).out();
        assertEquals(
                List.of(), page.lines().filter(line -> line.length() > WIDTH).toList());
        assertTrue(page.lines().count() > 5, page);
        assertTrue(Cli.run("help").out().contains("  " + topic.word() + " "), "in the list");
        String listed = String.join(" ", page("varve help")).replaceAll("\\s+", " ");
        assertTrue(listed.matches(".*[ :]" + topic.word() + "[,.].*"), listed);
    }

    @Test
    void exitCodesAreAllThere() {
        for (ExitCode code : ExitCode.values()) {
            assertTrue(Topic.EXIT_CODES.text().contains(" " + code.code() + "  " + code.word() + ": "), code.word());
        }
    }

    @Test
    void helpExplainsCommandsOfSeveralWords() {
        String page = Cli.run("help", "key", "add").expect(ExitCode.DONE).out();
        assertTrue(page.startsWith("Usage: varve key add"), page);
        assertTrue(
                Cli.run("help", "nothing")
                        .expect(ExitCode.USAGE)
                        .err()
                        .contains("no command or topic 'nothing'; 'varve help' lists them"),
                "unknown");
    }

    /** The check itself notices a hard line break, in a description and in that of an option. */
    @Test
    void aHardLineBreakIsNoticed() {
        assertEquals(
                1,
                brokenEarly(List.of("A snapshot is kept if one rule keeps it; rules are", "applied to each machine."))
                        .size());
        assertEquals(
                1,
                brokenEarly(List.of(
                                "      --copy-keys-from=DIR   Share the keys of this encrypted repository, for a",
                                "                               second copy of it: chunks go from one to the",
                                "                             other as they are, for copies and repairs."))
                        .size());
        assertEquals(List.of(), brokenEarly(List.of("First line.", "", "Example:", "  varve gc")));
    }

    /** Lines into which the first word of the next one would have fitted. Examples are indented by two columns. */
    private static List<String> brokenEarly(List<String> lines) {
        List<String> broken = new ArrayList<>();
        boolean usage = false;
        for (int i = 0; i + 1 < lines.size(); i++) {
            String line = lines.get(i);
            String next = lines.get(i + 1);
            usage = line.startsWith("Usage:") || usage && line.startsWith("     ");
            int indent = next.length() - next.stripLeading().length();
            boolean continues = indent == 0 ? text(line) : indent > 10 && !line.isBlank();
            if (usage || next.isBlank() || !continues || columnOnly(line)) {
                continue;
            }
            String word = next.strip().split(" ")[0];
            int before = line.length() - line.stripLeading().length();
            boolean startsOver = indent > 10 && indent < before; // a second description of the same option
            if (startsOver || line.length() + 1 + word.length() < WIDTH) {
                broken.add(line + "|" + next.strip());
            }
        }
        return broken;
    }

    /** A line of a paragraph, not a heading, an example or an entry. */
    private static boolean text(String line) {
        return !line.isBlank() && !line.startsWith(" ") && !line.endsWith(":") && !line.startsWith("Usage:");
    }

    /** The name of an option that is too long for its column, alone on its line. */
    private static boolean columnOnly(String line) {
        return line.startsWith("      --") && !ENTRY.matcher(line).matches();
    }
}
