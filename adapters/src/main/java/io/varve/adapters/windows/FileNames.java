package io.varve.adapters.windows;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names that one file may have: Windows itself calls it by a drive, a volume's GUID or a device, and links, junctions,
 * short names and mapped drives lead to it as well. Thread-safe.
 */
public final class FileNames {
    /** Of the system's own name space; Windows opens it with this in front. */
    private static final Pattern DEVICE = Pattern.compile("\\\\device\\\\.+", Pattern.CASE_INSENSITIVE);

    /** Characters of a device's name. */
    private static final int ROOM = 1024;

    private static final String ALL_DEVICES = "\\\\?\\GLOBALROOT";

    private FileNames() {}

    /**
     * Whether both names are of one file that exists now. On Windows volume and number of the files are compared, so it
     * does not matter how the names lead there.
     *
     * @param told as Windows writes it into its event log
     * @param file absolute
     * @return also false where that cannot be told
     */
    public static boolean areOfOneFile(String told, String file) {
        try {
            return File.separatorChar == '\\' ? haveOneNumber(told, file) : areOne(told, file);
        } catch (IOException | InvalidPathException e) {
            return false; // one of them does not exist any more, or is no file of this computer
        }
    }

    private static boolean haveOneNumber(String told, String file) throws IOException {
        if (!told.contains("\\")) {
            return false;
        }
        WindowsFiles files = WindowsFiles.load();
        return files.identity(toOpen(told, drives())).equals(files.identity(file));
    }

    /** @param drives the device of each drive, by its letter and colon */
    static String toOpen(String told, Map<String, String> drives) {
        if (DEVICE.matcher(told).matches()) {
            for (Map.Entry<String, String> drive : drives.entrySet()) {
                String device = drive.getValue() + "\\";
                if (told.regionMatches(true, 0, device, 0, device.length())) {
                    return drive.getKey() + "\\" + told.substring(device.length());
                }
            }
            return ALL_DEVICES + told;
        }
        return told.startsWith("\\??\\") ? "\\\\?\\" + told.substring(4) : told;
    }

    /** The call of {@code kernel32.dll}. */
    interface Drives extends Library {
        /**
         * @param target out: what the drive stands for
         * @param length characters that fit there
         * @return 0 for failure, as where there is no such drive
         */
        int QueryDosDeviceW(Pointer drive, Pointer target, int length);
    }

    private static Map<String, String> drives() throws IOException {
        JnaLibrary.boot();
        Drives kernel = Native.load("kernel32", Drives.class);
        Map<String, String> drives = new LinkedHashMap<>();
        Memory target = new Memory(2L * ROOM);
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            String drive = letter + ":";
            target.clear();
            if (kernel.QueryDosDeviceW(Wide.of(drive), target, ROOM) != 0) {
                drives.put(drive, Wide.read(target, 0, 2 * ROOM));
            }
        }
        return drives;
    }

    private static boolean areOne(String told, String file) throws IOException {
        Path path = Path.of(told);
        return path.isAbsolute() && Files.isSameFile(path, Path.of(file));
    }
}
