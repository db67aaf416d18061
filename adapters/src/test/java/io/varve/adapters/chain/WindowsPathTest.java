package io.varve.adapters.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.WindowsPath.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowsPathTest {
    private static void refused(String fault, String... paths) {
        for (String path : paths) {
            WindowsPath parsed = WindowsPath.parse(path);
            assertEquals(Kind.REFUSED, parsed.kind(), path);
            assertTrue(parsed.fault().contains(fault), path + ": " + parsed.fault());
        }
    }

    private static void followed(Kind kind, String drive, List<String> names, String path) {
        assertEquals(new WindowsPath(kind, drive, names, ""), WindowsPath.parse(path), path);
    }

    @Test
    void pathsThatWindowsWrites() {
        followed(Kind.RELATIVE, "", List.of("p.vhdx"), ".\\p.vhdx");
        followed(Kind.RELATIVE, "", List.of("p.vhdx"), "p.vhdx");
        followed(Kind.RELATIVE, "", List.of("..", "dir", "p.vhdx"), "..\\dir\\p.vhdx");
        followed(Kind.RELATIVE, "", List.of("dir", "p.vhdx"), "dir/./p.vhdx");
        followed(Kind.DRIVE, "C", List.of("VMs", "p.vhdx"), "C:\\VMs\\p.vhdx");
        followed(Kind.DRIVE, "C", List.of("VMs", "p.vhdx"), "\\\\?\\c:\\VMs\\p.vhdx");
        for (String path : new String[] {
            "\\\\server\\share\\p.vhdx",
            "//server/share/p.vhdx",
            "\\/server\\share\\.\\p.vhdx",
            "\\\\?\\UNC\\server\\share\\p.vhdx",
            "\\\\?\\unc\\server\\share\\p.vhdx"
        }) {
            followed(Kind.SHARE, "", List.of("server", "share", "p.vhdx"), path);
        }
        followed(Kind.VOLUME, "", List.of("p.vhdx"), "\\\\?\\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\\p.vhdx");
        // Long and short names that only look like devices.
        followed(Kind.RELATIVE, "", List.of("console.vhdx"), "console.vhdx");
        followed(Kind.RELATIVE, "", List.of("com10.vhdx"), "com10.vhdx");
        followed(Kind.RELATIVE, "", List.of("..p.vhdx"), "..p.vhdx");
    }

    @Test
    void pathsThatAreNeverFollowed() {
        refused(
                "another host",
                "\\\\server\\share",
                "//server/p.vhdx",
                "\\\\?\\UNC\\server\\share",
                "\\\\?/UNC/server/p");
        refused("another host", "\\\\server\\share\\..\\p.vhdx", "\\\\server\\share\\CON", "\\\\\\\\a:b\\c\\d");
        refused("names a device", "\\\\.\\PhysicalDrive0", "\\\\?\\GLOBALROOT\\Device\\x", "\\\\?\\Volume{x}");
        refused(
                "names a device",
                "NUL",
                "con.vhdx",
                "dir\\COM1",
                "lpt9 .vhdx",
                " lpt9",
                "nul.a\u2028b",
                "C:\\aux\\p.vhdx",
                "conout$");
        refused("alternate stream", "p.vhdx:other", "C:p.vhdx", "dir:x\\p.vhdx", "p.vhdx::$DATA", "\\\\?\\C:\\p:x");
        refused("root of some drive", "\\p.vhdx", "/etc/passwd");
        refused("names no file", "", ".", ".\\", "..", "dir\\..", "C:\\");
        refused("goes up", "C:\\VMs\\..\\p.vhdx", "\\\\?\\C:\\..\\p.vhdx");
        refused("dot or a blank", "p.vhdx.", "p.vhdx ", "dir.\\p.vhdx", "...\\p.vhdx", ".. \\p.vhdx");
        refused("characters", "p\uFFFD.vhdx", "p?.vhdx", "a|b", "a\u0001b", "a*");
    }

    @Test
    void nameOfTheFile() {
        assertEquals(
                "p.vhdx",
                WindowsPath.parse("\\\\server\\share\\p.vhdx").fileName().orElseThrow());
        assertEquals(
                "p.vhdx", WindowsPath.parse("C:\\VMs\\..\\p.vhdx").fileName().orElseThrow());
        assertTrue(WindowsPath.parse("dir\\..").fileName().isEmpty());
        assertTrue(WindowsPath.parse("dir\\p.vhdx:s").fileName().isEmpty());
        assertTrue(WindowsPath.parse("").fileName().isEmpty());
    }
}
