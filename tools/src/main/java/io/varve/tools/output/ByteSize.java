package io.varve.tools.output;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them. */
public final class ByteSize implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([kmgtKMGT]?)(?:i?[bB])?");
    private static final String UNITS = "kmgt";

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
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1024;
            unit++;
        } while (value >= 999.95 && unit < 4);
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTP".charAt(unit));
    }

    /** {@code 350.2 MiB/s}. */
    public static String rate(long bytes, long nanos) {
        return text(nanos <= 0 ? 0 : (long) (bytes / (nanos / 1e9))) + "/s";
    }
}
