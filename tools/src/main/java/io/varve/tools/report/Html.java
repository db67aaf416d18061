package io.varve.tools.report;

import io.varve.tools.output.Printable;

/** Escapes text for a page. Names come from repositories that others may have written to. */
final class Html {
    private Html() {}

    /**
     * Escapes text for use between tags or in a quoted attribute. Control characters and direction marks are shown as
     * escapes.
     */
    static String text(String text) {
        String visible = Printable.name(text);
        StringBuilder escaped = new StringBuilder(visible.length() + 16);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Escapes a name and isolates its writing direction. */
    static String name(String name) {
        return "<bdi>" + text(name) + "</bdi>";
    }
}
