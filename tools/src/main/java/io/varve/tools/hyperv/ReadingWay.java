package io.varve.tools.hyperv;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the disks of a host are read. */
enum ReadingWay {
    AUTO,
    WIN32,
    WMI_CHANGES;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** From the word on the command line. */
    static final class Converter implements ITypeConverter<ReadingWay> {
        @Override
        public ReadingWay convert(String text) {
            for (ReadingWay way : values()) {
                if (way.word().equalsIgnoreCase(text)) {
                    return way;
                }
            }
            throw new TypeConversionException("expected auto, win32 or wmi-changes, found '" + text + "'");
        }
    }
}
