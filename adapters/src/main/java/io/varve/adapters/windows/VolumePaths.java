package io.varve.adapters.windows;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.File;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths as operators and Windows write them, made into ones that {@code java.nio} takes: it refuses all that begin with
 * {@code \\?\}, though it uses that prefix itself where a path is long. A volume that is named by its GUID is looked
 * up: it is reached through its drive letter, or the folder that it is mounted in, such as one of
 * {@code C:\ClusterStorage}.
 */
public final class VolumePaths {
    private static final Pattern VOLUME = Pattern.compile(
            "(\\\\\\\\\\?\\\\volume\\{[0-9a-f-]{36}})(\\\\.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Characters of the answer; Windows says when it needs more. */
    private static final int ROOM = 1024;

    private static final int ERROR_MORE_DATA = 234;
    private static final int LARGEST_ANSWER = 1 << 20;

    private VolumePaths() {}

    /** Says where a volume is mounted. */
    @FunctionalInterface
    interface Mounts {
        /**
         * @param volume {@code \\?\Volume{GUID}\}
         * @return its drive letter and folders, each with a backslash at the end; empty if it has none
         */
        List<String> of(String volume) throws IOException;
    }

    /** The call of {@code kernel32.dll}. */
    interface Volumes extends Library {
        /**
         * @param names out: strings one behind the other
         * @param length characters that fit there
         * @param needed out: characters of the answer
         * @return 0 for failure, with a last error
         */
        int GetVolumePathNamesForVolumeNameW(Pointer volume, Pointer names, int length, IntByReference needed);

        /**
         * @param mount out: the drive or folder that the file's volume is mounted in
         * @param length characters that fit there
         * @return 0 for failure, with a last error
         */
        int GetVolumePathNameW(Pointer file, Pointer mount, int length);
    }

    /**
     * The path of a text that an operator gave or that Windows told.
     *
     * @throws InvalidPathException when it is none, or one that leads to no file of a mounted volume; with the reason
     */
    public static Path of(String text) {
        return File.separatorChar == '\\' ? Path.of(plain(text, VolumePaths::mounts)) : Path.of(text);
    }

    /**
     * As {@link #of}, without asking where a volume is mounted: for what a path looks like, not for opening it. A
     * volume that is named by its GUID is taken for drive C.
     *
     * @throws InvalidPathException when it is no path
     */
    public static Path form(String text) {
        return Path.of(File.separatorChar == '\\' ? plainForm(text) : text);
    }

    /** Whether it names a volume by its GUID, which has to be looked up. */
    static boolean namesVolume(String text) {
        return VOLUME.matcher(text).matches();
    }

    static String plainForm(String text) {
        return plain(text, volume -> List.of("C:\\"));
    }

    /** As {@code java.nio} takes it on Windows. */
    static String plain(String text, Mounts mounts) {
        Matcher volume = VOLUME.matcher(text);
        if (volume.matches()) {
            String rest = volume.group(2) == null ? "" : volume.group(2).substring(1);
            if (WindowsName.isVerbatimOnly(rest) || rest.startsWith("\\")) {
                throw new InvalidPathException(
                        text,
                        "has a slash, an empty name, or one that ends in a dot or a space; outside of \\\\?\\ that is"
                                + " another file");
            }
            return mountPoint(text, volume.group(1) + "\\", mounts) + rest;
        }
        String plain = WindowsName.withoutPrefix(text);
        if (plain.toUpperCase(Locale.ROOT).startsWith("\\\\?\\GLOBALROOT")) {
            throw new InvalidPathException(text, "files of a shadow copy are read by 'varve vss backup' alone");
        }
        return plain;
    }

    private static String mountPoint(String text, String volume, Mounts mounts) {
        try {
            return mounts.of(volume).stream()
                    .min(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                    .orElseThrow(() -> new InvalidPathException(
                            text,
                            "the volume has no drive letter and is mounted in no folder; give it one (mountvol)"));
        } catch (IOException e) {
            InvalidPathException failure = new InvalidPathException(text, e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * The path of a file below its volume, with a backslash before it: what is left of the name of a file on a volume
     * that is mounted in a folder when the system names it by device.
     *
     * @param file absolute
     * @return empty without Windows, and when Windows does not know the volume
     */
    public static Optional<String> behindVolume(String file) throws IOException {
        if (File.separatorChar != '\\') {
            return Optional.empty();
        }
        int room = file.length() + ROOM;
        Memory mount = new Memory(2L * room);
        if (kernel().GetVolumePathNameW(Wide.of(WindowsName.of(file)), mount, room) == 0) {
            return Optional.empty();
        }
        String root = WindowsName.withoutPrefix(Wide.read(mount, 0, 2 * room));
        boolean isBelow = file.regionMatches(true, 0, root, 0, root.length());
        return isBelow ? Optional.of("\\" + file.substring(root.length())) : Optional.empty();
    }

    private static Volumes kernel() throws IOException {
        JnaLibrary.boot();
        return Native.load("kernel32", Volumes.class);
    }

    private static List<String> mounts(String volume) throws IOException {
        Volumes kernel = kernel();
        IntByReference needed = new IntByReference(0);
        for (int room = ROOM; ; room = needed.getValue()) {
            Memory names = new Memory(2L * room);
            names.clear();
            if (kernel.GetVolumePathNamesForVolumeNameW(Wide.of(volume), names, room, needed) != 0) {
                return Wide.readAll(names, 0, 2 * room);
            }
            int code = Native.getLastError();
            boolean isLarger = code == ERROR_MORE_DATA && needed.getValue() > room;
            if (!isLarger || needed.getValue() > LARGEST_ANSWER) {
                throw new Win32Exception(volume, "tell where this volume is mounted", code);
            }
        }
    }
}
