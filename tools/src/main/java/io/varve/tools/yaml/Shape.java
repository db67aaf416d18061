package io.varve.tools.yaml;

import io.varve.adapters.windows.GivenPath;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a value in a YAML file may be. */
public sealed interface Shape {
    /** The kinds of plain values, named as in JSON Schema. */
    enum Kind {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN
    }

    /**
     * A plain value.
     *
     * @param expected in words, for messages: {@code a size such as 50M}
     * @param kinds that it may be
     * @param pattern that a text must match as a whole, a regular expression of JavaScript as well as of Java; empty
     *     for any
     * @param words the only ones allowed; empty for any
     * @param least smallest number allowed
     * @param most largest number allowed
     * @param parse makes the value of the text; throws {@link IllegalArgumentException} with what is wrong, for what no
     *     pattern can say
     */
    record Scalar(
            String expected,
            Set<Kind> kinds,
            String pattern,
            List<String> words,
            double least,
            double most,
            Function<String, ?> parse)
            implements Shape {
        /** A text that {@code parse} makes a value of. */
        public static Scalar text(String expected, String pattern, Function<String, ?> parse) {
            return new Scalar(expected, Set.of(Kind.STRING), pattern, List.of(), 0, 0, parse);
        }

        /** One of several words. */
        public static Scalar oneOf(String... words) {
            return new Scalar(
                    "one of " + String.join(", ", words),
                    Set.of(Kind.STRING),
                    "",
                    List.of(words),
                    0,
                    0,
                    Function.identity());
        }

        /** A whole number. */
        public static Scalar whole(long least, long most) {
            return new Scalar(
                    "a whole number from " + least + " to " + most,
                    Set.of(Kind.INTEGER),
                    "",
                    List.of(),
                    least,
                    most,
                    Integer::parseInt);
        }

        /** A {@link GivenPath}, which no working directory has a part in. */
        public static Scalar absolutePath() {
            return text("an absolute path", "", Scalar::path);
        }

        private static GivenPath path(String text) {
            try {
                GivenPath path = new GivenPath(text);
                if (!path.isAbsolute()) {
                    throw new IllegalArgumentException("expected an absolute path, found '" + text + "'");
                }
                return path.normalized();
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
            }
        }

        /** {@code true} or {@code false}. */
        public static Scalar flag() {
            return new Scalar(
                    "true or false", Set.of(Kind.BOOLEAN), "", List.of(), 0, 0, text -> text.equalsIgnoreCase("true"));
        }
    }

    /** A list with at least one element. */
    record ListOf(Shape element) implements Shape {}

    /**
     * Keys and their values.
     *
     * @param exactlyOne keys of which exactly one must be there; empty for no such rule
     */
    record Section(List<Key> keys, List<String> exactlyOne) implements Shape {
        public Section(Key... keys) {
            this(List.of(keys), List.of());
        }

        public Section exactlyOneOf(String... names) {
            return new Section(keys, List.of(names));
        }

        Key key(String name) {
            return keys.stream()
                    .filter(key -> key.name.equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }

    /** @param description for whoever writes the file, one sentence */
    record Key(String name, Shape shape, boolean required, String description) {
        public static Key required(String name, Shape shape, String description) {
            return new Key(name, shape, true, description);
        }

        public static Key optional(String name, Shape shape, String description) {
            return new Key(name, shape, false, description);
        }
    }
}
