package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What packages say of themselves, against what they import. By source: the compiler puts the value of a constant where
 * its name was, and no class file shows that the name came from another package.
 */
class PackagesTest {
    private static final List<String> MODULES = List.of("store", "engine", "adapters", "tools", "bench");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(io\\.varve(?:\\.[a-z0-9]+)*)\\.[A-Z].*;$");
    private static final Pattern SENTENCE_END = Pattern.compile("[a-z0-9)}\\]»\"][.;](\\s|$)");
    private static final int SENTENCES = 3;

    /** Imported packages of ours, by importing package; those of classes in packages of a library included. */
    private static final Map<String, Set<String>> USES = new TreeMap<>();

    /** Text of each package's description. */
    private static final Map<String, String> SAID = new TreeMap<>();

    static {
        try {
            for (String module : MODULES) {
                read(Path.of("..", module, "src", "main", "java"));
            }
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static void read(Path sources) throws IOException {
        try (Stream<Path> tree = Files.walk(sources)) {
            for (Path file :
                    tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = sources.relativize(file.getParent())
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".");
                Set<String> uses = USES.computeIfAbsent(name, unused -> new TreeSet<>());
                String text = Files.readString(file);
                if (file.endsWith("package-info.java")) {
                    SAID.put(name, text.replaceAll("(?m)^ \\*|^/\\*\\*|\\*/$", " "));
                } else {
                    IMPORT.matcher(text)
                            .results()
                            .map(found -> found.group(1))
                            .filter(used -> !used.equals(name))
                            .forEach(uses::add);
                }
            }
        }
    }

    @Test
    void eachHasADescriptionOfThreeSentences() {
        assertTrue(USES.size() > 60, USES.size() + " packages");
        Set<String> silent = new TreeSet<>(USES.keySet());
        silent.removeAll(SAID.keySet());
        assertEquals(Set.of(), silent);
        List<String> terse = new ArrayList<>();
        SAID.forEach((name, text) -> {
            long sentences = SENTENCE_END.matcher(javadoc(text)).results().count();
            if (sentences < SENTENCES) {
                terse.add(name + ": " + sentences);
            }
        });
        assertEquals(List.of(), terse);
    }

    private static String javadoc(String text) {
        return text.substring(0, text.lastIndexOf("package "));
    }

    /** The last part of its name in {@code code}, or a link into it; "nothing" and "everything below" need no list. */
    @Test
    void eachNamesWhatItUses() {
        List<String> unsaid = new ArrayList<>();
        USES.forEach((name, uses) -> {
            String text = javadoc(SAID.getOrDefault(name, "package ")).replaceAll("\\s+", " ");
            for (String used : uses) {
                String word = sameModule(name, used) ? used.substring(used.lastIndexOf('.') + 1) : module(used);
                boolean named = text.contains("{@code " + word + "}")
                        || text.contains(used + ".")
                        || text.contains("the " + word);
                if (!named) {
                    unsaid.add(name + " uses " + word);
                }
            }
        });
        assertEquals(List.of(), unsaid.stream().distinct().toList());
    }

    /** {@code "store"} for {@code "io.varve.store.pack"}. */
    private static String module(String name) {
        String[] parts = name.split("\\.");
        return parts.length > 2 ? parts[2] : name;
    }

    private static boolean sameModule(String one, String other) {
        return module(one).equals(module(other));
    }

    @Test
    void importsFormNoCycle() {
        Set<String> done = new HashSet<>();
        for (String name : USES.keySet()) {
            assertEquals("", cycle(name, new LinkedHashSet<>(), done));
        }
    }

    /** A way from {@code name} back to a package on {@code path}; empty if there is none. */
    private static String cycle(String name, Set<String> path, Set<String> done) {
        if (!path.add(name)) {
            return path + " -> " + name;
        }
        for (String used : done.contains(name) ? Set.<String>of() : USES.getOrDefault(name, Set.of())) {
            String found = cycle(used, path, done);
            if (!found.isEmpty()) {
                return found;
            }
        }
        done.add(name);
        path.remove(name);
        return "";
    }

    @Test
    void linksInDescriptionsAreOfClasses() {
        List<String> wrong = new ArrayList<>();
        Pattern link = Pattern.compile("\\{@link (io\\.varve[\\w.]+)");
        SAID.forEach((name, text) -> link.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(found -> found.substring("{@link ".length()))
                .filter(found -> MODULES.stream()
                        .noneMatch(module -> Files.exists(
                                Path.of("..", module, "src", "main", "java", found.replace('.', '/') + ".java"))))
                .forEach(found -> wrong.add(name + ": " + found)));
        assertEquals(List.of(), wrong);
    }
}
