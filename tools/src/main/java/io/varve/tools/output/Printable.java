package io.varve.tools.output;

import io.varve.store.snapshot.NameRule;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Text on its way to a terminal. Names come out of repositories and disk images that somebody else may have made: what
 * would move the cursor, turn the direction of writing or begin a new line is shown as {@code \\u001b} instead.
 */
public final class Printable {
    private Printable() {}

    /** A name: one line. */
    public static String name(String text) {
        return escape(text, NameRule::isInvisible);
    }

    /** A message or table of Varve's own, which may have several lines. */
    static String text(String text) {
        return escape(text, c -> c != '\n' && c != '\t' && NameRule.isInvisible(c));
    }

    private static String escape(String text, IntPredicate isEscaped) {
        if (text.codePoints().noneMatch(isEscaped)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isEscaped.test(c)) {
                escaped.append(String.format(Locale.ROOT, c <= 0xFFFF ? "\\u%04x" : "\\U%08x", c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
