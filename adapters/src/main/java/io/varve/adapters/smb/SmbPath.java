package io.varve.adapters.smb;

import io.varve.adapters.smb.link.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file or folder on a share, as in {@code smb://host/share/vm/disk.vhdx}.
 *
 * @param names below the share; empty for the share itself
 */
public record SmbPath(ServerAddress server, String share, List<String> names) {
    private static final String SCHEME = "smb://";

    /** What a name on a share cannot contain (MS-FSCC 2.1.5). */
    private static final String FORBIDDEN = "\"*:<>?|\\/";

    public SmbPath {
        names = List.copyOf(names);
    }

    /** Whether a text is meant as a path on a share. */
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /**
     * Understands {@code smb://HOST[:PORT]/SHARE/PATH}. Names are taken as they are, without escapes.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static SmbPath parse(String text) {
        String rest = isOne(text) ? text.substring(SCHEME.length()) : "";
        String[] parts = rest.split("/", -1);
        String place = parts[0];
        if (place.contains("@")) {
            throw new IllegalArgumentException(
                    "expected smb://HOST/SHARE/PATH, found an account in '" + text + "': give it with --smb-user");
        }
        if (parts.length < 2
                || parts[1].isEmpty()
                || !place.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")) {
            throw new IllegalArgumentException("expected smb://HOST[:PORT]/SHARE/PATH, found '" + text + "'");
        }
        int colon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
        int port = colon < 0 ? ServerAddress.PORT : Integer.parseInt(place.substring(colon + 1));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 1 to 65535, found " + port + " in '" + text + "'");
        }
        String host = (colon < 0 ? place : place.substring(0, colon)).toLowerCase(Locale.ROOT);
        List<String> names = new ArrayList<>();
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].isEmpty() && i == parts.length - 1) {
                break; // a slash at the end
            }
            if (!isName(parts[i])) {
                throw new IllegalArgumentException("'" + parts[i] + "' in '" + text + "' is not a name on a share");
            }
            names.add(parts[i]);
        }
        return new SmbPath(new ServerAddress(host, port), parts[1], names);
    }

    /** Whether a text can be the name of one file or folder. */
    static boolean isName(String text) {
        if (text.isEmpty() || text.equals(".") || text.equals("..")) {
            return false;
        }
        return text.chars().noneMatch(character -> character < ' ' || FORBIDDEN.indexOf(character) >= 0);
    }

    /** The folder it is in. */
    public SmbPath parent() {
        return new SmbPath(server, share, names.subList(0, names.size() - 1));
    }

    /** Its own name; empty for the share itself. */
    public String name() {
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    public SmbPath resolve(String name) {
        List<String> all = new ArrayList<>(names);
        all.add(name);
        return new SmbPath(server, share, all);
    }

    /** As the server takes it. */
    public String onShare() {
        return String.join("\\", names);
    }

    @Override
    public String toString() {
        return SCHEME + server + "/" + share + (names.isEmpty() ? "" : "/" + String.join("/", names));
    }
}
