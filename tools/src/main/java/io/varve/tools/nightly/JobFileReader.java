package io.varve.tools.nightly;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.gc.CollectionOptions;
import io.varve.tools.configuration.Configuration;
import io.varve.tools.configuration.NamedRepository;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.nightly.JobFile.Hooks;
import io.varve.tools.nightly.JobFile.MachineEntry;
import io.varve.tools.nightly.JobFile.Place;
import io.varve.tools.output.UsageException;
import io.varve.tools.yaml.Mistake;
import io.varve.tools.yaml.YamlReader;
import io.varve.tools.yaml.YamlSection;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Parses a {@link JobFile} and collects all mistakes in it. A pure function, except for the default time zone. */
final class JobFileReader {
    /** Mail servers to which a password may go in clear text: it does not leave this computer. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final List<Mistake> mistakes = new ArrayList<>();

    private final Names names;

    private JobFileReader(Names names) {
        this.names = names;
    }

    /** The repositories that have a name. */
    @FunctionalInterface
    interface Names {
        NamedRepository named(String name) throws UsageException;
    }

    /**
     * The result of reading a job file.
     *
     * @param job empty if there are mistakes
     * @param mistakes ordered by line
     */
    record Result(Optional<JobFile> job, List<Mistake> mistakes) {}

    /** @param defaultName name of the job if the file has none */
    static Result read(String text, String defaultName) {
        return read(text, defaultName, name -> Configuration.read().named(name));
    }

    /** @param names asked only for repositories that the file calls by a name */
    static Result read(String text, String defaultName, Names names) {
        JobFileReader reader = new JobFileReader(names);
        YamlSection root = new YamlReader(reader.mistakes).read(text, JobShape.FILE_SHAPE);
        Optional<JobFile> job = reader.job(root, defaultName);
        List<Mistake> sorted = reader.mistakes.stream()
                .sorted(Comparator.comparingInt(Mistake::line))
                .toList();
        return new Result(sorted.isEmpty() ? job : Optional.empty(), sorted);
    }

    private void mistake(int line, String message) {
        mistakes.add(new Mistake(line, message));
    }

    private Optional<JobFile> job(YamlSection root, String defaultName) {
        List<MachineEntry> machines = new MachineReader(mistakes).read(root);
        Optional<YamlSection> repository = root.get("repository", YamlSection.class);
        Optional<JobFile.Copy> copy = root.get("copy", YamlSection.class).flatMap(this::copy);
        Optional<JobFile.Check> fsck = root.get("fsck", YamlSection.class).map(this::check);
        List<JobFile.Notice> notices = root.list("notify", YamlSection.class).stream()
                .map(this::notice)
                .toList();
        Optional<Place> place = repository.flatMap(this::place);
        if (place.isPresent()
                && copy.isPresent()
                && place.get().where().equals(copy.get().place().where())) {
            mistake(root.lineOf("copy"), "copy: this is the repository itself");
        }
        if (place.isEmpty() || !mistakes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new JobFile(
                root.get("name", String.class).orElse(defaultName),
                place.get(),
                repository.get().get("wait", Duration.class).orElse(Duration.ofHours(1)),
                List.copyOf(machines),
                root.get("parallel", Integer.class).orElse(1),
                root.get("threads", Integer.class),
                root.get("read-rate", Long.class),
                root.get("write-rate", Long.class),
                root.get("window", YamlSection.class)
                        .map(window -> new JobFile.Window(
                                window.get("from", LocalTime.class),
                                window.get("until", LocalTime.class).orElseThrow())),
                root.get("schedule", YamlSection.class).map(JobFileReader::schedule),
                root.get("zone", ZoneId.class).orElse(ZoneId.systemDefault()),
                copy,
                root.get("gc", YamlSection.class)
                        .map(gc -> new JobFile.Gc(
                                gc.get("every", Duration.class),
                                gc.get("max-waste", Double.class).orElse(CollectionOptions.DEFAULT_MAX_WASTE),
                                gc.get("max-delete", Double.class).orElse(CollectionOptions.DEFAULT_MAX_DELETE))),
                fsck,
                root.get("proof", YamlSection.class)
                        .map(proof -> new JobFile.Proof(
                                proof.get("size", Long.class),
                                proof.get("live", Boolean.class).orElse(true),
                                proof.get("read-rate", Long.class))),
                root.get("hooks", YamlSection.class).map(MachineReader::hooks).orElse(Hooks.NONE),
                notices,
                root.get("metrics-file", GivenPath.class),
                root.get("report-file", GivenPath.class)));
    }

