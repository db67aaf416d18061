package io.varve.store.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.fault.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedJsonTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CorruptDataException refused(byte[] file, String why) {
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> SealedJson.decode(file, "x.json"), why);
        assertEquals("x.json", e.file());
        return e;
    }

    /** {@code text} with a right digest, whatever else it is. The digest is found by its field. */
    private static byte[] seal(String text) {
        String zeros = "0".repeat(64);
        assertTrue(text.contains(zeros), text);
        return utf8(text.replace(zeros, new ChunkHasher().id(utf8(text)).hex()));
    }

    private static ObjectNode sample() {
        ObjectNode json = SealedJson.newObject()
                .put("name", "Größe \"x\" \\ / \u0001 \u20ac \ud83d\ude00")
                .put("big", Long.MAX_VALUE)
                .put("Zulu", true)
                .put("small", -1)
                .put("share", 0.25);
        json.putNull("nothing");
        json.putObject("empty");
        json.putArray("none");
        json.putArray("list").addObject().put("b", 1).put("a", 2);
        json.withArray("list").addObject();
        json.putArray("numbers").add(1).add(2);
        return json;
    }

    private static final String CANONICAL = """
            {
              "Zulu": true,
              "big": 9223372036854775807,
              "digest": "%s",
              "empty": {},
              "list": [
                {
                  "a": 2,
                  "b": 1
                },
                {}
              ],
              "name": "Größe \\"x\\" \\\\ / \\u0001 € \ud83d\ude00",
              "none": [],
              "nothing": null,
              "numbers": [
                1,
                2
              ],
              "share": 0.25,
              "small": -1
            }
            """;

    @Test
    void canonicalForm() throws CorruptDataException {
        byte[] expected = seal(CANONICAL.formatted("0".repeat(64)));
        assertEquals(
                new String(expected, StandardCharsets.UTF_8),
                new String(SealedJson.encode(sample()), StandardCharsets.UTF_8));
        JsonFields fields = SealedJson.decode(expected, "x.json");
        assertEquals(Long.MAX_VALUE, fields.number("big", 0, Long.MAX_VALUE));
        assertEquals(sample().get("name").textValue(), fields.text("name"));
    }

    @Test
    void encodingLeavesItsInputAlone() {
        ObjectNode content = sample();
        SealedJson.encode(content);
        assertEquals(sample(), content);
    }

    @Test
    void everyFlippedBitIsFound() {
        byte[] sound = SealedJson.encode(sample());
        for (int offset = 0; offset < sound.length; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = sound.clone();
                damaged[offset] = (byte) (damaged[offset] ^ (1 << bit));
                refused(damaged, "bit " + bit + " at " + offset);
            }
        }
    }

    @Test
    void everyTruncationIsFound() {
        byte[] sound = SealedJson.encode(sample());
        for (int length = 0; length < sound.length; length++) {
            refused(Arrays.copyOf(sound, length), "cut at " + length);
        }
        refused(Arrays.copyOf(sound, sound.length + 1), "a zero byte behind");
        byte[] twice = Arrays.copyOf(sound, 2 * sound.length);
        System.arraycopy(sound, 0, twice, sound.length, sound.length);
        refused(twice, "the file twice");
    }

    /** Right digests over other spellings of the same content: one content, one file. */
    @Test
    void otherSpellingsAreRefused() throws CorruptDataException {
        String digest = "\"digest\": \"" + "0".repeat(64) + "\"";
        assertEquals(
                1,
                SealedJson.decode(seal("{\n  \"a\": 1,\n  " + digest + "\n}\n"), "x.json")
                        .number("a", 1, 1),
                "the spelling from which the others differ in one thing");
        String[] others = {
            "{\n  " + digest + ",\n  \"a\": 1\n}\n",
            "{\n  \"a\": 1,\n  " + digest + "\n}",
            "{\n  \"a\": 1,\n  " + digest + "\n}\n\n",
            "{\n  \"a\": 1,\n  " + digest + "\n} \n",
            "{\r\n  \"a\": 1,\r\n  " + digest + "\r\n}\r\n",
            "{\n  \"a\" : 1,\n  " + digest + "\n}\n",
            "{\n  \"a\":1,\n  " + digest + "\n}\n",
            "{\n\t\"a\": 1,\n\t" + digest + "\n}\n",
            "{\"a\": 1, " + digest + "}\n",
            "{\n  \"\\u0061\": 1,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1.0e0,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1.00,\n  " + digest + "\n}\n",
            "{\n  \"a\": -0,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1,\n  \"b\": [ ],\n  " + digest + "\n}\n",
            "{\n  \"a\": \"\\/\",\n  " + digest + "\n}\n",
            "{\n  \"a\": \"\\u20AC\",\n  " + digest + "\n}\n",
            "{\n  \"a\": \"\\ud800\",\n  " + digest + "\n}\n",
            "\ufeff{\n  \"a\": 1,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1,\n  \"a\": 1,\n  " + digest + "\n}\n",
            "{\n  // comment\n  \"a\": 1,\n  " + digest + "\n}\n",
            "{\n  \"a\": NaN,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1e999999999,\n  " + digest + "\n}\n",
            "{\n  'a': 1,\n  " + digest + "\n}\n",
            "{\n  \"a\": 01,\n  " + digest + "\n}\n",
            "{\n  \"a\": 1,\n  " + digest + ",\n}\n",
        };
        for (String other : others) {
            refused(seal(other), other);
        }
    }

    @Test
    void otherEncodingsAreRefused() {
        String text = "{\n  \"digest\": \"" + "0".repeat(64) + "\"\n}\n";
        refused(text.getBytes(StandardCharsets.UTF_16LE), "UTF-16");
        refused(text.getBytes(StandardCharsets.UTF_16), "UTF-16 with a mark");
        refused(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}', '\n'}, "no UTF-8");
        refused(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}', '\n'}, "overlong");
    }

    @Test
    void whatIsNoObjectWithADigestIsRefused() {
        for (String text : new String[] {"", " ", "\n", "null\n", "1\n", "[]\n", "\"x\"\n", "{}\n", "{", "}", "nul"}) {
            refused(utf8(text), text);
        }
        refused(utf8("{\n  \"digest\": 5\n}\n"), "a number for a digest");
        refused(utf8("{\n  \"digest\": \"\"\n}\n"), "an empty digest");
        refused(utf8("{\n  \"digest\": \"" + "0".repeat(64) + "\"\n}\n"), "unsealed");
        String upper = new String(SealedJson.encode(sample()), StandardCharsets.UTF_8);
        int at = upper.indexOf("\"digest\": \"") + 11;
        refused(
                utf8(upper.substring(0, at)
                        + upper.substring(at, at + 64).toUpperCase(java.util.Locale.ROOT)
                        + upper.substring(at + 64)),
                "upper-case digits");
    }

    private static ObjectNode nested(int depth) {
        ObjectNode json = SealedJson.newObject();
        ObjectNode at = json;
        for (int level = 1; level < depth; level++) {
            at = at.putObject("a");
        }
        return json;
    }

    @Test
    void nestingIsBounded() throws CorruptDataException {
        assertTrue(SealedJson.decode(SealedJson.encode(nested(32)), "x.json")
                .tree()
                .has("a"));
        refused(SealedJson.encode(nested(33)), "33 levels");
        refused(utf8("{\"a\":".repeat(1_000_000)), "a million objects");
        refused(utf8("[".repeat(1_000_000)), "a million lists");
    }

    @Test
    void hugeNumbersAndNamesAreRefused() {
        refused(utf8("{\"a\": " + "9".repeat(1_000_000) + "}"), "a million digits");
        refused(utf8("{\"" + "a".repeat(1_000_000) + "\": 1}"), "a million letters");
    }

    @Test
    void moreThan16MiBAreRefused() throws CorruptDataException {
        ObjectNode json = SealedJson.newObject().put("a", "").put("b", "");
        int frame = SealedJson.encode(json).length;
        byte[] largest = SealedJson.encode(
                json.put("a", "x".repeat(8 << 20)).put("b", "y".repeat(SealedJson.MAX_SIZE - (8 << 20) - frame)));
        assertEquals(SealedJson.MAX_SIZE, largest.length);
        assertEquals(8 << 20, SealedJson.decode(largest, "x.json").text("a").length());
        refused(Arrays.copyOf(largest, largest.length + 1), "one byte more");
        // What would be refused on reading must not be written either.
        json.put("a", "x".repeat((8 << 20) + 1));
        assertThrows(IllegalArgumentException.class, () -> SealedJson.encode(json));
    }
}
