package io.varve.adapters.vss.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.windows.Win32Error;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The tables of errors and outcomes in {@code docs/hyperv.md} are what the program does. The system property
 * {@code varve.write-outcomes} writes them there.
 */
class OutcomePageTest {
    private static final Path PAGE = Path.of("..", "docs", "hyperv.md");

    private static String between(String page, String name, String table) {
        String begin = "<!-- " + name + ": written by OutcomePageTest -->\n";
        assertTrue(page.contains(begin), "no place for the table of " + name);
        int from = page.indexOf(begin) + begin.length();
        int end = page.indexOf("<!-- end -->", from);
        assertTrue(end > from, "no end of the table of " + name);
        return page.substring(0, from) + "\n" + table + "\n" + page.substring(end);
    }

    private static String word(Win32Error.Outcome outcome) {
        return switch (outcome) {
            case DEMOTE -> "this disk is read in full, with a warning";
            case RETRY -> "tried again for four seconds, then the backup fails";
            case FAIL -> "the backup fails";
        };
    }

    private static String word(VssError.Outcome outcome) {
        return switch (outcome) {
            case WAIT -> "waited for, until the deadline";
            case AGAIN -> "up to three attempts, each from the beginning";
            case ONCE_MORE -> "a second attempt";
            case FAIL -> "the backup fails";
        };
    }

    private static String virtdisk() {
        StringBuilder table = new StringBuilder("| error | meaning | Varve |\n| --- | --- | --- |\n");
        for (Win32Error error : Win32Error.values()) {
            table.append("| ")
                    .append(Win32Error.number(error.code()))
                    .append(" | ")
                    .append(error.meaning())
                    .append(" | ")
                    .append(word(error.outcome()))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String vss() {
        StringBuilder table = new StringBuilder("| HRESULT | meaning | Varve |\n| --- | --- | --- |\n");
        for (VssError error : VssError.values()) {
            table.append(String.format(
                    Locale.ROOT, "| 0x%08X | %s | %s |%n", error.code(), error.meaning(), word(error.outcome())));
        }
        return table.toString().replace("\r\n", "\n");
    }

    @Test
    void thePageSaysWhatTheProgramDoes() throws IOException {
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        String expected = between(between(page, "virtdisk", virtdisk()), "vss", vss());
        if (Boolean.getBoolean("varve.write-outcomes")) {
            Files.writeString(PAGE, expected, StandardCharsets.UTF_8);
        }
        assertEquals(expected, Files.readString(PAGE, StandardCharsets.UTF_8));
    }
}
