package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Phrases that were translated rather than written and that an operator has to read twice. None of them is in a
 * message, a help text, a comment or a document. What to write instead is beside each.
 */
class WordsTest {
    private static final Map<String, String> BANNED = new TreeMap<>(Map.ofEntries(
            Map.entry("what was read when", "which packs were read"),
            Map.entry("found it sound in none", "no intact copy found"),
            Map.entry("it in none", "no intact copy"),
            Map.entry("right already", "already matched"),
            Map.entry("what it has not", "what the target lacks"),
            Map.entry("what would go", "what would be deleted"),
            Map.entry("anew", "again, rebuilt, rewritten"),
            Map.entry("each machine for itself", "per machine"),
            Map.entry("nobody to ask", "no terminal to prompt on"),
            Map.entry("goes on from there", "continues"),
            Map.entry("the same command goes on", "run the same command again to continue"),
            Map.entry("something of ours", "something Varve left"),
            Map.entry("packs count again", "packs are reinstated"),
            Map.entry("count again", "are reinstated"),
            Map.entry("to be had", "available"),
            Map.entry("sound nowhere", "no intact copy"),
            Map.entry("told in words", "told, for the operator"),
            Map.entry("show how far it is", "show progress"),
            Map.entry("made again from", "rebuilt from"),
            Map.entry("makes it again", "rebuilds it"),
            Map.entry("is no directory", "is not a directory"),
            Map.entry("no moment", "no point in time"),
            Map.entry("in good order", "cleanly"),
            Map.entry("may not outlast a power cut", "may not survive a power cut"),
            Map.entry("look with 'varve", "check with 'varve"),
            Map.entry("if that is meant", "if that is intended"),
            Map.entry("memory does not suffice", "out of memory"),
            Map.entry("has it no more", "no longer has it"),
            Map.entry("cannot look whose it is", "cannot read its owner"),
            Map.entry("put the link right", "correct the link"),
            Map.entry("refused, because", "refused because"),
            Map.entry("needs a hand", "needs attention"),
            Map.entry("need a hand", "need attention"),
            Map.entry("came to a good end", "succeeded"),
            Map.entry("what writes into the pipe", "the program that writes to the pipe"),
            Map.entry("for so many days", "for each of the last N days"),
            Map.entry("exactly so many", "exactly this many"),
            Map.entry("in no usable state", "unusable"),
            Map.entry("while nobody tracked it", "while tracking was off"),
            Map.entry("no child of its own", "not its own descendant"),
            Map.entry("no sound vhdx", "not a valid VHDX"),
            Map.entry("no sound vhd", "not a valid VHD"),
            Map.entry("whoever took it", "even if another product took it"),
            Map.entry("nothing but remarks", "only remarks"),
            Map.entry("make another one", "create another"),
            Map.entry("goes with --", "needs --")));

    private static final Path ROOT = Path.of("..");

    private static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")));
        List<Path> trees = new ArrayList<>(List.of(ROOT.resolve("docs")));
        for (String module : List.of("store", "engine", "adapters", "tools", "bench")) {
            trees.add(ROOT.resolve(module).resolve("src/main"));
        }
        for (Path tree : trees) {
            try (Stream<Path> files = Files.walk(tree)) {
                files.filter(file -> file.toString().endsWith(".java")
                                || file.toString().endsWith(".md"))
                        .forEach(texts::add);
            }
        }
        return texts;
    }

    /** One line, with what is joined in the program joined: a phrase may be broken over lines and literals. */
    private static String joined(String text) {
        return text.replaceAll("\"\\s*\\+\\s*\"", "")
                .replaceAll("\\n\\s*(\\*|//)+\\s?", " ")
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static List<String> riddles(String text) {
        String whole = joined(text);
        return BANNED.entrySet().stream()
                .filter(entry -> Pattern.compile("(?<!\\w)" + Pattern.quote(entry.getKey()) + "(?!\\w)")
                        .matcher(whole)
                        .find())
                .map(entry -> "'" + entry.getKey() + "': write '" + entry.getValue() + "'")
                .toList();
    }

    @Test
    void noTextHasOne() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> texts = texts();
        assertTrue(texts.size() > 400, texts.size() + " texts: is the test run from the directory of its module?");
        for (Path file : texts) {
            riddles(Files.readString(file)).forEach(riddle -> found.add(file + ": " + riddle));
        }
        assertEquals(List.of(), found);
    }

    @Test
    void aPhraseIsFoundHoweverItIsBroken() {
        assertEquals(1, riddles("\"tell what\"\n        + \" would go\"").size());
        assertEquals(1, riddles("/**\n * Records what was\n * read when.\n */").size());
        assertEquals(1, riddles("a pack made\nAnew").size());
        assertEquals(List.of(), riddles("which packs were read, and a manewver"));
    }
}
