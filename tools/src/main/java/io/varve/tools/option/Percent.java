package io.varve.tools.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a share: {@code 10}, {@code 10%} or {@code 2.5%}; more than 0 and at most 100. */
public final class Percent implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,9})?)%?");

    @Override
    public Double convert(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        double value = matcher.matches() ? Double.parseDouble(matcher.group(1)) : -1;
        if (value <= 0 || value > 100) {
            throw new TypeConversionException("'" + text + "' is not a percentage above 0 and up to 100");
        }
        return value;
    }
}
