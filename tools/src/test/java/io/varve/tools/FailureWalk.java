package io.varve.tools;

import io.varve.tools.FailureScenarios.Scenario;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs commands with one operation on the file system failing, another one each time, and looks whether what they said
 * was true. A program of its own, since it replaces the file system of its process; {@link FailureWalkTest} starts it.
 */
public final class FailureWalk {
    private static final Pattern INTERNALS =
            Pattern.compile("Exception|java\\.|\\tat |org\\.[a-z]|com\\.[a-z]|sun\\.|io\\.varve");

    private static final Pattern OBJECT =
            Pattern.compile("(packs|snapshots|sessions|keys|trash|forgotten|protected|holds|tmp|checks|parity)/"
                    + "|repository\\.json|\\.varve|\\.raw|\\.vhdx");

    /** The reason, and behind a name at most: nothing says what was to be done. */
    private static final Pattern BARE = Pattern.compile("(?:varve|warning): (?:\\[\\S+\\] )?(?:\\S*: )?"
            + "(?i:Input/output error|No space left on device|Permission denied|Read-only file system)");

    private static final Pattern PARTLY = Pattern.compile("(\\d+) of \\d+ snapshots? (copied|forgotten)");

    private final Path temp;
    private final String sample;
    private final long seed;
    private int runs;
    private int faults;
    private int unknown;

    private FailureWalk(Path temp, String sample, long seed) {
        this.temp = temp;
        this.sample = sample;
        this.seed = seed;
    }

    /**
     * Arguments: a directory, how many operations to try of each kind and command ({@code all}, or those with a name
     * that contains the text behind {@code on:}), a seed, and names of commands, if not all are meant. Prints what was
     * wrong, and last how much was done.
     */
    public static void main(String[] arguments) throws IOException {
        FailureWalk walk = new FailureWalk(Path.of(arguments[0]), arguments[1], Long.parseLong(arguments[2]));
        List<String> chosen = Arrays.asList(arguments).subList(3, arguments.length);
        for (Scenario scenario : FailureScenarios.in(walk.temp)) {
            if (chosen.isEmpty() || chosen.contains(scenario.name())) {
                walk.walk(scenario);
            }
        }
        System.out.println(
                "runs " + walk.runs + ", with faults " + walk.faults + ", of unknown outcome " + walk.unknown);
    }

    private void walk(Scenario scenario) throws IOException {
        Outcome sound = run(scenario, Faults.Kind.READ, -1);
        if (sound.result.code() > (scenario.damaged() ? 3 : 1)) {
            throw new IllegalStateException(scenario + " without faults: " + sound.result);
        }
        for (Faults.Kind kind : Faults.Kind.values()) {
            List<Integer> numbers = chosen(sound.operations.get(kind));
            System.out.println(scenario + " " + kind + ": " + numbers.size() + " of "
                    + sound.operations.get(kind).size());
            for (int number : numbers) {
                Outcome outcome = run(scenario, kind, number);
                faults += outcome.failed.isEmpty() ? 0 : 1;
                judge(scenario, kind, number, sound, outcome);
            }
        }
    }

    private List<Integer> chosen(List<String> names) {
        List<Integer> numbers = new ArrayList<>();
        int operations = names.size();
        if (sample.equals("all") || sample.startsWith("on:")) {
            for (int number = 0; number < operations; number++) {
                if (sample.equals("all") || names.get(number).contains(sample.substring(3))) {
                    numbers.add(number);
                }
            }
            return numbers;
        }
        SplittableRandom random = new SplittableRandom(seed + operations);
        int parts = Math.min(operations, Integer.parseInt(sample));
        for (int part = 0; part < parts; part++) {
            numbers.add(random.nextInt(operations * part / parts, Math.max(1, operations * (part + 1) / parts)));
        }
        return numbers;
    }

    /** What came of one run. */
    private record Outcome(
            Map<Faults.Kind, List<String>> operations,
            List<String> failed,
            Cli.Result result,
            Map<String, Integer> before,
            Map<String, Integer> after,
            Cli.Result fsck,
            List<String> unlike,
            Cli.Result again) {}

