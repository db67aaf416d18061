package io.varve.tools.help;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Something that {@code varve help} explains beside the commands. No line is wider than 80 columns. */
public enum Topic {
    REPOSITORY("how a command finds its repository"),
    REFERENCES("how to name snapshots and disks"),
    CONFIGURATION("configuration files: repositories with names"),
    ENVIRONMENT("environment variables"),
    ENCRYPTION("encrypted repositories, and where their key comes from"),
    JOB_FILE("the job file of 'varve nightly'"),
    SIZES("sizes, rates, shares and times"),
    OUTPUT("what is printed, and where"),
    EXIT_CODES("what the exit codes mean");

    private static final int WIDTH = 80;
    private static final int MEANING = 7; // column

    private final String summary;

    Topic(String summary) {
        this.summary = summary;
    }

    /** The topic that somebody names; empty if there is none of that name. */
    public static Optional<Topic> named(String word) {
        for (Topic topic : values()) {
            if (topic.word().equals(word)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    /** As it is typed: {@code exit-codes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A few words. */
    public String summary() {
        return summary;
    }

    /** The page, without a line end at its end. The first line is its title, indented lines are examples and lists. */
    public String text() {
        return this == EXIT_CODES ? exitCodes() : resource();
    }

    private String resource() {
        try (InputStream page = Topic.class.getResourceAsStream(word() + ".txt")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException("the page '" + word() + "' in the jar cannot be read", e);
        }
    }

    private static String exitCodes() {
        List<String> lines = new ArrayList<>(
                List.of("Exit codes, the same for all commands. With --json, the word is in \"result\".", ""));
        for (ExitCode code : ExitCode.values()) {
            String head = String.format(Locale.ROOT, "  %3d  ", code.code());
            lines.addAll(wrapped(head, code.word() + ": " + code.meaning()));
        }
        lines.addAll(List.of("", "docs/operations.md says what to do about each."));
        return String.join("\n", lines);
    }

    private static List<String> wrapped(String head, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(head);
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH && line.length() > MEANING) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(MEANING));
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
