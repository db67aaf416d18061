package io.varve.adapters.file;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Turns names from a snapshot into file names for one directory. A name in a snapshot is not trusted: it may be a path
 * upwards, a Windows device, or differ from another only in case. The result names a file in that directory on any
 * system, and differs from all earlier results. Letters, digits and common marks are kept; everything else becomes
 * {@code %XX} for each byte of its UTF-8. Not thread-safe.
 */
public final class SafeName {
    /** In bytes; leaves room for the suffix of a file under construction. */
    private static final int LONGEST = 200;

    private static final String PLAIN = "-_+=,@ ()[]{}";
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$");

    private final Set<String> given = new HashSet<>();

    /** Returns the file name for {@code name}. */
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

    /** Whether Windows treats the name as a device, with any extension. */
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
        while (end > 0 && ". ".indexOf(cut.charAt(end - 1)) >= 0) { // harmful only at the end of a name
            end--;
        }
        return cut.substring(0, end);
    }
}
