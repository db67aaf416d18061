package io.varve.tools.source;

import java.util.Arrays;
import java.util.Locale;

/** How the disks of a Hyper-V host are read. */
public enum ReadingWay {
    /** {@link #WIN32} on the host, else {@link #WMI_CHANGES}. */
    AUTO,
    /** On the host, with change lists from {@code virtdisk.dll}. */
    WIN32,
    /** Files in mounted folders of the host, with change lists over WMI. */
    WMI_CHANGES;

    /** As it is typed: {@code wmi-changes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The way with this word, in any case.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static ReadingWay named(String word) {
        return Arrays.stream(values())
                .filter(way -> way.word().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("expected auto, win32 or wmi-changes, found '" + word + "'"));
    }
}
