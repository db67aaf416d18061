package io.varve.tools.output;

import io.varve.store.check.Finding;
import io.varve.store.fault.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The findings of a check, condensed to a screenful: adjacent damage in a file becomes one line, and of numerous
 * findings only the first few and their number are shown. The worst come first.
 */
public final class MergedFindings {
    /** Most lines with the same code. */
    private static final int MOST = 12;

    /** Most lines that repeat the list of affected disks. */
    private static final int MOST_CONSEQUENCES = 3;

    private static final List<String> CONSEQUENCES = List.of("chunk-missing", "chunk-length", "map-page");

    /** Most ranges of one file that are listed separately. */
    private static final int MOST_RANGES = 3;

    /** Most bytes between adjacent damage: damage of a frame is reported at its header or after it. */
    private static final long GAP = 64;

    private MergedFindings() {}

    /** One finding, as {@code --all} prints it. */
    public static String line(Finding finding) {
        return head(finding)
                + (finding.message().contains(finding.file())
                        ? finding.message()
                        : finding.file() + ": " + finding.message());
    }

    private static String head(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT) + " [" + finding.code() + "] ";
    }

    /** Returns all findings; a line that stands for several says how many. */
    public static List<String> lines(List<Finding> findings) {
        Map<String, List<Finding>> byCode = new LinkedHashMap<>();
        findings.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .forEach(finding -> byCode.computeIfAbsent(head(finding), unused -> new ArrayList<>())
                        .add(finding));
        List<String> lines = new ArrayList<>();
        byCode.values().forEach(same -> addCode(same, lines));
        return lines;
    }

    private static void addCode(List<Finding> same, List<String> lines) {
        Map<String, List<Finding>> byFile = new LinkedHashMap<>();
        for (Finding finding : same) {
            byFile.computeIfAbsent(finding.file(), unused -> new ArrayList<>()).add(finding);
        }
        int most = CONSEQUENCES.contains(same.get(0).code()) ? MOST_CONSEQUENCES : MOST;
        int told = 0;
        int shown = 0;
        for (List<Finding> ofFile : byFile.values()) {
            for (List<Finding> together : merge(ofFile)) {
                if (shown < most) {
                    lines.add(line(together));
                    told += together.size();
                    shown++;
                }
            }
        }
        if (told < same.size()) {
            lines.add(head(same.get(0)) + "and " + (same.size() - told) + " more; --all prints them all");
        }
    }

    /** Merges findings; each inner list becomes one line. */
    private static List<List<Finding>> merge(List<Finding> ofFile) {
        List<Finding> sorted = new ArrayList<>(ofFile);
        sorted.sort(Comparator.comparingLong(Finding::offset));
        List<List<Finding>> ranges = new ArrayList<>();
        long end = -1;
        for (Finding finding : sorted) {
            boolean near = end >= 0 && finding.length() > 0 && finding.offset() <= end + GAP;
            if (!near) {
                ranges.add(new ArrayList<>());
            }
            ranges.get(ranges.size() - 1).add(finding);
            end = finding.length() > 0 ? finding.offset() + finding.length() : -1;
        }
        boolean together = ranges.size() > MOST_RANGES && sorted.stream().allMatch(finding -> finding.length() > 0);
        return together ? List.of(sorted) : ranges;
    }

    private static String line(List<Finding> together) {
        Finding first = together.get(0);
        if (together.size() == 1) {
            return line(first);
        }
        Finding last = together.get(together.size() - 1);
        long bytes = together.stream().mapToLong(Finding::length).sum();
        return String.format(
                "%s%s: %s (%s) damaged, at offset %d to %d; the first: %s",
                head(first),
                first.file(),
                Count.of(together.size(), "chunk"),
                ByteSize.text(bytes),
                first.offset(),
                last.offset() + last.length(),
                first.message());
    }
}
