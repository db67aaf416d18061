package io.varve.tools.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the disks of a Hyper-V host are read. */
public enum ReadingWay {
    /** Whichever of the others fits. */
    AUTO,
    /** On the host, with change lists from {@code virtdisk.dll}. */
    WIN32,
    /** Files of the host, all of them each night, without asking for change lists. */
    DIRECT,
    /** The host writes the disks, or what changed, into a folder. */
    EXPORT,
    /** Files in mounted folders of the host, with change lists over WMI. */
    WMI_CHANGES,
    /** On the host, from shadow copies. */
    VSS,
    /** VHD sets alone, from the file server that they are on. */
    RSVD;

    /** As it is typed: {@code wmi-changes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(ReadingWay::word).toList();
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
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected one of " + String.join(", ", words()) + ", found '" + word + "'"));
    }
}
