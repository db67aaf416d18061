package io.varve.tools.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * JSON Schema (draft 2020-12) of a command's document, generated from its records. A document has one of the command's
 * forms; if the command failed early, it has only the common fields with an error.
 */
public final class DocumentSchema {
    private static final String FAILED = "Failed";

    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    private DocumentSchema() {}

    /** @param command as typed, such as {@code varve key add} */
    public static ObjectNode of(String command, List<Class<? extends Record>> forms) {
        return new DocumentSchema().schema(command, forms);
    }

    /**
     * Returns the schema of a document that is printed on one line, without the common fields.
     *
     * @param title of the schema: what prints such documents
     */
    public static ObjectNode ofLine(String title, Class<? extends Record> form) {
        ObjectNode schema = object().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", title);
        schema.setAll(new DocumentSchema().record(form));
        return schema;
    }

    private ObjectNode schema(String command, List<Class<? extends Record>> forms) {
        ObjectNode schema = object().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", command + " --json");
        ArrayNode anyOf = schema.putArray("anyOf");
        for (Class<? extends Record> form : forms) {
            ObjectNode top = record(form);
            addFields(CommonFields.class, top);
            definitions.put(name(form) + "Document", top);
            anyOf.add(reference(name(form) + "Document"));
        }
        ObjectNode failed = record(CommonFields.class);
        failed.put("description", "The command failed before it had a document.");
        ((ArrayNode) failed.get("required")).add("error");
        definitions.put(FAILED, failed);
        anyOf.add(reference(FAILED));
        ObjectNode defs = schema.putObject("$defs");
        definitions.forEach(defs::set);
        return schema;
    }

    /** Returns the name of a definition: {@code SnapshotEntry} becomes {@code Snapshot}. */
    static String name(Class<?> record) {
        return record.getSimpleName().replaceAll("(Entry|Document)$", "");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode reference(String name) {
        return object().put("$ref", "#/$defs/" + name);
    }

    private ObjectNode record(Class<?> record) {
        ObjectNode schema = object().put("type", "object")
                .put("description", record.getAnnotation(Says.class).value());
        schema.putObject("properties");
        schema.putArray("required");
        schema.put("additionalProperties", false);
        addFields(record, schema);
        return schema;
    }

    private void addFields(Class<?> record, ObjectNode schema) {
        ObjectNode properties = (ObjectNode) schema.get("properties");
        ArrayNode required = (ArrayNode) schema.get("required");
        for (RecordComponent component : record.getRecordComponents()) {
            Says says = Fields.says(component);
            ObjectNode field = type(Fields.type(component));
            if (says.words().length > 0) {
                ArrayNode words = field.putArray("enum");
                List.of(says.words()).forEach(words::add);
            }
            field.put("description", says.value());
            properties.set(component.getName(), field);
            if (!Fields.isOptional(component)) {
                required.add(component.getName());
            }
        }
    }

    private ObjectNode type(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            ObjectNode schema = object().put("type", "array");
            schema.set("items", type(Fields.argument(list)));
            return schema;
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return object().put("type", "integer").put("minimum", 0); // an unknown number is absent, never -1
        }
        if (type == double.class || type == Double.class) {
            return object().put("type", "number");
        }
        if (type == boolean.class || type == Boolean.class) {
            return object().put("type", "boolean");
        }
        if (type == String.class) {
            return object().put("type", "string");
        }
        if (type == Instant.class) {
            return object().put("type", "string").put("format", "date-time");
        }
        if (type == UUID.class) {
            return object().put("type", "string").put("format", "uuid");
        }
        if (type == JsonNode.class) {
            return object().put("type", "object");
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            String name = name(record);
            if (definitions.putIfAbsent(name, object()) == null) {
                definitions.put(name, record(record));
            }
            return reference(name);
        }
        throw new IllegalStateException("documents have no fields of type " + type);
    }
}
