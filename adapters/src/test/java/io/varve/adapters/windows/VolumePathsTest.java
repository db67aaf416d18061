package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of path that an operator may give, without Windows. */
class VolumePathsTest {
    private static final String VOLUME = "\\\\?\\Volume{0a1b2c3d-0000-0000-0000-100000000000}";

    private static String plain(String text) {
        return VolumePaths.plain(text, volume -> {
            throw new AssertionError(volume + " was looked up");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "\\\\?\\C:\\vm\\a.vhdx, C:\\vm\\a.vhdx",
        "\\\\.\\C:\\vm\\a.vhdx, C:\\vm\\a.vhdx",
        "\\??\\c:\\vm\\a.vhdx, c:\\vm\\a.vhdx",
        "\\\\?\\UNC\\host\\share\\a.vhdx, \\\\host\\share\\a.vhdx",
        "\\\\?\\unc\\host\\share\\a.vhdx, \\\\host\\share\\a.vhdx",
        "\\\\?\\C:\\ClusterStorage\\Volume1\\a b\\a.vhdx, C:\\ClusterStorage\\Volume1\\a b\\a.vhdx"
    })
    void thePrefixIsLeftOut(String text, String expected) {
        assertEquals(expected, plain(text));
    }

    /** Without the prefix Windows would take these for other files, so they stay as they are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\\\?\\C:\\vm\\a.vhdx.",
                "\\\\?\\C:\\vm \\a.vhdx",
                "\\\\?\\C:\\vm\\..\\a.vhdx",
                "\\\\?\\C:\\vm/a.vhdx",
                "\\\\.\\PhysicalDrive1",
                "\\\\?\\D:",
                "C:\\vm\\a.vhdx",
                "C:\\ClusterStorage\\Volume1\\a.vhdx",
                "\\\\host\\share\\a.vhdx",
                "vm\\a.vhdx",
                ""
            })
    void whatNeedsItOrHasNoneStays(String text) {
        assertEquals(text, plain(text));
    }

    @Test
    void aVolumeIsReachedWhereItIsMounted() {
        List<String> asked = new ArrayList<>();
        VolumePaths.Mounts mounts = volume -> {
            asked.add(volume);
            return List.of("C:\\ClusterStorage\\Volume1\\", "E:\\", "D:\\");
        };
        assertEquals("D:\\vm\\a.vhdx", VolumePaths.plain(VOLUME + "\\vm\\a.vhdx", mounts));
        assertEquals("D:\\", VolumePaths.plain(VOLUME, mounts));
        assertEquals("D:\\", VolumePaths.plain(VOLUME.toLowerCase(java.util.Locale.ROOT) + "\\", mounts));
        assertEquals(VOLUME + "\\", asked.get(0));
    }

    /** Behind a drive letter Windows would take these for other files. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\vm\\a.vhdx.",
                "\\vm \\a.vhdx",
                "\\vm\\..\\a.vhdx",
                "\\..",
                "\\vm/a.vhdx",
                "\\vm\\\\a.vhdx",
                "\\\\a.vhdx"
            })
    void whatNeedsThePrefixIsRefusedOnAVolume(String rest) {
        InvalidPathException e = assertThrows(
                InvalidPathException.class, () -> VolumePaths.plain(VOLUME + rest, volume -> List.of("D:\\")));
        assertTrue(e.getReason().contains("another file"), e.getReason());
    }

    /** A job file is good or bad whatever is mounted while it is read. */
    @Test
    void theFormOfAPathNeedsNoVolume() {
        assertEquals("C:\\vm\\a.vhdx", VolumePaths.plainForm(VOLUME + "\\vm\\a.vhdx"));
        assertEquals("D:\\vm\\a.vhdx", VolumePaths.plainForm("\\\\?\\D:\\vm\\a.vhdx"));
        assertThrows(InvalidPathException.class, () -> VolumePaths.plainForm(VOLUME + "\\vm\\a.vhdx."));
    }

    @Test
    void aVolumeThatIsMountedNowhereIsRefusedWithAdvice() {
        InvalidPathException nowhere =
                assertThrows(InvalidPathException.class, () -> VolumePaths.plain(VOLUME + "\\a", v -> List.of()));
        assertTrue(nowhere.getReason().contains("mountvol"), nowhere.getReason());
        InvalidPathException unknown = assertThrows(
                InvalidPathException.class,
                () -> VolumePaths.plain(VOLUME + "\\a", v -> {
                    throw new Win32Exception(v, "tell where this volume is mounted", 2);
                }));
        assertTrue(unknown.getReason().contains("Windows error 2"), unknown.getReason());
        assertTrue(unknown.getCause() instanceof IOException);
    }

    @Test
    void aShadowCopyIsNotReadByItsName() {
        InvalidPathException e = assertThrows(
                InvalidPathException.class,
                () -> plain("\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1\\a.vhdx"));
        assertTrue(e.getReason().contains("varve vss backup"), e.getReason());
    }

    @Test
    void longNamesGetThePrefix() {
        String longName = "x".repeat(250);
        assertEquals("C:\\vm\\disk.vhdx", WindowsName.of("C:\\vm\\disk.vhdx"));
        assertEquals("\\\\?\\C:\\" + longName, WindowsName.of("C:\\" + longName));
        assertEquals("\\\\?\\UNC\\host\\share\\" + longName, WindowsName.of("\\\\host\\share\\" + longName));
        assertEquals("\\\\?\\C:\\" + longName, WindowsName.of("\\\\?\\C:\\" + longName));
    }
}
