package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import java.util.Locale;
import java.util.UUID;

/** GUIDs as Hyper-V writes them: upper case, with or without braces. */
final class Ids {
    private Ids() {}

    static UUID machine(String text) throws CimException {
        return uuid(text, "a machine");
    }

    static UUID disk(String text) throws CimException {
        return uuid(text, "a disk");
    }

    private static UUID uuid(String text, String what) throws CimException {
        String bare = text.strip();
        if (bare.startsWith("{") && bare.endsWith("}")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (!bare.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")) {
            throw CimException.answer("expected the GUID of " + what + ", found '" + text + "'");
        }
        return UUID.fromString(bare);
    }

    static String text(UUID id) {
        return id.toString().toUpperCase(Locale.ROOT);
    }
}
