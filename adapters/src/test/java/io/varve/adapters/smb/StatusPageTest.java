package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.smb.link.NtStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The table of statuses in {@code docs/smb.md} is what the program does. The system property
 * {@code varve.write-outcomes} writes it there.
 */
class StatusPageTest {
    private static final Path PAGE = Path.of("..", "docs", "smb.md");
    private static final String BEGIN = "<!-- statuses: written by StatusPageTest -->\n";
    private static final String END = "<!-- end -->";

    private static String word(NtStatus.Outcome outcome) {
        return switch (outcome) {
            case MORE -> "no error";
            case UNREADABLE -> "unreadable: damage of the source";
            case UNAVAILABLE -> "unavailable: the command ends";
            case RECONNECT -> "a new connection, for two minutes; then unavailable";
            case MISSING -> "no such file";
            case REFUSED -> "refused: the command ends";
            case FULL -> "refused: no room";
        };
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| status | meaning | Varve | advice |\n| --- | --- | --- | --- |\n");
        for (NtStatus status : NtStatus.values()) {
            table.append(String.format(
                    Locale.ROOT,
                    "| `STATUS_%s` 0x%08X | %s | %s | %s |",
                    status,
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
        int from = page.indexOf(BEGIN) + BEGIN.length();
        String expected = page.substring(0, from) + "\n" + table() + "\n" + page.substring(page.indexOf(END, from));
        if (Boolean.getBoolean("varve.write-outcomes")) {
            Files.writeString(PAGE, expected, StandardCharsets.UTF_8);
        }
        assertEquals(expected, Files.readString(PAGE, StandardCharsets.UTF_8));
    }
}
