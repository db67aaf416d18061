package io.varve.tools.completion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What can be typed after a command.
 *
 * @param path the words of the command, without the program; empty for the program itself
 * @param subcommands their descriptions by name
 * @param options in the order of help
 * @param arguments what the arguments are
 */
record CommandWords(String path, Map<String, String> subcommands, List<Option> options, Value arguments) {
    /** What a value is, and so how it is completed. */
    enum Kind {
        /** Nothing can be suggested. */
        TEXT,
        FILE,
        DIRECTORY,
        /** A directory, or a name from a configuration file. */
        REPOSITORY,
        SNAPSHOT,
        MACHINE,
        /** One of several words. */
        WORDS
    }

    /** @param words for {@link Kind#WORDS} only */
    record Value(Kind kind, List<String> words) {
        static final Value NONE = new Value(Kind.TEXT, List.of());

        /** In the scripts: the words with commas between them, or the kind. */
        String code() {
            return kind == Kind.WORDS ? String.join(",", words) : kind.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * An option.
     *
     * @param names with their dashes
     * @param value null for a flag
     * @param description one sentence, in one line
     */
    record Option(List<String> names, Value value, String description) {}

    /** All commands, the program first. */
    static List<CommandWords> of(CommandLine program) {
        List<CommandWords> all = new ArrayList<>();
        collect(program, "", all);
        return all;
    }

    private static void collect(CommandLine command, String path, List<CommandWords> all) {
        CommandSpec spec = command.getCommandSpec();
        Map<String, String> subcommands = new LinkedHashMap<>();
        command.getSubcommands().forEach((name, below) -> {
            if (!below.getCommandSpec().usageMessage().hidden()) {
                String[] description = below.getCommandSpec().usageMessage().description();
                String[] header = below.getCommandSpec().usageMessage().header(); // picocli's own help has one
                subcommands.put(name, sentence(header.length == 0 ? description : header));
            }
        });
        List<Option> options = spec.options().stream()
                .filter(option -> !option.hidden())
                .map(option -> new Option(
                        List.of(option.names()),
                        option.arity().max() == 0 ? null : value(option),
                        sentence(option.description())))
                .toList();
        List<PositionalParamSpec> positionals = spec.positionalParameters();
        Value arguments = positionals.isEmpty() ? Value.NONE : value(positionals.get(0));
        if (path.equals("help") || path.equals("man") || path.equals("schema")) {
            List<String> words = new ArrayList<>(arguments.words());
            command.getParent().getSubcommands().forEach((name, other) -> words.add(name));
            arguments = new Value(Kind.WORDS, List.copyOf(words));
        }
        all.add(new CommandWords(path, subcommands, options, arguments));
        command.getSubcommands().forEach((name, below) -> {
            if (!below.getCommandSpec().usageMessage().hidden()) {
                collect(below, path.isEmpty() ? name : path + " " + name, all);
            }
        });
    }

    /** The first sentence of a description, without what picocli would replace. */
    private static String sentence(String... description) {
        String text = String.join(" ", description).replace("%%", "%");
        int end = text.indexOf(". ");
        String first = end < 0 ? text : text.substring(0, end);
        return first.replaceAll("\\$\\{[^}]*}", "…")
                .replaceAll("\\s+", " ")
                .replaceAll("\\.$", "")
                .strip();
    }

    private static Value value(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            List<String> words = StreamSupport.stream(
                            argument.completionCandidates().spliterator(), false)
                    .toList();
            if (!words.isEmpty()) {
                return new Value(Kind.WORDS, words);
            }
        }
        boolean machine =
                argument instanceof OptionSpec option && option.longestName().equals("--machine");
        return machine ? new Value(Kind.MACHINE, List.of()) : new Value(kind(argument), List.of());
    }

    private static Kind kind(ArgSpec argument) {
        boolean path = argument.typeInfo().getType() == java.nio.file.Path.class;
        return switch (argument.paramLabel()) {
            case "REPO" -> Kind.REPOSITORY;
            case "SNAPSHOT", "A", "B" -> Kind.SNAPSHOT;
            case "MACHINE" -> Kind.MACHINE;
            case "DIR" -> Kind.DIRECTORY;
            case "FILE", "NAME=PATH", "[NAME=]DISK" -> Kind.FILE;
            default -> path ? Kind.FILE : Kind.TEXT;
        };
    }
}
