package io.varve.adapters.rsvd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The table of statuses of shared disks in {@code docs/hyperv.md} is what the program does. The system property
 * {@code varve.write-outcomes} writes it there.
 */
class RsvdStatusPageTest {
    private static final Path PAGE = Path.of("..", "docs", "hyperv.md");
    private static final String BEGIN = "<!-- rsvd: written by RsvdStatusPageTest -->\n";
    private static final String END = "<!-- end -->";

    private static String word(RsvdStatus.Outcome outcome) {
        return switch (outcome) {
            case ONCE_MORE -> "once more; the second time it ends the backup (exit code 4)";
            case DEMOTE -> "this disk is read in full, with a warning (`change-tracking-failed`)";
            case FAIL -> "the backup ends (exit code 4); of a change query: this disk is read in full";
        };
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| status | meaning | Varve | advice |\n| --- | --- | --- | --- |\n");
        for (RsvdStatus status : RsvdStatus.values()) {
            table.append(String.format(
                    Locale.ROOT,
                    "| 0x%08X | %s | %s | %s |",
                    status.code(),
                    status.meaning(),
                    word(status.outcome()),
                    status.advice()));
            table.append('\n');
        }
        return table.toString();
    }

    @Test
    void thePageSaysWhatTheProgramDoes() throws IOException {
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        int from = page.indexOf(BEGIN);
        assertTrue(from >= 0, BEGIN);
        from += BEGIN.length();
        String expected = page.substring(0, from) + "\n" + table() + "\n" + page.substring(page.indexOf(END, from));
        if (Boolean.getBoolean("varve.write-outcomes")) {
            Files.writeString(PAGE, expected, StandardCharsets.UTF_8);
        }
        assertEquals(expected, Files.readString(PAGE, StandardCharsets.UTF_8));
    }
}
