package io.varve.adapters.hyperv;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a snapshot remembers about its host; the state of the source in its manifest. Immutable.
 *
 * @param host that had the machine
 * @param checkpoint InstanceID of the recovery checkpoint that was read
 * @param point InstanceID of the reference point that it became; empty when the conversion failed
 * @param reading state of the reading way
 * @param files path of each disk's frozen file, by controller and place
 * @param disks GUID of each disk that has one, by controller and place; empty in snapshots of older builds
 */
record NightState(
        String host,
        String checkpoint,
        Optional<String> point,
        Optional<String> reading,
        Map<String, String> files,
        Map<String, String> disks) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String KIND = "hyperv";

    NightState {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        disks = Collections.unmodifiableMap(new LinkedHashMap<>(disks));
    }

    String encode() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("source", KIND);
            json.writeStringField("host", host);
            json.writeStringField("checkpoint", checkpoint);
            if (point.isPresent()) {
                json.writeStringField("referencePoint", point.get());
            }
            if (reading.isPresent()) {
                json.writeStringField("reading", reading.get());
            }
            write(json, "files", files);
            write(json, "disks", disks);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("JSON into memory", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    /** Empty for what another source, or another build, wrote. */
    static Optional<NightState> decode(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        Map<String, String> disks = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.START_OBJECT && (name.equals("files") || name.equals("disks"))) {
                    texts(json, name.equals("files") ? files : disks);
                } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                    fields.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        boolean isOurs = KIND.equals(fields.get("source")) && fields.containsKey("checkpoint");
        return isOurs
                ? Optional.of(new NightState(
                        fields.getOrDefault("host", ""),
                        fields.get("checkpoint"),
                        Optional.ofNullable(fields.get("referencePoint")),
                        Optional.ofNullable(fields.get("reading")),
                        files,
                        disks))
                : Optional.empty();
    }

    private static void texts(JsonParser json, Map<String, String> target) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                target.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
    }
}
