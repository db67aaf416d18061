package io.varve.tools.manual;

import io.varve.tools.help.Topic;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command. */
final class ManualPage {
    private final CommandSpec command;
    private final boolean isProgram;
    private final Roff page;

    private ManualPage(CommandSpec command) {
        this.command = command;
        this.isProgram = command.parent() == null;
        this.page = new Roff(name(command), Version.date(), "varve " + Version.number());
    }

    /** All pages there are, by their names: {@code varve-key-add}. */
    static Map<String, String> all(CommandLine program) {
        Map<String, String> pages = new LinkedHashMap<>();
        collect(program, pages);
        return pages;
    }

    private static void collect(CommandLine command, Map<String, String> pages) {
        CommandSpec spec = command.getCommandSpec();
        if (!spec.usageMessage().hidden()) {
            pages.put(name(spec), of(spec));
            command.getSubcommands().values().forEach(below -> collect(below, pages));
        }
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    static String of(CommandSpec command) {
        return new ManualPage(command).written();
    }

    private String written() {
        List<String> description = description(command);
        page.section("Name");
        String first = description.get(0);
        page.line(Roff.text(name(command)) + " \\- " + Roff.text(withoutDot(first)));
        synopsis();
        page.section("Description");
        page.prose(description, 2);
        commands();
        arguments();
        options();
        examples();
        if (isProgram) {
            for (Topic topic : Topic.values()) {
                List<String> lines = topic.text().lines().toList();
                page.section(topic.word().replace('-', ' '));
                page.prose(lines, 2);
            }
        } else {
            page.section("Exit status");
            for (ExitCode code : ExitCode.values()) {
                page.entry(Roff.bold(String.valueOf(code.code())), Roff.text(code.meaning()));
            }
        }
        seeAlso();
        return page.toString();
    }

    private static String withoutDot(String sentence) {
        String text = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /** Picocli's own help command has a header instead. */
    private static List<String> description(CommandSpec command) {
        String[] header = command.usageMessage().header();
        return lines(header.length == 0 ? command.usageMessage().description() : header);
    }

    /** As picocli would print them, one element per paragraph or line of an example. */
    private static List<String> lines(String... description) {
        List<String> lines = new ArrayList<>();
        for (String text : description) {
            lines.addAll(List.of(text.formatted().split("\\R", -1)));
        }
        return lines.isEmpty() ? List.of("") : lines;
    }

    private void synopsis() {
        page.section("Synopsis");
        List<String> words =
                new ArrayList<>(List.of(Roff.bold(command.qualifiedName()), "[" + Roff.italic("OPTION") + "]..."));
        command.options().stream()
                .filter(OptionSpec::required)
                .map(option -> Roff.bold(option.longestName()) + "=" + Roff.italic(option.paramLabel()))
                .forEach(words::add);
        for (PositionalParamSpec positional : command.positionalParameters()) {
            String label =
                    Roff.italic(positional.paramLabel()) + (positional.arity().max() > 1 ? "..." : "");
            words.add(positional.arity().min() == 0 ? "[" + label + "]" : label);
        }
        if (!command.subcommands().isEmpty()) {
            words.add(Roff.italic("COMMAND"));
        }
        page.line(String.join(" ", words));
    }

    private void commands() {
        if (command.subcommands().isEmpty()) {
            return;
        }
        page.section("Commands");
        command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(below -> !below.usageMessage().hidden())
                .forEach(below -> page.entry(
                        Roff.bold(below.name()),
                        Roff.text(description(below).get(0)) + " See " + reference(below) + "."));
    }

    private static String reference(CommandSpec other) {
        return Roff.bold(name(other)) + "(1)";
    }

    private void arguments() {
        if (command.positionalParameters().isEmpty()) {
            return;
        }
        page.section("Arguments");
        for (PositionalParamSpec positional : command.positionalParameters()) {
            page.entry(Roff.italic(positional.paramLabel()), paragraph(positional.description()));
        }
    }

    private void options() {
        page.section("Options");
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                String value = option.arity().max() == 0 ? "" : Roff.italic(option.paramLabel());
                String names = Stream.of(option.names())
                        .map(name ->
                                Roff.bold(name) + (value.isEmpty() ? "" : (name.startsWith("--") ? "=" : " ") + value))
                        .collect(Collectors.joining(", "));
                page.entry(names, paragraph(option.description()));
            }
        }
    }

    /** Of an argument, whose description picocli has rendered already. */
    private static String paragraph(String... description) {
        return Roff.text(String.join(" ", description).replaceAll("\\s+", " ").strip());
    }

    private void examples() {
        List<String> footer = lines(command.usageMessage().footer());
        if (footer.stream().anyMatch(line -> !line.isBlank())) {
            page.section(footer.stream().anyMatch(line -> line.startsWith("  ")) ? "Examples" : "Notes");
            page.prose(footer, 2);
        }
    }

    private void seeAlso() {
        page.section("See also");
        List<String> others = new ArrayList<>();
        if (!isProgram) {
            others.add(reference(command.root()));
        }
        if (!isProgram && command.parent() != command.root()) {
            others.add(reference(command.parent()));
        }
        command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(below -> !below.usageMessage().hidden())
                .map(ManualPage::reference)
                .forEach(others::add);
        page.line(String.join(", ", others));
    }
}
