package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.varve.tools.command.SchemaCommand;
import io.varve.tools.document.DocumentSchema;
import io.varve.tools.document.Prints;
import io.varve.tools.document.ProgressDocument;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Model.CommandSpec;

/** Holds what commands print with {@code --json} against their schemas. */
final class Schemas {
    private static final Map<String, CommandSpec> COMMANDS = SchemaCommand.printing(Varve.withSubcommands("schema"));
    private static final Map<String, JsonSchema> COMPILED = new ConcurrentHashMap<>();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private Schemas() {}

    /** By the words that are typed after {@code varve}. */
    static Map<String, CommandSpec> commands() {
        return COMMANDS;
    }

    static List<Class<? extends Record>> forms(String command) {
        return List.of(COMMANDS.get(command)
                .userObject()
                .getClass()
                .getAnnotation(Prints.class)
                .value());
    }

    /** The document of a command line; of one without {@code --json} nothing is asked. */
    static void check(List<String> arguments, String out) {
        List<String> options =
                arguments.stream().takeWhile(argument -> !argument.equals("--")).toList();
        boolean help = options.stream().anyMatch(List.of("--help", "-h", "--version", "-V")::contains);
        if (!options.contains("--json") || help) {
            return;
        }
        String command = command(arguments);
        assertEquals(List.of(), faults(command, out), () -> command + " --json: " + out);
    }

    /** The command that the words begin with; any one when it is none: then only the common fields can be there. */
    private static String command(List<String> arguments) {
        for (int words = Math.min(2, arguments.size()); words > 0; words--) {
            String name = String.join(" ", arguments.subList(0, words)).replace("rct map", "rct query");
            if (COMMANDS.containsKey(name)) {
                return name;
            }
        }
        return "init";
    }

    /** The lines of {@code --progress json}; others on standard error are words. */
    static void checkProgress(List<String> arguments, String err) {
        int option = arguments.indexOf("--progress");
        if (option >= 0 && arguments.get(option + 1).equals("json")) {
            err.lines()
                    .filter(line -> line.startsWith("{"))
                    .forEach(line -> assertEquals(List.of(), progressFaults(line), line));
        }
    }

    static List<String> progressFaults(String line) {
        ObjectNode schema = DocumentSchema.ofLine("--progress json", ProgressDocument.class);
        return faults(COMPILED.computeIfAbsent("--progress", name -> FACTORY.getSchema(schema.toString())), line);
    }

    static List<String> faults(String command, String document) {
        return faults(
                COMPILED.computeIfAbsent(
                        command,
                        name -> FACTORY.getSchema(
                                DocumentSchema.of("varve " + name, forms(name)).toString())),
                document);
    }

    private static List<String> faults(JsonSchema schema, String document) {
        try {
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(document);
        } catch (JsonProcessingException e) {
            return List.of("not JSON: " + e.getMessage());
        }
        Set<ValidationMessage> messages = schema.validate(
                document,
                InputFormat.JSON,
                context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
        return messages.stream().map(Object::toString).toList();
    }
}