    private Outcome run(Scenario scenario, Faults.Kind kind, int number) throws IOException {
        runs++;
        Path directory = temp.resolve("run");
        delete(directory);
        for (String memory : List.of("seen", "heads", "jobs")) {
            delete(Path.of(System.getenv("VARVE_CACHE")).resolve(memory));
        }
        FailureScenarios.copyTree(scenario.base(), directory);
        Map<String, Integer> before = state(directory);
        Object[] words = FailureScenarios.words(scenario.command(), directory);
        Faults.arm(directory, kind, number);
        Cli.Result result;
        try {
            result = Cli.run(words);
        } finally {
            Faults.disarm();
        }
        Map<Faults.Kind, List<String>> operations = new EnumMap<>(Faults.Kind.class);
        for (Faults.Kind each : Faults.Kind.values()) {
            operations.put(each, Faults.operations(each));
        }
        List<String> failed = Faults.failed();
        Map<String, Integer> after = state(directory);
        Cli.Result fsck = null;
        for (String name : List.of("repo", "other", "sealed")) {
            Path repository = directory.resolve(name);
            if (fsck == null || fsck.code() == 0) {
                fsck = Cli.run("fsck", "-r", repository, "--read-data", "--threads", 1);
            }
        }
        List<String> unlike = unlike(directory);
        Cli.Result again = result.code() > 1 ? Cli.run(words) : null;
        return new Outcome(operations, failed, result, before, after, fsck, unlike, again);
    }

