package io.varve.tools.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/** Writes documents as JSON. Each component of a record becomes a field; absent ones are omitted. */
public final class DocumentWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private DocumentWriter() {}

    /**
     * Writes a document.
     *
     * @param document empty if the command failed before it had one
     */
    public static String text(Optional<? extends Record> document, CommonFields common) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = generator(text, new DefaultPrettyPrinter())) {
            json.writeStartObject();
            if (document.isPresent()) {
                fields(document.get(), json);
            }
            fields(common, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be written", e);
        }
        return text.toString();
    }

    /** Writes a document on one line, without common fields. */
    public static String line(Record document) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = MAPPER.createGenerator(text)) {
            value(document, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be written", e);
        }
        return text.toString();
    }

    /** Writes any JSON in the same form. */
    public static String text(JsonNode node) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = generator(text, new DefaultPrettyPrinter())) {
            json.writeTree(node);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be written", e);
        }
        return text.toString();
    }

    private static JsonGenerator generator(Writer to, DefaultPrettyPrinter printer) throws IOException {
        return MAPPER.createGenerator(to).setPrettyPrinter(printer);
    }

    private static void fields(Record document, JsonGenerator json) throws IOException {
        for (RecordComponent component : document.getClass().getRecordComponents()) {
            Object value = Fields.value(component, document);
            if (value != null) {
                json.writeFieldName(component.getName());
                value(value, json);
            }
        }
    }

    private static void value(Object value, JsonGenerator json) throws IOException {
        if (value instanceof Record record) {
            json.writeStartObject();
            fields(record, json);
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                value(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof JsonNode node) {
            json.writeTree(node);
        } else {
            json.writeString(value.toString()); // texts, times and GUIDs
        }
    }
}
