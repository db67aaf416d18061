package io.varve.store.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the fields of a JSON object. A field of the wrong type gives a {@code CorruptDataException} that names it. */
public final class JsonFields {
    private static final int MOST_SHOWN = 100;

    private final ObjectNode object;
    private final String file;
    private final String path;

    JsonFields(ObjectNode object, String file) {
        this(object, file, "");
    }

    private JsonFields(ObjectNode object, String file, String path) {
        this.object = object;
        this.file = file;
        this.path = path;
    }

    public String file() {
        return file;
    }

    /** The whole object, for printing. Must not be changed. */
    public ObjectNode tree() {
        return object;
    }

    /** Returns the exception for a field that has the right type and an invalid value. */
    public CorruptDataException wrong(String name, String expected) {
        JsonNode found = object.get(name);
        return new CorruptDataException(
                file, -1, expected + " at '" + path + name + "'", found == null ? "nothing" : shown(found));
    }

    /** A value in a message: what a hostile file says may be long. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    public String text(String name) throws CorruptDataException {
        JsonNode value = object.get(name);
        if (value == null || !value.isTextual()) {
            throw wrong(name, "a text");
        }
        return value.textValue();
    }

    /** Empty for {@code null} and for a missing field. */
    public Optional<String> optionalText(String name) throws CorruptDataException {
        return isAbsent(name) ? Optional.empty() : Optional.of(text(name));
    }

    /** Whether the field is missing or {@code null}. */
    public boolean isAbsent(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull();
    }

    public long number(String name, long least, long most) throws CorruptDataException {
        JsonNode value = object.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        long number = value.longValue();
        if (number < least || number > most) {
            throw wrong(name, "a number from " + least + " to " + most);
        }
        return number;
    }

    public double decimal(String name) throws CorruptDataException {
        JsonNode value = object.get(name);
        if (value == null || !value.isNumber()) {
            throw wrong(name, "a number");
        }
        return value.doubleValue();
    }

    public boolean flag(String name) throws CorruptDataException {
        JsonNode value = object.get(name);
        if (value == null || !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    public Instant time(String name) throws CorruptDataException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw wrong(name, "a time such as 2026-11-21T02:00:00Z");
        }
    }

    public UUID uuid(String name) throws CorruptDataException {
        try {
            UUID uuid = UUID.fromString(text(name));
            if (uuid.toString().equals(text(name))) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // As every other that is not written as a GUID is.
        }
        throw wrong(name, "a GUID of 36 lower-case characters");
    }

    public Optional<UUID> optionalUuid(String name) throws CorruptDataException {
        return isAbsent(name) ? Optional.empty() : Optional.of(uuid(name));
    }

    public ChunkId id(String name) throws CorruptDataException {
        try {
            return ChunkId.parse(text(name));
        } catch (IllegalArgumentException e) {
            throw wrong(name, "64 lower-case hexadecimal digits");
        }
    }

    public JsonFields object(String name) throws CorruptDataException {
        if (!(object.get(name) instanceof ObjectNode child)) {
            throw wrong(name, "an object");
        }
        return new JsonFields(child, file, path + name + ".");
    }

    public Optional<JsonFields> optionalObject(String name) throws CorruptDataException {
        return isAbsent(name) ? Optional.empty() : Optional.of(object(name));
    }

    public List<JsonFields> objects(String name) throws CorruptDataException {
        if (!(object.get(name) instanceof ArrayNode array)) {
            throw wrong(name, "a list");
        }
        List<JsonFields> children = new ArrayList<>();
        for (JsonNode element : array) {
            if (!(element instanceof ObjectNode child)) {
                throw wrong(name, "a list of objects");
            }
            children.add(new JsonFields(child, file, path + name + "[" + children.size() + "]."));
        }
        return children;
    }
}
