package io.varve.tools.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.engine.Cancellation;
import io.varve.tools.configuration.Configuration;
import io.varve.tools.document.CommandEntry;
import io.varve.tools.document.DocumentSchema;
import io.varve.tools.document.DocumentWriter;
import io.varve.tools.document.Prints;
import io.varve.tools.document.ProgressDocument;
import io.varve.tools.document.SchemaDocument;
import io.varve.tools.document.SchemasDocument;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Print the JSON Schema of what a command prints with --json.",
            "",
            "Without COMMAND, list the commands. docs/json.md has the same as text. 'varve schema progress' is about"
                    + " the lines of --progress json. 'varve schema config' is about configuration files, for editors;"
                    + " that of job files is 'varve nightly --schema'."
        },
        footer = {"", "  varve schema backup", "  varve schema key add"})
@Prints({SchemasDocument.class, SchemaDocument.class})
public final class SchemaCommand extends CommonOptions {
    private static final String CONFIGURATION = "config";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command, in one or more words.")
    private List<String> words = new ArrayList<>();

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        Map<String, CommandSpec> commands = printing(spec.root().commandLine());
        if (words.isEmpty()) {
            list(commands, output);
            return;
        }
        String name = String.join(" ", words);
        if (name.equals(ProgressDocument.TYPE)) {
            print(DocumentSchema.ofLine("--progress json", ProgressDocument.class), output);
            return;
        }
        if (name.equals(CONFIGURATION)) {
            String text = Configuration.schema();
            output.line("%s", text.stripTrailing());
            JsonNode schema = new JsonMapper().readTree(text);
            output.document(() -> new SchemaDocument(schema));
            return;
        }
        CommandSpec command = commands.get(name);
        if (command == null) {
            throw new UsageException("no command '" + name + "' prints a document; 'varve schema' lists those that do");
        }
        print(DocumentSchema.of(command.qualifiedName(), List.of(prints(command).value())), output);
    }

    private static void print(ObjectNode schema, Output output) {
        output.document(() -> new SchemaDocument(schema));
        output.line("%s", DocumentWriter.text(schema));
    }

    private static void list(Map<String, CommandSpec> commands, Output output) {
        List<String[]> rows = new ArrayList<>();
        List<CommandEntry> entries = new ArrayList<>();
        rows.add(new String[] {"COMMAND", "DESCRIPTION"});
        commands.forEach((name, command) -> {
            String description = command.usageMessage().description()[0];
            rows.add(new String[] {name, description});
            entries.add(new CommandEntry(name, description));
        });
        String lines = "Progress of a long command: each line of --progress json.";
        rows.add(new String[] {ProgressDocument.TYPE, lines});
        entries.add(new CommandEntry(ProgressDocument.TYPE, lines));
        String files = "Configuration files, for editors.";
        rows.add(new String[] {CONFIGURATION, files});
        entries.add(new CommandEntry(CONFIGURATION, files));
        output.document(() -> new SchemasDocument(entries));
        output.line("%s", Table.of(rows));
    }

    /** Returns the commands that print a document, by the words typed after {@code varve}. */
    public static Map<String, CommandSpec> printing(CommandLine root) {
        Map<String, CommandSpec> commands = new TreeMap<>();
        collect(root, "", commands);
        return commands;
    }

    private static void collect(CommandLine above, String before, Map<String, CommandSpec> commands) {
        above.getSubcommands().values().stream().distinct().forEach(command -> {
            String name = before + command.getCommandName();
            if (prints(command.getCommandSpec()) != null) {
                commands.put(name, command.getCommandSpec());
            }
            collect(command, name + " ", commands);
        });
    }

    /** Returns the annotation, or null for a command that only has subcommands. */
    private static Prints prints(CommandSpec command) {
        return command.userObject().getClass().getAnnotation(Prints.class);
    }
}
