package io.varve.tools.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way is taken where, and what is refused. */
class ReadingChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "auto, true, false, false, true, WIN32",
        "auto, true, false, false, false, VSS",
        "auto, true, true, false, true, WMI_CHANGES",
        "auto, false, true, false, false, WMI_CHANGES",
        "auto, true, false, true, true, EXPORT",
        "auto, false, true, true, true, EXPORT",
        "win32, true, true, false, true, WIN32",
        "direct, false, true, false, true, DIRECT",
        "direct, true, false, false, true, DIRECT",
        "wmi-changes, true, false, false, true, WMI_CHANGES",
        "export, true, false, true, true, EXPORT",
        "vss, true, false, false, true, VSS",
        "rsvd, false, false, false, false, RSVD"
    })
    void theWayThatFits(
            String wanted, boolean windows, boolean mounts, boolean folder, boolean tracking, ReadingWay expected)
            throws UsageException {
        ReadingChoice choice = ReadingChoice.of(
                ReadingWay.named(wanted), new ReadingChoice.Situation(windows, mounts, folder, tracking));
        assertEquals(expected, choice.way());
        assertFalse(choice.reason().isBlank());
    }

    @ParameterizedTest
    @CsvSource({
        "auto, false, false, false, --map",
        "auto, false, false, true, folder for exports",
        "wmi-changes, false, false, false, --map",
        "direct, false, false, false, --map",
        "export, false, true, false, --export-to",
        "wmi-changes, false, true, true, for reading by export",
        "win32, false, true, false, under Windows",
        "vss, false, false, false, under Windows",
        "vss, true, true, false, nothing is mounted",
        "rsvd, true, true, true, for reading by export"
    })
    void whatCannotWorkIsRefused(String wanted, boolean windows, boolean mounts, boolean folder, String advice) {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> ReadingChoice.of(
                        ReadingWay.named(wanted), new ReadingChoice.Situation(windows, mounts, folder, true)));
        assertTrue(refused.getMessage().contains(advice), refused.getMessage());
    }

    @Test
    void anUnknownWayIsNamedWithAllOthers() {
        IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, () -> ReadingWay.named("smb"));
        assertTrue(
                unknown.getMessage().contains("auto, win32, direct, export, wmi-changes, vss, rsvd"),
                unknown.getMessage());
    }
}
