package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SafeNameTest {
    private static String safe(String name) {
        return new SafeName().of(name);
    }

    @Test
    void harmlessNamesStay() {
        for (String name :
                List.of("machine.xml", "6F1D1C5E-0000.vmcx", "a b (2).txt", "l\u00e4nge", "x", "{1}=2,+@_")) {
            assertEquals(name, safe(name));
        }
    }

    @Test
    void whatLeadsElsewhereIsEscaped() {
        assertEquals("%2E.%2Fetc%2Fpasswd", safe("../etc/passwd"));
        assertEquals("%2E%2E", safe(".."));
        assertEquals("%2E", safe("."));
        assertEquals("C%3A%5Cx", safe("C:\\x"));
        assertEquals("a%3Astream", safe("a:stream"));
        assertEquals("a%00b%0A", safe("a\0b\n"));
        assertEquals("end%2E", safe("end."));
        assertEquals("end%20", safe("end "));
        assertEquals("100%25", safe("100%"));
        assertEquals("%2Ehidden", safe(".hidden"));
        assertEquals("%", safe(""));
    }

    @Test
    void devicesOfWindowsAreNone() {
        for (String name : List.of("con", "NUL.txt", "Com1", "LPT9.x.y", "aux .txt", "COM\u00b9", "CONOUT$")) {
            assertTrue(safe(name).startsWith("%"), safe(name));
        }
        assertEquals("console", safe("console"));
        assertEquals("COM10", safe("COM10"));
    }

    /** Whatever the names are: each is the name of one file, in one folder, anywhere. */
    @Test
    void anyNames() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        SafeName names = new SafeName();
        Set<String> given = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(random.nextInt(10) == 0 ? 256 : 6); length > 0; length--) {
                name.appendCodePoint(
                        random.nextBoolean() ? "./\\:aA %".charAt(random.nextInt(8)) : random.nextInt(0xD800));
            }
            String safe = names.of(name.toString());
            String what = "seed " + seed + ": " + safe;
            assertTrue(given.add(safe.toLowerCase(Locale.ROOT)), what);
            assertTrue(safe.getBytes(StandardCharsets.UTF_8).length <= 210, what);
            assertFalse(safe.isEmpty() || safe.equals(".") || safe.equals(".."), what);
            assertTrue(safe.codePoints().noneMatch(c -> c < ' ' || "/\\:*?\"<>|".indexOf(c) >= 0), what);
            assertFalse(safe.endsWith(".") || safe.endsWith(" ") || safe.startsWith(" "), what);
        }
    }
}
