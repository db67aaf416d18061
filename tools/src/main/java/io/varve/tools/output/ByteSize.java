package io.varve.tools.output;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses and formats sizes as people write them. */
public final class ByteSize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([kmgtKMGT]?)(?:i?[bB])?");
    private static final String UNITS = "kmgt";
    private static final String LETTERS = "KMGTP";

    /** {@code 65536}, {@code 64KiB}, {@code 64K} and {@code 64k} are the same. */
    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size; write 65536, 64KiB, 1MiB, 2GiB or 1TiB");
        }
        try {
            long value = Long.parseLong(matcher.group(1));
            String unit = matcher.group(2).toLowerCase(Locale.ROOT);
            int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1);
            return Math.multiplyExact(value, 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is too large a size");
        }
    }

    /** {@code 1.5 GiB}: at most five significant characters and the unit. */
    public static String text(long bytes) {
        int unit = unit(bytes);
        return unit == 0 ? bytes + " B" : number(bytes, unit) + " " + LETTERS.charAt(unit - 1) + "iB";
    }

    /** {@code 0.3 of 1.5 GiB}: both in the unit of the total. */
    static String part(long bytes, long total) {
        int unit = unit(total);
        return (unit == 0 ? Long.toString(bytes) : number(bytes, unit)) + " of " + text(total);
    }

    /** The power of 1024 that sizes of this order are written in. */
    private static int unit(long bytes) {
        if (bytes < 1024) {
            return 0;
        }
        double value = bytes;
        int unit = 0;
        do {
            value /= 1024;
            unit++;
        } while (value >= 999.95 && unit < LETTERS.length());
        return unit;
    }

    private static String number(long bytes, int unit) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1L << 10 * unit));
    }

    /** {@code 350.2 MiB/s}. */
    public static String rate(long bytes, long nanos) {
        return text(nanos <= 0 ? 0 : (long) (bytes / (nanos / 1e9))) + "/s";
    }
}
