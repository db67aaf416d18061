package io.varve.tools.output;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** A table of aligned columns. */
public final class Table {
    private static final int GAP = 2;

    private Table() {}

    /** @param given the first is the heading; all have the same number of cells */
    public static String of(List<String[]> given) {
        List<String[]> rows = given.stream()
                .map(row -> Stream.of(row).map(Printable::name).toArray(String[]::new))
                .toList();
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        Column[] columns = new Column[widths.length];
        for (int i = 0; i < widths.length; i++) {
            columns[i] = new Column(widths[i] + GAP, 0, Overflow.SPAN);
        }
        TextTable table = TextTable.forColumns(new ColorScheme.Builder(Ansi.OFF).build(), columns);
        rows.forEach(table::addRowValues);
        return table.toString().stripTrailing();
    }
}
