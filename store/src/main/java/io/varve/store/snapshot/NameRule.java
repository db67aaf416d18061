package io.varve.store.snapshot;

import java.util.Locale;
import java.util.Optional;

/**
 * The rule for names of machines, disks and keys: anything that a person can read and type. Names of older repositories
 * may break it; they are escaped where they are shown.
 */
public final class NameRule {
    /** Longest name, in UTF-16 units. */
    public static final int MAX_LENGTH = 255;

    private NameRule() {}

    /** What is wrong with a name; empty if nothing is. */
    public static Optional<String> fault(String name) {
        if (name.isBlank()) {
            return Optional.of("is empty");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("has " + name.length() + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        return name.codePoints()
                .filter(NameRule::isInvisible)
                .mapToObj(c -> String.format(
                        Locale.ROOT,
                        "contains the character U+%04X, which is invisible or alters how" + " text is displayed",
                        c))
                .findFirst();
    }

    /**
     * Whether a character moves the cursor, begins a line, or changes the writing direction: control characters, line
     * separators, direction marks, the byte order mark, an unpaired surrogate.
     */
    public static boolean isInvisible(int codePoint) {
        return switch (codePoint) {
            case 0x061C, 0x200E, 0x200F, 0xFEFF -> true;
            default ->
                codePoint >= 0x202A && codePoint <= 0x202E
                        || codePoint >= 0x2066 && codePoint <= 0x2069
                        || switch (Character.getType(codePoint)) {
                            case Character.CONTROL,
                                    Character.SURROGATE,
                                    Character.LINE_SEPARATOR,
                                    Character.PARAGRAPH_SEPARATOR -> true;
                            default -> false;
                        };
        };
    }
}
