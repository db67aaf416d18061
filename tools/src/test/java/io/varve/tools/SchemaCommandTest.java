package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.tools.document.DocumentSchema;
import io.varve.tools.document.ProgressDocument;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command with {@code --json} has a schema that says every field, and one name means one thing everywhere. */
class SchemaCommandTest {
    @Test
    void everyCommandWithJsonHasADocument() {
        List<String> without = new ArrayList<>();
        collect(Varve.withSubcommands("schema"), "", without);
        assertEquals(List.of(), without);
        assertTrue(Schemas.commands().size() >= 36, "" + Schemas.commands().keySet());
    }

    private static void collect(CommandLine above, String before, List<String> without) {
        above.getSubcommands().values().forEach(command -> {
            String name = before + command.getCommandName();
            boolean json = command.getCommandSpec().findOption("--json") != null;
            if (json && !Schemas.commands().containsKey(name)) {
                without.add(name);
            }
            collect(command, name + " ", without);
        });
    }

    /** Its fields alone, without words about them. */
    private static JsonNode bare(JsonNode field) {
        ObjectNode copy = field.deepCopy();
        copy.remove(List.of("description", "enum"));
        return copy;
    }

    @FunctionalInterface
    private interface FieldVisitor {
        /** @param definition name of the object that the field is in */
        void field(String command, String definition, Map.Entry<String, JsonNode> field);
    }

    private static void forEachField(FieldVisitor visitor) {
        DocumentSchema.ofLine("progress", ProgressDocument.class)
                .path("properties")
                .properties()
                .forEach(field -> visitor.field("--progress json", "Progress", field));
        for (String command : Schemas.commands().keySet()) {
            DocumentSchema.of(command, Schemas.forms(command))
                    .path("$defs")
                    .properties()
                    .forEach(definition -> definition
                            .getValue()
                            .path("properties")
                            .properties()
                            .forEach(field -> visitor.field(command, definition.getKey(), field)));
        }
    }

    @Test
    void noNameHasTwoTypes() {
        Map<String, JsonNode> types = new TreeMap<>();
        List<String> clashes = new ArrayList<>();
        forEachField((command, definition, field) -> {
            JsonNode type = bare(field.getValue());
            JsonNode before = types.putIfAbsent(field.getKey(), type);
            if (before != null && !before.equals(type)) {
                clashes.add(
                        command + ": " + definition + "." + field.getKey() + " is " + type + ", elsewhere " + before);
            }
        });
        assertEquals(List.of(), clashes);
        assertTrue(types.size() > 150, types.size() + " names");
    }

    /** A number of things is a count, a list is in the plural, an id says whose it is. */
    @Test
    void namesFollowTheRule() {
        List<String> offences = new ArrayList<>();
        forEachField((command, definition, field) -> {
            String name = field.getKey();
            String type = field.getValue().path("type").asText();
            boolean count = name.endsWith("Count");
            boolean list = type.equals("array");
            boolean plural = name.endsWith("s") || List.of("unlisted").contains(name);
            if (count && !type.equals("integer")
                    || list && !plural
                    || name.endsWith("Ids") && !list
                    || name.endsWith("Bytes") && !type.equals("integer")) {
                offences.add(command + ": " + definition + "." + name + ": " + type);
            }
        });
        assertEquals(List.of(), offences);
    }

    @Test
    void printsTheSchemaOfACommand(@TempDir Path scratch) throws IOException {
        JsonNode schema = Cli.run("schema", "key", "add").expect(ExitCode.DONE).json();
        assertEquals("varve key add --json", schema.path("title").asText());
        assertEquals(
                "https://json-schema.org/draft/2020-12/schema",
                schema.path("$schema").asText());
        assertEquals(
                schema,
                Cli.run("schema", "--json", "key", "add")
                        .expect(ExitCode.DONE)
                        .json()
                        .path("schema"));
        assertTrue(Cli.run("schema").expect(ExitCode.DONE).out().contains("key add"));
        assertEquals(
                Schemas.commands().size() + 2, // and progress, and config
                Cli.run("schema", "--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .path("commands")
                        .size());
        assertTrue(Cli.run("schema", "nothing").expect(ExitCode.USAGE).err().contains("'varve schema' lists"));
    }

    @Test
    void printsTheSchemaOfProgressLines() throws IOException {
        JsonNode schema = Cli.run("schema", "progress").expect(ExitCode.DONE).json();
        assertEquals("--progress json", schema.path("title").asText());
        assertEquals("progress", schema.at("/properties/type/enum/0").asText());
        assertFalse(Schemas.progressFaults("{\"type\":\"progress\"}").isEmpty(), "most fields are missing");
    }

    /** The check that every test's documents go through notices what it is for. */
    @Test
    void aDocumentThatIsNotAsTheSchemaSaysIsNoticed(@TempDir Path scratch) {
        String good = Cli.run("init", "--json", "-r", scratch.resolve("r")).out();
        assertEquals(List.of(), Schemas.faults("init", good));
        assertFalse(Schemas.faults("init", good.replace("blockSize", "blocks")).isEmpty(), "another name");
        assertFalse(Schemas.faults("init", good.replace("65536", "-1")).isEmpty(), "a number that stands for unknown");
        assertFalse(Schemas.faults("init", good.replace("false", "null")).isEmpty(), "null");
        assertFalse(Schemas.faults("init", good.replace("65536", "\"64 KiB\"")).isEmpty(), "another type");
        assertFalse(
                Schemas.faults("init", good.replace("\"result\"", "\"more\" : 1, \"result\""))
                        .isEmpty(),
                "more");
        assertFalse(Schemas.faults("gc", good).isEmpty(), "another command's");
        assertFalse(Schemas.faults("init", good + " x").isEmpty(), "not JSON");
    }
}
