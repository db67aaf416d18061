package io.varve.tools.command;

import io.varve.tools.help.Topic;
import io.varve.tools.output.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = {
            "Explain a command or a topic.",
            "",
            "Without one, list both.",
            "",
            "Topics: repository, references, configuration, environment, encryption, job-file, sizes, output,"
                    + " exit-codes."
        },
        footer = {"", "  varve help restore", "  varve help key add", "  varve help references"})
public final class HelpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "TOPIC",
            description = "A topic, or a command, in one or more words.",
            completionCandidates = Words.class)
    private List<String> words = new ArrayList<>();

    /** Values for shell completion. */
    private static final class Words implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Stream.of(Topic.values()).map(Topic::word).iterator();
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Optional<Topic> topic = words.size() == 1 ? Topic.named(words.get(0)) : Optional.empty();
        if (topic.isPresent()) {
            out.println(topic.get().text());
        } else {
            command().usage(out);
        }
        if (words.isEmpty()) {
            out.println();
            out.println("Topics ('varve help TOPIC'):");
            for (Topic listed : Topic.values()) {
                out.printf("  %-15s%s%n", listed.word(), listed.summary());
            }
        }
        out.flush();
        return ExitCode.DONE.code();
    }

    private CommandLine command() {
        CommandLine found = spec.root().commandLine();
        for (String word : words) {
            CommandLine below = found.getSubcommands().get(word);
            if (below == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no command or topic '" + String.join(" ", words) + "'; 'varve help' lists them");
            }
            found = below;
        }
        return found;
    }
}
