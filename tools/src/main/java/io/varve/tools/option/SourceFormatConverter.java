package io.varve.tools.option;

import io.varve.adapters.SourceFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts {@code --format} of a backup. */
public final class SourceFormatConverter implements ITypeConverter<SourceFormat> {
    @Override
    public SourceFormat convert(String text) {
        for (SourceFormat format : SourceFormat.values()) {
            if (format.name().equalsIgnoreCase(text)) {
                return format;
            }
        }
        throw new TypeConversionException("expected auto, raw, vhdx or vhd, found '" + text + "'");
    }
}
