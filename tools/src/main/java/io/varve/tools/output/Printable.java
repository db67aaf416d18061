package io.varve.tools.output;

import io.varve.store.snapshot.NameRule;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Makes text safe for a terminal. Names come from repositories and disk images that others may have made. Characters
 * that would move the cursor, change the writing direction or begin a new line are shown as {@code \\u001b}.
 */
public final class Printable {
    private Printable() {}

    /** Escapes a name, which stays on one line. */
    public static String name(String text) {
        return escape(text, NameRule::isInvisible);
    }

    /** Escapes a message or table, which may have several lines. */
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
