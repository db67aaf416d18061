package io.varve.tools.option;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a time with date, time of day and zone, so that it means the same everywhere. */
public final class Moment implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text
                    + "' is not a time; give date, time and zone: 2026-11-21T02:00:00Z or"
                    + " 2026-11-21T03:00:00+01:00");
        }
    }
}
