package io.varve.tools.option;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment as people write it: with a time of day and a zone, so that it is the same everywhere. */
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
