package io.varve.adapters.hyperv.cim;

/** Text in queries. Names of machines and files contain quotes and backslashes. */
public final class Wql {
    private Wql() {}

    /** A string literal in single quotes. */
    public static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** A key's value in double quotes, as in object paths. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
