package io.varve.tools.report;

import io.varve.tools.output.Printable;

/** Text on its way into a page: names come out of repositories that somebody else may have written to. */
final class Html {
    private Html() {}

    /** Text between tags or in a quoted attribute. Control characters and marks of direction are shown as escapes. */
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

    /** A name, whose direction of writing is kept to itself. */
    static String name(String name) {
        return "<bdi>" + text(name) + "</bdi>";
    }
}
