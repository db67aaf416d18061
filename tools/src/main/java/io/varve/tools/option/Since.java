package io.varve.tools.option;

import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment, or so many days before now. */
public final class Since implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        try {
            return Instant.now().minus(new Days().convert(text));
        } catch (TypeConversionException e) {
            return moment(text);
        }
    }

    private static Instant moment(String text) {
        try {
            return new Moment().convert(text);
        } catch (TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + text + "' is neither a number of days, such as 7d, nor a time with its zone, such as"
                            + " 2026-11-21T02:00:00Z");
        }
    }
}
