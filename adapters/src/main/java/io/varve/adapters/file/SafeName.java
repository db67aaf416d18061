package io.varve.adapters.file;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Makes file names of names that come out of a snapshot, for one directory. A name there may be anything, written by
 * anybody: a path upwards, a device of Windows, a name that differs from another in case alone. What comes out is the
 * name of a file in that very directory on any system, distinct from those before it; letters, digits and the usual
 * marks stay as they are, everything else is written as {@code %XX}, byte by byte of its UTF-8. Not thread-safe.
 */
public final class SafeName {
    /** Bytes; leaves room for the suffix of a file under construction. */
    private static final int LONGEST = 200;

    private static final String PLAIN = "-_+=,@ ()[]{}";
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$");

    private final Set<String> given = new HashSet<>();

    /** The file name for {@code name}. */
    public String of(String name) {
        String safe = shortened(escaped(name));
        String unique = safe;
        for (int number = 2; !given.add(unique.toLowerCase(Locale.ROOT)); number++) {
            unique = safe + "~" + number;
        }
        return unique;
    }

    private static String escaped(String name) {
        StringBuilder safe = new StringBuilder();
        boolean device = isDevice(name);
        int length = name.length();
        for (int at = 0; at < length; ) {
            int codePoint = name.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            boolean edge = at == 0 || next == length;
            boolean plain = Character.isLetterOrDigit(codePoint)
                    || !edge && codePoint == '.'
                    || PLAIN.indexOf(codePoint) >= 0 && !(edge && codePoint == ' ');
            if (plain && !(at == 0 && device)) {
                safe.appendCodePoint(codePoint);
            } else {
                for (byte b : name.substring(at, next).getBytes(StandardCharsets.UTF_8)) {
                    safe.append(String.format("%%%02X", b & 0xFF));
                }
            }
            at = next;
        }
        return safe.length() == 0 ? "%" : safe.toString();
    }

    /** Windows opens a device by these names, whatever extension follows. */
    private static boolean isDevice(String name) {
        int end = 0;
        while (end < name.length() && ".: ".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        String base = name.substring(0, end).toUpperCase(Locale.ROOT);
        return DEVICES.contains(base) || base.matches("(COM|LPT)[0-9\u00B9\u00B2\u00B3]");
    }

    private static String shortened(String name) {
        String cut = PartialFile.partialName(name, "", LONGEST);
        int end = cut.length();
        while (end > 0 && ". ".indexOf(cut.charAt(end - 1)) >= 0) { // inside the name it was harmless
            end--;
        }
        return cut.substring(0, end);
    }
}
