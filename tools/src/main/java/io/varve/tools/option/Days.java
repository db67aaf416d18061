package io.varve.tools.option;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a number of days: {@code 30} and {@code 30d} mean the same. */
public final class Days implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})d?");

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
            throw new TypeConversionException("'" + text + "' is not a number of days; write 30 or 30d");
        }
        return Duration.ofDays(Integer.parseInt(matcher.group(1)));
    }
}
