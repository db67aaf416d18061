package io.varve.tools.option;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The format of the file that a restored disk is written to. */
public enum RestoreFormat {
    RAW("raw"),
    VHDX("vhdx"),
    VHDX_FIXED("vhdx-fixed"),
    VHD("vhd"),
    VHD_FIXED("vhd-fixed");

    private final String word;

    RestoreFormat(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public boolean isVhdx() {
        return this == VHDX || this == VHDX_FIXED;
    }

    /** Returns the format for the extension of a file name; raw for other extensions. */
    public static RestoreFormat of(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".vhdx") || name.endsWith(".avhdx")) {
            return VHDX;
        }
        return name.endsWith(".vhd") ? VHD : RAW;
    }

    /** Converts command line values such as {@code vhdx-fixed}. */
    static final class Converter implements ITypeConverter<RestoreFormat> {
        @Override
        public RestoreFormat convert(String text) {
            for (RestoreFormat format : values()) {
                if (format.word.equalsIgnoreCase(text)) {
                    return format;
                }
            }
            throw new TypeConversionException("expected one of " + new Words().words + ", found '" + text + "'");
        }
    }

    /** Values for the help text. */
    static final class Words implements Iterable<String> {
        private final List<String> words = new ArrayList<>();

        Words() {
            for (RestoreFormat format : values()) {
                words.add(format.word);
            }
        }

        @Override
        public Iterator<String> iterator() {
            return words.iterator();
        }
    }
}
