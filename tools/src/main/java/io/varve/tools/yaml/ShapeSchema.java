package io.varve.tools.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.tools.yaml.Shape.Kind;
import io.varve.tools.yaml.Shape.ListOf;
import io.varve.tools.yaml.Shape.Scalar;
import io.varve.tools.yaml.Shape.Section;
import java.util.List;
import java.util.Locale;

/** A shape as JSON Schema (2020-12), for editors. */
public final class ShapeSchema {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ShapeSchema() {}

    /** @param title title of the schema */
    public static String of(Section shape, String title) {
        ObjectNode root = JsonNodeFactory.instance
                .objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", title);
        write(shape, root);
        try {
            return MAPPER.writeValueAsString(root).replace("\r\n", "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }

    private static void write(Shape shape, ObjectNode json) {
        if (shape instanceof Scalar scalar) {
            write(scalar, json);
        } else if (shape instanceof ListOf list) {
            json.put("type", "array").put("minItems", 1);
            write(list.element(), json.putObject("items"));
        } else {
            write((Section) shape, json);
        }
    }

    private static void write(Scalar scalar, ObjectNode json) {
        List<String> kinds = scalar.kinds().stream()
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
        if (kinds.size() == 1) {
            json.put("type", kinds.get(0));
        } else {
            ArrayNode types = json.putArray("type");
            kinds.forEach(types::add);
        }
        if (!scalar.words().isEmpty()) {
            ArrayNode words = json.putArray("enum");
            scalar.words().forEach(words::add);
        }
        if (!scalar.pattern().isEmpty()) {
            json.put("pattern", "^(?:" + scalar.pattern() + ")$");
        }
        if (scalar.kinds().contains(Kind.INTEGER) || scalar.kinds().contains(Kind.NUMBER)) {
            json.put("minimum", scalar.least()).put("maximum", scalar.most());
        }
    }

    private static void write(Section section, ObjectNode json) {
        json.put("type", "object").put("additionalProperties", false);
        ObjectNode properties = json.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        for (Shape.Key key : section.keys()) {
            ObjectNode property = properties.putObject(key.name()).put("description", key.description());
            write(key.shape(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        if (!required.isEmpty()) {
            json.set("required", required);
        }
        if (!section.exactlyOne().isEmpty()) {
            ArrayNode alternatives = json.putArray("oneOf");
            section.exactlyOne()
                    .forEach(name ->
                            alternatives.addObject().putArray("required").add(name));
        }
    }
}
