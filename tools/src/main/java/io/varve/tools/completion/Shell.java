package io.varve.tools.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A shell, and its completion script: a table of the commands, made here, in a frame that is a resource. The scripts
 * ask {@code varve candidates} for what only a repository or a configuration file knows.
 */
enum Shell {
    BASH("varve.bash") {
        @Override
        String entry(CommandWords command) {
            String flags = command.options().stream()
                    .filter(option -> option.value() == null)
                    .flatMap(option -> option.names().stream())
                    .collect(Collectors.joining(" "));
            String valued = command.options().stream()
                    .filter(option -> option.value() != null)
                    .flatMap(option -> option.names().stream()
                            .map(name -> name + "=" + option.value().code()))
                    .collect(Collectors.joining(" "));
            return "    " + quoted(command.path()) + ")\n"
                    + "        subcommands="
                    + quoted(String.join(" ", command.subcommands().keySet())) + "\n"
                    + "        flags=" + quoted(flags) + "\n"
                    + "        valued=" + quoted(valued) + "\n"
                    + "        argument=" + quoted(command.arguments().code()) + "\n"
                    + "        ;;";
        }
    },

    ZSH("varve.zsh") {
        @Override
        String entry(CommandWords command) {
            return "    " + quoted(command.path()) + ")\n"
                    + "        subcommands=("
                    + command.subcommands().entrySet().stream()
                            .map(entry -> quoted(entry.getKey() + ":" + entry.getValue()))
                            .collect(Collectors.joining(" "))
                    + ")\n        options=("
                    + options(command)
                            .map(option -> quoted(option[0].replace(":", "\\:") + ":" + option[2]))
                            .collect(Collectors.joining(" "))
                    + ")\n        kinds=("
                    + options(command)
                            .filter(option -> !option[1].isEmpty())
                            .map(option -> quoted(option[0]) + " " + quoted(option[1]))
                            .collect(Collectors.joining(" "))
                    + ")\n        argument=" + quoted(command.arguments().code()) + "\n"
                    + "        ;;";
        }
    },

    FISH("varve.fish") {
        @Override
        String entry(CommandWords command) {
            String at = "complete -c varve -n " + fish("__varve_at " + fish(command.path()));
            Stream<String> subcommands = command.subcommands().entrySet().stream()
                    .map(entry -> at + " -f -a " + fish(entry.getKey()) + " -d " + fish(entry.getValue()));
            Stream<String> options = command.options().stream().map(option -> {
                String names = option.names().stream()
                        .map(name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
                        .collect(Collectors.joining());
                String value = option.value() == null ? "" : " -r" + fishValue(option.value());
                return at + names + value + " -d " + fish(option.description());
            });
            Stream<String> arguments =
                    command.subcommands().isEmpty() ? Stream.of(at + fishValue(command.arguments())) : Stream.empty();
            return Stream.of(subcommands, options, arguments)
                    .flatMap(lines -> lines)
                    .collect(Collectors.joining("\n"));
        }
    },

    POWERSHELL("varve.ps1") {
        @Override
        String entry(CommandWords command) {
            String options = options(command)
                    .map(option ->
                            "@(" + doubled(option[0]) + ", " + doubled(option[1]) + ", " + doubled(option[2]) + ")")
                    .collect(Collectors.joining(",\n            "));
            String subcommands = command.subcommands().entrySet().stream()
                    .map(entry -> "@(" + doubled(entry.getKey()) + ", " + doubled(entry.getValue()) + ")")
                    .collect(Collectors.joining(",\n            "));
            return "    " + doubled(command.path()) + " = @{\n        Argument = "
                    + doubled(command.arguments().code()) + "\n        Subcommands = @(\n            " + subcommands
                    + ")\n        Options = @(\n            " + options + ")\n    }";
        }
    };

    private static final String TABLE = "@TABLE@";
    private static final String NAMES = "@NAMES@";

    private final String frame;

    Shell(String frame) {
        this.frame = frame;
    }

    static Optional<Shell> named(String word) {
        return Stream.of(values()).filter(shell -> shell.word().equals(word)).findFirst();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the table says of one command. */
    abstract String entry(CommandWords command);

    /** The whole script. */
    String script(List<CommandWords> commands) {
        String text;
        try (InputStream resource = Shell.class.getResourceAsStream(frame)) {
            text = new String(resource.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the frame '" + frame + "' in the jar cannot be read", e);
        }
        String names = commands.stream().map(command -> fish(command.path())).collect(Collectors.joining(" "));
        return text.replace(TABLE, commands.stream().map(this::entry).collect(Collectors.joining("\n")))
                .replace(NAMES, names);
    }

    /** Each name of each option, with the code of its value (empty for a flag) and its description. */
    private static Stream<String[]> options(CommandWords command) {
        return command.options().stream()
                .flatMap(option -> option.names().stream().map(name -> new String[] {
                    name, option.value() == null ? "" : option.value().code(), option.description()
                }));
    }

    /** For bash and zsh. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static String fish(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String fishValue(CommandWords.Value value) {
        return switch (value.kind()) {
            case FILE -> " -F";
            case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
            case REPOSITORY -> " -f -a '(__varve_candidates repositories) (__fish_complete_directories)'";
            case SNAPSHOT -> " -f -a '(__varve_candidates snapshots)'";
            case MACHINE -> " -f -a '(__varve_candidates machines)'";
            case WORDS -> " -f -a " + fish(String.join(" ", value.words()));
            case TEXT -> " -f";
        };
    }

    /** For PowerShell. */
    private static String doubled(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
