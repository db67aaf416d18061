package io.varve.adapters.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The table of structures, numbers, GUIDs and COM slots that a C compiler made of the Windows headers. */
public final class AbiTable {
    private static final Map<String, String[]> LINES = read();

    private AbiTable() {}

    private static Map<String, String[]> read() {
        Map<String, String[]> found = new HashMap<>();
        try (InputStream table = AbiTable.class.getResourceAsStream("/abi-x64.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t");
                if (parts.length > 2) {
                    found.put(parts[0] + " " + parts[1], parts);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] line(String kind, String name) {
        String[] parts = LINES.get(kind + " " + name);
        if (parts == null) {
            throw new IllegalArgumentException("abi-x64.txt has no " + kind + " " + name);
        }
        return parts;
    }

    /** Offset of a structure's field. */
    public static int offset(String field) {
        return Integer.parseInt(line("struct", field)[2]);
    }

    /** Bytes of a structure. */
    public static int size(String structure) {
        return Integer.parseInt(line("struct", structure + ".*")[3]);
    }

    /** Value of a constant of 32 bits. */
    public static int number(String constant) {
        return Integer.parseUnsignedInt(line("const", constant)[2].substring(2), 16);
    }

    /** What the table says of anything else, such as a GUID or a slot. */
    public static String text(String kind, String name) {
        return line(kind, name)[2];
    }
}
