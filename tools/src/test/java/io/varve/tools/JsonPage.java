package io.varve.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.document.DocumentSchema;
import io.varve.tools.document.ProgressDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/json.md}: every document and every field, made from the schemas of the commands. */
final class JsonPage {
    private static final String HEAD = """
            # JSON output

            With `--json` a command prints one document to standard output, also when it fails. This page names
            every field; `varve schema COMMAND` prints the same as JSON Schema (draft 2020-12). It is made from the
            program: do not edit it.

            One name means one thing in every document:

            * A list has a plural name and holds objects of one kind: `snapshots` are always snapshots.
            * A number of things is `…Count`. Sizes are plain integers in bytes: `…Bytes`, `size`, `offset`,
              `length`. Durations are in seconds: `seconds`, `…Seconds`. Times are UTC: `…At`, `…Since`.
            * An object's own id is `id`; the id of another thing is `…Id`, several are `…Ids`.
            * What is unknown or does not apply is absent. Nothing is null, and no number is negative.
            * Fields may be added in later versions; none changes its meaning.

            A field marked *optional* may be absent, for the reason given. A command that failed before it had a
            document prints only the common fields; one that failed later prints the document as far as it came.
            """;

    private final StringBuilder text = new StringBuilder(HEAD);
    private final Map<String, JsonNode> shared = new TreeMap<>();

    private JsonPage() {}

    static String text() {
        return new JsonPage().page();
    }

    private String page() {
        text.append("\n## Common fields\n\n");
        JsonNode any = DocumentSchema.of("init", Schemas.forms("init")).path("$defs");
        JsonNode common = any.path("Failed");
        table(common, List.of("result"), List.of());
        List<String> commonFields = new ArrayList<>();
        common.path("properties").fieldNames().forEachRemaining(commonFields::add);
        text.append("\n## Documents\n");
        Schemas.commands().keySet().forEach(command -> command(command, commonFields));
        text.append("\n## Progress\n\n");
        JsonNode line = DocumentSchema.ofLine("progress", ProgressDocument.class);
        text.append(line.path("description").asText()).append("\n\n");
        table(line, required(line), List.of());
        text.append("\n## Objects in documents\n");
        shared.forEach((name, definition) -> {
            text.append("\n### ").append(name).append("\n\n");
            text.append(definition.path("description").asText()).append("\n\n");
            table(definition, required(definition), List.of());
        });
        return text.toString();
    }

    private void command(String command, List<String> common) {
        JsonNode schema = DocumentSchema.of("varve " + command, Schemas.forms(command));
        text.append("\n### varve ").append(command).append('\n');
        schema.path("anyOf").forEach(form -> {
            String name = name(form.path("$ref").asText());
            JsonNode definition = schema.path("$defs").path(name);
            if (!name.equals("Failed")) {
                text.append('\n')
                        .append(definition.path("description").asText())
                        .append("\n\n");
                table(definition, required(definition), common);
            }
        });
        schema.path("$defs").properties().forEach(entry -> {
            if (!entry.getKey().equals("Failed") && !entry.getKey().endsWith("Document")) {
                shared.put(entry.getKey(), entry.getValue());
            }
        });
    }

    private static List<String> required(JsonNode definition) {
        List<String> names = new ArrayList<>();
        definition.path("required").forEach(name -> names.add(name.asText()));
        return names;
    }

    private void table(JsonNode definition, List<String> required, List<String> leftOut) {
        text.append("| field | type | meaning |\n| --- | --- | --- |\n");
        definition.path("properties").properties().forEach(field -> {
            if (!leftOut.contains(field.getKey())) {
                text.append("| `").append(field.getKey()).append("` | ");
                text.append(type(field.getValue()));
                text.append(required.contains(field.getKey()) ? "" : ", *optional*");
                text.append(" | ").append(field.getValue().path("description").asText());
                if (field.getValue().has("enum")) {
                    List<String> words = new ArrayList<>();
                    field.getValue().path("enum").forEach(word -> words.add("`" + word.asText() + "`"));
                    text.append(". One of ").append(String.join(", ", words));
                }
                text.append(" |\n");
            }
        });
    }

    private static String type(JsonNode field) {
        if (field.has("$ref")) {
            String name = name(field.path("$ref").asText());
            return "[" + name + "](#" + name.toLowerCase(java.util.Locale.ROOT) + ")";
        }
        String type = field.path("type").asText();
        return switch (field.path("format").asText(type)) {
            case "array" -> "list of " + type(field.path("items"));
            case "date-time" -> "time";
            case "uuid" -> "GUID";
            default -> type;
        };
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }
}