    /** How many of what there is, by which one can see what a command has done. */
    private static Map<String, Integer> state(Path directory) throws IOException {
        Map<String, Integer> state = new TreeMap<>();
        for (String repository : List.of("repo", "other", "sealed")) {
            for (String kind : List.of("snapshots", "protected", "holds", "keys", "countersigned")) {
                Path objects = directory.resolve(repository).resolve(kind);
                state.put(
                        repository + "/" + kind,
                        Files.isDirectory(objects) ? names(objects).size() : 0);
            }
        }
        for (String name : names(directory.resolve("out"))) {
            state.merge(name.replaceAll("(partial-|varve-import-).*", "$1"), 1, Integer::sum);
        }
        return state;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Snapshots that do not restore to what was backed up. */
    private static List<String> unlike(Path directory) throws IOException {
        List<String> unlike = new ArrayList<>();
        Path restored = directory.resolve("restored.raw");
        for (String repository : List.of("repo", "other", "sealed")) {
            Path root = directory.resolve(repository);
            Object key = repository.equals("sealed") ? directory.resolve("key") : "";
            for (String name : names(root.resolve("snapshots"))) {
                String id = name.replace(".json", "");
                List<Object> words = new ArrayList<>(
                        List.of("restore", "-r", root, id, "--to", restored, "--force", "--threads", 1));
                if (!key.equals("")) {
                    words.addAll(List.of("--key-file", key));
                }
                Cli.Result result = Cli.run(words.toArray());
                if (result.code() > 1 || !isANight(directory, restored)) {
                    unlike.add(repository + " " + id + ": " + result);
                }
            }
        }
        return unlike;
    }

    private static boolean isANight(Path directory, Path restored) throws IOException {
        for (String night : List.of("night1.raw", "night2.raw", "night3.raw", "empty.raw")) {
            if (Files.mismatch(directory.resolve(night), restored) < 0) {
                return true;
            }
        }
        return false;
    }

    private void judge(Scenario scenario, Faults.Kind kind, int number, Outcome sound, Outcome outcome) {
        List<String> wrong = new ArrayList<>();
        int code = outcome.result.code();
        String said = outcome.result.err();
        boolean done = code <= 1 || scenario.damaged() && code == 3 && sound.result.code() == 3;
        boolean isLocked = code == ExitCode.LOCKED.code()
                && !said.contains("cannot read this")
                && !said.contains("that can be read")
                && !said.contains("key is damaged: restore");
        if (code == ExitCode.INTERNAL.code() || code == ExitCode.USAGE.code() || isLocked) {
            wrong.add("exit code");
        }
        if (INTERNALS.matcher(outcome.result.out() + said).find()) {
            wrong.add("names internals");
        }
        Map<String, Integer> after = new TreeMap<>(outcome.after);
        if (said.contains("cannot delete this scratch directory")) {
            after.remove("varve-import-");
        }
        if (said.contains("done, but cleaning up failed")) {
            after.keySet().removeIf(name -> name.endsWith(".partial-"));
        }
        if (said.contains("warning: unreadable manifest")) { // so it is not copied
            for (String target : List.of("other/snapshots", "sealed/snapshots")) {
                after.put(target, sound.after.get(target));
            }
        }
        if (said.contains("record of a forgotten snapshot not read")) { // so it is not countersigned
            after.put("sealed/countersigned", sound.after.get("sealed/countersigned"));
        }
        if (done && !after.equals(sound.after)) {
            wrong.add("done, but it is not: " + outcome.after + ", not " + sound.after);
        }
        if (code == ExitCode.UNKNOWN.code()) {
            unknown++;
            boolean isJson = scenario.command().contains("--json");
            if (isJson && !outcome.result.out().contains("\"result\" : \"unknown\"")) {
                wrong.add("unknown, but not in JSON");
            }
            if (!said.contains("'varve ") && !said.contains("; check the target")) {
                wrong.add("unknown, and does not say what tells");
            }
        }
        boolean addsKey = said.contains(" may have been added: "); // keeps its file, and removes no other
        if (code == ExitCode.UNKNOWN.code()
                && !addsKey
                && !outcome.after.equals(sound.after)
                && !outcome.after.equals(outcome.before)
                && snapshots(outcome) - partly(outcome) != 1) {
            wrong.add("unknown, and half done: " + outcome.after);
        }
        if (!done && code != ExitCode.UNKNOWN.code()) {
            Map<String, Integer> changed = new TreeMap<>(outcome.after);
            if (said.contains("key2, which does not open the repository")) {
                changed.remove("key2");
            }
            if (said.contains("keeps all snapshots of machine")) { // a hold is placed before the commit, and says so
                changed.put("repo/holds", outcome.before.get("repo/holds"));
            }
            if (!changed.equals(outcome.before)
                    && partly(outcome) != snapshots(outcome)
                    && !said.contains("added key ")) {
                wrong.add("failed, but something was done: " + difference(outcome.before, outcome.after));
            }
        }
        if (!done) {
            String message = said.lines()
                    .filter(line -> line.startsWith("varve: "))
                    .findFirst()
                    .orElse("");
            boolean lists = code == ExitCode.REPOSITORY_DAMAGED.code(); // fsck names them before it ends
            Matcher object = OBJECT.matcher(lists ? outcome.result.out() + message : message);
            if (!message.contains(temp.toString()) && !object.find()) {
                wrong.add("names no file");
            }
            if (BARE.matcher(message).matches()) {
                wrong.add("names no step");
            }
        }
        if (!outcome.failed.isEmpty()) {
            said.lines()
                    .filter(line -> line.startsWith("warning: "))
                    .filter(line -> tellsOfAFault(line))
                    .filter(line -> BARE.matcher(line).matches()
                            || !line.contains(temp.toString())
                                    && !OBJECT.matcher(line).find())
                    .forEach(line -> wrong.add("warning without file or step: " + line));
        }
        if (outcome.fsck.code() != 0 && !(scenario.damaged() && outcome.fsck.code() <= 3)) {
            wrong.add("fsck: " + outcome.fsck);
        }
        if (outcome.unlike.size() > (scenario.damaged() ? sound.unlike.size() + 2 : 0)) {
            wrong.add("restored: " + outcome.unlike);
        }
        boolean saysToRemove = said.contains("remove ") && said.contains(" before repeating the command");
        if (!saysToRemove
                && outcome.again != null
                && code != ExitCode.UNKNOWN.code()
                && outcome.again.code() > 1
                && !scenario.damaged()) {
            wrong.add("again: " + outcome.again);
        }
        if (!wrong.isEmpty()) {
            System.out.println("WRONG " + scenario + " " + kind + " " + number + " "
                    + outcome.failed.stream().limit(3).toList() + " exit " + code + ": " + wrong + "\n    said: "
                    + (outcome.result.out() + " | " + said).strip().replace("\n", "\n          "));
        }
    }

    private static boolean tellsOfAFault(String line) {
        return Stream.of("input/output error", "no space left", "permission denied", "read-only file system")
                .anyMatch(line.toLowerCase(Locale.ROOT)::contains);
    }

    /** How many snapshots it says were copied or forgotten before it failed. */
    private static int partly(Outcome outcome) {
        Matcher partly = PARTLY.matcher(outcome.result.err());
        return partly.find() ? Integer.parseInt(partly.group(1)) : 0;
    }

    /** How many have come or gone. */
    private static int snapshots(Outcome outcome) {
        return outcome.before.keySet().stream()
                .filter(name -> name.endsWith("/snapshots"))
                .mapToInt(name -> Math.abs(outcome.after.get(name) - outcome.before.get(name)))
                .sum();
    }

    private static String difference(Map<String, Integer> before, Map<String, Integer> after) {
        Map<String, String> different = new TreeMap<>();
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .filter(name -> !before.getOrDefault(name, 0).equals(after.getOrDefault(name, 0)))
                .forEach(name ->
                        different.put(name, before.getOrDefault(name, 0) + " -> " + after.getOrDefault(name, 0)));
        return different.toString();
    }

    private static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
