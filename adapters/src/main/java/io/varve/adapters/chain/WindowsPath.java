package io.varve.adapters.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Windows path by which a disk image names its parent (MS-VHDX 2.6.2.6.3). It is parsed without calling any file
 * system, because just asking Windows about a path on another host sends the user's credentials there.
 *
 * @param kind what the path is relative to
 * @param drive upper-case letter for {@link Kind#DRIVE}, otherwise empty
 * @param names names of folders and file, each a plain name or, in relative paths, {@code ..}
 * @param fault why the path must not be followed; empty if it may be
 */
public record WindowsPath(Kind kind, String drive, List<String> names, String fault) {
    /** Where a path begins. */
    public enum Kind {
        /** In the folder of the file that contains the path. */
        RELATIVE,
        /** At the root of a drive. */
        DRIVE,
        /** At a volume given by its GUID, which is known only to the host that wrote it. */
        VOLUME,
        /** At a share; the first two names are those of host and share. */
        SHARE,
        /** A path that is never followed. */
        REFUSED
    }

    private static final Pattern DEVICE = Pattern.compile(
            " *(CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9\u00B9\u00B2\u00B3]) *(\\..*)?",
            Pattern.DOTALL); // names may contain Unicode line separators
    private static final Pattern ILLEGAL = Pattern.compile("[\\p{Cntrl}\uFFFD<>\"|?*]");
    private static final String VERBATIM = "\\\\?\\";

    public static WindowsPath parse(String text) {
        String path = text.replace('/', '\\');
        if (path.startsWith(VERBATIM)) {
            String rest = path.substring(VERBATIM.length());
            if (startsWithDrive(rest)) {
                return absolute(Kind.DRIVE, rest.substring(0, 1), rest.substring(3));
            } else if (rest.regionMatches(true, 0, "Volume{", 0, 7) && rest.indexOf('\\') > 0) {
                return absolute(Kind.VOLUME, "", rest.substring(rest.indexOf('\\')));
            }
            return rest.regionMatches(true, 0, "UNC\\", 0, 4)
                    ? share(rest.substring(4))
                    : refused(rest, "names a device");
        } else if (path.startsWith("\\\\")) {
            return path.startsWith("\\\\.\\") ? refused(path, "names a device") : share(path);
        } else if (startsWithDrive(path)) {
            return absolute(Kind.DRIVE, path.substring(0, 1), path.substring(3));
        } else if (path.startsWith("\\")) {
            return refused(path, "begins at the root of some drive");
        }
        return of(Kind.RELATIVE, "", path);
    }

    private static boolean startsWithDrive(String path) {
        return path.length() >= 3 && path.substring(0, 3).matches("[A-Za-z]:\\\\");
    }

    private static WindowsPath absolute(Kind kind, String drive, String path) {
        WindowsPath parsed = of(kind, drive.toUpperCase(Locale.ROOT), path);
        return parsed.names.contains("..") ? refused(path, "goes up inside an absolute path") : parsed;
    }

    private static WindowsPath share(String path) {
        WindowsPath parsed = of(Kind.SHARE, "", path);
        boolean whole = parsed.kind == Kind.SHARE && parsed.names.size() > 2 && !parsed.names.contains("..");
        return whole ? parsed : refused(path, "leads to another host");
    }

    private static WindowsPath refused(String path, String fault) {
        return new WindowsPath(Kind.REFUSED, "", of(Kind.REFUSED, "", path).names, fault);
    }

    private static WindowsPath of(Kind kind, String drive, String path) {
        List<String> names = new ArrayList<>();
        String fault = "";
        for (String name : path.split("\\\\")) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            names.add(name);
            String wrong = name.equals("..") ? "" : fault(name);
            fault = fault.isEmpty() ? wrong : fault;
        }
        if (names.isEmpty() || names.get(names.size() - 1).equals("..")) {
            fault = fault.isEmpty() ? "names no file" : fault;
        }
        return new WindowsPath(fault.isEmpty() ? kind : Kind.REFUSED, drive, List.copyOf(names), fault);
    }

    /** Returns why Windows would not treat {@code name} as the name of an ordinary file; empty if it would. */
    private static String fault(String name) {
        if (name.indexOf(':') >= 0) {
            return "names an alternate stream or a drive";
        } else if (ILLEGAL.matcher(name).find()) {
            return "has characters that no file name has";
        } else if (name.endsWith(".") || name.endsWith(" ")) {
            return "has a name that ends with a dot or a blank";
        } else if (DEVICE.matcher(name.toUpperCase(Locale.ROOT)).matches()) {
            return "names a device";
        }
        return "";
    }

    /** Returns the file name, also of a path that is not followed; empty if it is not a plain name. */
    public Optional<String> fileName() {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String name = names.get(names.size() - 1);
        return name.equals("..") || !fault(name).isEmpty() ? Optional.empty() : Optional.of(name);
    }
}
