package io.varve.store.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A field of another type or outside its bounds is corrupt data, and the message has its name and what it holds. */
class JsonFieldsTest {
    private static JsonFields fields(ObjectNode json) throws CorruptDataException {
        return SealedJson.decode(SealedJson.encode(json), "x.json");
    }

    private static void refused(String path, String found, Executable read) {
        CorruptDataException e = assertThrows(CorruptDataException.class, read, path);
        assertTrue(e.expected().endsWith(" at '" + path + "'"), e.getMessage());
        assertEquals(found, e.found());
        assertEquals("x.json", e.file());
    }

    @Test
    void missingFieldsAreNamed() throws CorruptDataException {
        JsonFields json = fields(SealedJson.newObject());
        refused("a", "nothing", () -> json.text("a"));
        refused("a", "nothing", () -> json.number("a", 0, 1));
        refused("a", "nothing", () -> json.decimal("a"));
        refused("a", "nothing", () -> json.flag("a"));
        refused("a", "nothing", () -> json.time("a"));
        refused("a", "nothing", () -> json.uuid("a"));
        refused("a", "nothing", () -> json.id("a"));
        refused("a", "nothing", () -> json.object("a"));
        refused("a", "nothing", () -> json.objects("a"));
        assertEquals(Optional.empty(), json.optionalText("a"));
        assertEquals(Optional.empty(), json.optionalUuid("a"));
        assertTrue(json.optionalObject("a").isEmpty());
    }

    @Test
    void otherTypesAreNamed() throws CorruptDataException {
        JsonFields json = fields(SealedJson.newObject()
                .put("number", 5)
                .put("text", "x")
                .put("flag", true)
                .put("fraction", 1.5)
                .put("huge", BigInteger.TWO.pow(64)));
        refused("number", "5", () -> json.text("number"));
        refused("number", "5", () -> json.optionalText("number"));
        refused("number", "5", () -> json.flag("number"));
        refused("number", "5", () -> json.object("number"));
        refused("number", "5", () -> json.optionalObject("number"));
        refused("number", "5", () -> json.objects("number"));
        refused("text", "\"x\"", () -> json.number("text", 0, 9));
        refused("text", "\"x\"", () -> json.decimal("text"));
        refused("text", "\"x\"", () -> json.time("text"));
        refused("text", "\"x\"", () -> json.uuid("text"));
        refused("text", "\"x\"", () -> json.optionalUuid("text"));
        refused("text", "\"x\"", () -> json.id("text"));
        refused("flag", "true", () -> json.number("flag", 0, 9));
        refused("fraction", "1.5", () -> json.number("fraction", 0, 9));
        refused("huge", "18446744073709551616", () -> json.number("huge", Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void numbersOutsideTheirBoundsAreNamed() throws CorruptDataException {
        JsonFields json = fields(SealedJson.newObject().put("n", 10));
        assertEquals(10, json.number("n", 10, 10));
        refused("n", "10", () -> json.number("n", 0, 9));
        refused("n", "10", () -> json.number("n", 11, 20));
    }

    @Test
    void insideObjectsAndListsThePathIsNamed() throws CorruptDataException {
        ObjectNode json = SealedJson.newObject();
        json.putObject("outer").putObject("inner").put("a", 1);
        json.putArray("list").addObject().put("a", "x");
        json.withArray("list").addObject().put("a", 1);
        json.putArray("mixed").addObject();
        json.withArray("mixed").add(5);
        JsonFields fields = fields(json);
        refused(
                "outer.inner.a",
                "1",
                () -> fields.object("outer").object("inner").text("a"));
        assertEquals("x", fields.objects("list").get(0).text("a"));
        refused("list[1].a", "1", () -> fields.objects("list").get(1).text("a"));
        refused("mixed", "[{},5]", () -> fields.objects("mixed"));
    }

    @Test
    void soundFieldsAreRead() throws CorruptDataException {
        UUID uuid = new UUID(1, 2);
        JsonFields json = fields(SealedJson.newObject()
                .put("time", "2026-11-21T02:00:00.123Z")
                .put("uuid", uuid.toString())
                .put("flag", false)
                .put("decimal", 0.5)
                .put("id", "ab".repeat(32)));
        assertEquals(Instant.parse("2026-11-21T02:00:00.123Z"), json.time("time"));
        assertEquals(Optional.of(uuid), json.optionalUuid("uuid"));
        assertEquals(false, json.flag("flag"));
        assertEquals(0.5, json.decimal("decimal"));
        assertEquals("ab".repeat(32), json.id("id").hex());
    }
}
