package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.store.fault.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No message says "1 packs": a number before a noun goes through {@link Count}. */
class CountsTest {
    private static final String NOUNS =
            "packs|snapshots|chunks|disks|ranges|files|errors|warnings|manifests|records|keys|frames|findings|pages"
                    + "|nights|days|parts|machines|blocks|jobs|sectors|sessions";

    private static final String ADJECTIVES = "(?:(?!has|had|in|of|with|holds|bytes|from|keeps|reads)[a-z]+ ){0,2}";

    /** In a format: a number, some adjectives, a noun. Bytes are always many enough. */
    private static final Pattern FORMAT = Pattern.compile("%d " + ADJECTIVES + "(?:" + NOUNS + ")\\b");

    /** In a sum of texts; a constant, in capitals, is a bound and never 1. */
    private static final Pattern SUM =
            Pattern.compile("([\\w.()]+)\\s*\\+ \"(?: or more)? " + ADJECTIVES + "(?:" + NOUNS + ")\\b");

    private static final Pattern BOUND = Pattern.compile("(\\w+\\.)?[A-Z][A-Z_]+");

    static List<String> offences(String source) {
        List<String> found = new ArrayList<>();
        Matcher format = FORMAT.matcher(source);
        while (format.find()) {
            found.add(format.group());
        }
        Matcher sum = SUM.matcher(source);
        while (sum.find()) {
            if (!BOUND.matcher(sum.group(1)).matches()) {
                found.add(sum.group());
            }
        }
        return found;
    }

    @Test
    void everyNumberBeforeANounGoesThroughCount() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("store", "engine", "adapters", "tools")) {
            try (Stream<Path> tree = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                    offences(Files.readString(file)).forEach(text -> found.add(file.getFileName() + ": " + text));
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void theCheckNoticesWhatItIsFor() {
        assertEquals(1, offences("line(\"%d damaged packs moved\", n)").size());
        assertEquals(1, offences("packs.size()\n    + \" packs are gone\"").size());
        assertEquals(
                1, offences("wanted + \" of " + "\" + n + \" more ranges\"").size());
        assertEquals(List.of(), offences("MOST_RANGES + \" ranges\" + Count.of(n, \"pack\") + \" of snapshots\""));
    }

    @Test
    void oneIsNotMany() {
        assertEquals("1 pack", Count.of(1, "pack"));
        assertEquals("0 map pages", Count.of(0, "map page"));
        assertEquals("2 entries", Count.of(2, "entry"));
        assertEquals("2 days", Count.of(2, "day"));
        assertEquals("1 pack is gone", Count.of(1, "pack is gone", "packs are gone"));
        assertEquals("21 packs are gone", Count.of(21, "pack is gone", "packs are gone"));
    }
}
