package io.varve.store.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.fault.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damage to a file is told in Varve's words: where, what was expected, what was found. */
class BrokenJsonTest {
    private static final String[] WORDS_OF_THE_PARSER = {
        "jackson", "fasterxml", "unrecognized", "token", "reference chain", "unexpected", "[source", "was expecting",
        "exception", "objectnode", "deserializ", "json string", "illegal", "ctrl-char", "utf-32", "surrogate"
    };

    private static final byte[] SOUND = SealedJson.encode(
            SealedJson.newObject().put("größe", 12.5).put("name", "a\"b").put("yes", true));

    private static CorruptDataException refused(byte[] file) {
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> SealedJson.decode(file, "x.json"));
        String message = e.getMessage().toLowerCase(Locale.ROOT);
        for (String word : WORDS_OF_THE_PARSER) {
            assertFalse(message.contains(word), e.getMessage());
        }
        assertTrue(message.contains("x.json"), message);
        return e;
    }

    private static CorruptDataException refused(String file) {
        return refused(file.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whereverItIsCut() {
        for (int length = 0; length < SOUND.length; length++) {
            refused(Arrays.copyOf(SOUND, length));
        }
    }

    @Test
    void whateverByteIsChanged() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < SOUND.length; i++) {
            for (int change : new int[] {1, 0x20, 0x80, random.nextInt(1, 256)}) {
                byte[] file = SOUND.clone();
                file[i] = (byte) (file[i] ^ change);
                refused(file);
            }
        }
        refused(new byte[4096]);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals("the end of the file", refused("{\"a\": [1, 2").found());
        CorruptDataException garbage = refused("{\n  \"a\": garbage\n}");
        assertEquals("something else in line 2", garbage.found());
        assertTrue(garbage.offset() > 8, "" + garbage.offset());
        assertTrue(refused("{\"a\": 1, \"a\": 2}").expected().contains("each field once"));
        assertTrue(refused("{} {}").expected().contains("one JSON object"));
        assertTrue(refused("[".repeat(100) + "]".repeat(100)).expected().contains("levels"));
        assertEquals("[1,2]", refused("[1, 2]").found());
        assertEquals("17", refused("17").found());
        assertEquals("nothing", refused("").found());
        CorruptDataException number = refused("{\"a\": 1" + "0".repeat(2_000) + "}");
        assertTrue(number.getMessage().length() < 300, number.getMessage());
        CorruptDataException digest = refused("{\"digest\": [\"" + "x".repeat(5_000) + "\"]}");
        assertTrue(digest.found().length() < 200, digest.found());
    }
}
