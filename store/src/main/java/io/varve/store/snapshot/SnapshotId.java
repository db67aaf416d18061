package io.varve.store.snapshot;

import io.varve.store.fault.CorruptDataException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Name of a snapshot: UTC time and a short random id, such as {@code 20261121T020000Z-1f3a9c2e}. Sorts by time. */
public record SnapshotId(String text) implements Comparable<SnapshotId> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String DIRECTORY = "snapshots/";
    private static final String SUFFIX = ".json";

    public SnapshotId {
        if (!isId(text)) {
            throw new IllegalArgumentException("not a snapshot id: " + text);
        }
    }

    /** Whether {@code text} has the form of one. */
    public static boolean isId(String text) {
        return FORM.matcher(text).matches();
    }

    static SnapshotId decode(String text, String file) throws CorruptDataException {
        if (!isId(text)) {
            throw new CorruptDataException(file, -1, "a snapshot id", text);
        }
        return new SnapshotId(text);
    }

    /** A new id for a snapshot taken at {@code time}. */
    public static SnapshotId create(Instant time) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        return new SnapshotId(TIME.format(time) + "-" + HexFormat.of().formatHex(random));
    }

    /** The eight digits behind the time, enough to name a snapshot on the command line. */
    public String shortId() {
        return text.substring(text.length() - 8);
    }

    /** Whether a snapshot taken at {@code time} may have this id, which begins with the second. */
    boolean isOf(Instant time) {
        return text.startsWith(TIME.format(time));
    }

    public String objectName() {
        return DIRECTORY + text + SUFFIX;
    }

    /** The id in an object name, or null when the name is not that of a manifest. */
    public static SnapshotId ofObject(String name) {
        if (!name.startsWith(DIRECTORY) || !name.endsWith(SUFFIX)) {
            return null;
        }
        String text = name.substring(DIRECTORY.length(), name.length() - SUFFIX.length());
        return isId(text) ? new SnapshotId(text) : null;
    }

    @Override
    public int compareTo(SnapshotId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
