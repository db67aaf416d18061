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
 */
record NightState(
        String host, String checkpoint, Optional<String> point, Optional<String> reading, Map<String, String> files) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String KIND = "hyperv";

    NightState {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
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
            json.writeObjectFieldStart("files");
            for (Map.Entry<String, String> file : files.entrySet()) {
                json.writeStringField(file.getKey(), file.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("JSON into memory", e);
        }
        return text.toString();
    }

    /** Empty for what another source, or another build, wrote. */
    static Optional<NightState> decode(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() == JsonToken.START_OBJECT && name.equals("files")) {
                    texts(json, files);
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
                        files))
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
