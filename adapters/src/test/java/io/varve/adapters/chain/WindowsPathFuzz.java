package io.varve.adapters.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

/** Any text as a path out of a disk image: what is to be followed is made of plain names only. */
public final class WindowsPathFuzz {
    private WindowsPathFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        // As locators have it, and as a fuzzer's dictionary has it.
        judge(new String(data, StandardCharsets.UTF_16LE));
        judge(new String(data, StandardCharsets.ISO_8859_1));
    }

    private static void judge(String text) {
        WindowsPath path = WindowsPath.parse(text);
        path.fileName().ifPresent(WindowsPathFuzz::plain);
        boolean refused = path.kind() == WindowsPath.Kind.REFUSED;
        assertEquals(refused, !path.fault().isEmpty());
        if (refused) {
            return;
        }
        assertTrue(path.kind() != WindowsPath.Kind.DRIVE || path.drive().matches("[A-Z]"), path.drive());
        assertFalse(path.names().isEmpty());
        for (String name : path.names()) {
            if (!name.equals("..")) {
                plain(name);
            } else {
                assertEquals(WindowsPath.Kind.RELATIVE, path.kind());
            }
        }
        assertFalse(path.names().get(path.names().size() - 1).equals(".."));
    }

    private static void plain(String name) {
        assertFalse(name.isEmpty() || name.equals(".") || name.equals(".."), name);
        for (char illegal : new char[] {'\\', '/', ':', '*', '?', '"', '<', '>', '|', '\0', '\n'}) {
            assertEquals(-1, name.indexOf(illegal), name);
        }
        assertFalse(name.endsWith(".") || name.endsWith(" "), name);
        String stem = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        for (String device : new String[] {"CON", "prn", "Aux", "NUL", "COM1", "lpt9"}) {
            assertFalse(stem.replaceAll("^ +| +$", "").equalsIgnoreCase(device), name);
        }
    }
}