    private Optional<Place> place(YamlSection section) {
        Optional<Object> path = section.get("path", Object.class);
        Place given = new Place(
                path.orElse(null) instanceof RepositoryPlace where ? where : null,
                section.get("key-file", GivenPath.class).orElse(null),
                section.get("password-file", GivenPath.class).orElse(null),
                section.get("password-command", String.class).orElse(null));
        if (path.isEmpty() || given.where() != null) {
            return path.map(unnamed -> given);
        }
        try {
            return Optional.of(named(names.named(path.get().toString().substring(1)), given));
        } catch (UsageException e) {
            mistake(section.lineOf("path"), "path: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A key that the job file names takes precedence. */
    private static Place named(NamedRepository named, Place given) {
        boolean hasKey = given.keyFile() != null || given.passwordFile() != null || given.passwordCommand() != null;
        return hasKey
                ? new Place(named.place(), given.keyFile(), given.passwordFile(), given.passwordCommand())
                : new Place(named.place(), named.keyFile(), named.passwordFile(), named.passwordCommand());
    }

    private Optional<JobFile.Copy> copy(YamlSection section) {
        return place(section)
                .map(place -> new JobFile.Copy(
                        place, section.get("decrypt", Boolean.class).orElse(false)));
    }

    private JobFile.Check check(YamlSection section) {
        boolean sinceLast = section.get("since-last", Boolean.class).orElse(false);
        if (sinceLast && (section.has("within") || section.has("read-data"))) {
            mistake(section.lineOf("since-last"), "since-last: give it without within and read-data");
        }
        if (section.get("within", Duration.class)
                .filter(within -> within.toDays() == 0)
                .isPresent()) {
            mistake(section.lineOf("within"), "within: expected whole days, such as 28d");
        }
        return new JobFile.Check(
                section.get("every", Duration.class),
                section.get("read-data", Double.class).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                section.get("within", Duration.class),
                sinceLast,
                section.get("deep", Boolean.class).orElse(false),
                section.get("read-rate", Long.class));
    }

    private static JobFile.Schedule schedule(YamlSection section) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String day : section.list("days", String.class)) {
            Arrays.stream(DayOfWeek.values())
                    .filter(one -> one.name().toLowerCase(Locale.ROOT).startsWith(day))
                    .forEach(days::add);
        }
        return new JobFile.Schedule(
                section.get("at", LocalTime.class).orElse(LocalTime.MIDNIGHT),
                days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days);
    }

    private JobFile.Notice notice(YamlSection section) {
        return new JobFile.Notice(
                JobFile.When.valueOf(
                        section.get("when", String.class).orElse("always").toUpperCase(Locale.ROOT)),
                section.get("command", String.class),
                section.get("webhook", YamlSection.class)
                        .map(hook -> new JobFile.Webhook(
                                hook.get("url", URI.class).orElse(URI.create("")),
                                hook.get("token-file", GivenPath.class),
                                hook.get("time-limit", Duration.class).orElse(Duration.ofSeconds(30)))),
                section.get("smtp", YamlSection.class).map(this::mail));
    }

    private JobFile.Mail mail(YamlSection section) {
        String security = section.get("security", String.class).orElse("starttls");
        int port = security.equals("tls") ? 465 : security.equals("none") ? 25 : 587;
        if (section.has("user") != section.has("password-file")) {
            mistake(section.line(), "smtp: user and password-file belong together");
        }
        String host = section.get("host", String.class).orElse("");
        if (security.equals("none") && section.has("user") && !LOOPBACK.contains(host)) {
            mistake(section.line(), "smtp: with security none, the password would be sent in clear text");
        }
        return new JobFile.Mail(
                section.get("host", String.class).orElse(""),
                section.get("port", Integer.class).orElse(port),
                security,
                section.get("user", String.class),
                section.get("password-file", GivenPath.class),
                section.get("from", String.class).orElse(""),
                section.list("to", String.class),
                section.get("time-limit", Duration.class).orElse(Duration.ofSeconds(30)));
    }

    /** The name of a job file without its extension, the name of the job if the file gives none. */
    static String stem(Path file) {
        return MachineReader.stem(file);
    }
}
