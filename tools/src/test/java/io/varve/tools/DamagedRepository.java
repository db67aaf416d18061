package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.cache.CacheDirectory;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A repository with something of everything, for {@link DamageTableTest}: machine {@code m} has two snapshots,
 * {@code old} and {@code new}, which share half of their blocks, and a forgotten one whose packs are condemned; machine
 * {@code n} has one, {@code only}. A check has read all of it, and a session was killed.
 */
final class DamagedRepository {
    private static final int SIZE = 2 << 20;
    private static final String[] SNAPSHOTS = {"old", "new", "only"};

    private final Path home;
    private final boolean encrypted;
    final Path repo;
    private final Path key;
    private final Path firstKey;
    private final String[] ids = new String[3];
    private final byte[][] contents = new byte[3][SIZE];
    private final boolean parity;
    private final String repositoryId;
    /** By their kind: the packs of the snapshots in their order. */
    private final List<Path> blockPacks = new ArrayList<>();

    private final List<Path> mapPacks = new ArrayList<>();

    /** @param protection {@code plain}, {@code encrypted} or {@code with parity} */
    DamagedRepository(Path home, String protection) throws IOException {
        this.home = home;
        this.encrypted = protection.equals("encrypted");
        this.parity = protection.equals("with parity");
        this.repo = home.resolve("repo");
        this.key = home.resolve("host.key");
        repositoryId = init(repo, key);
        firstKey = encrypted ? files("keys").get(0) : null;
        if (encrypted) {
            Cli.run("key", "add", "-r", repo, "--new-key-file", home.resolve("second.key"), "--key-file", key)
                    .expect(ExitCode.DONE);
        }
        String[] forgotten = new String[2];
        for (int i = 0; i < 2; i++) {
            byte[] content = new byte[SIZE];
            new SplittableRandom(-i).nextBytes(content);
            forgotten[i] = backUp("m", content);
        }
        copyTree(repo.resolve("index"), home.resolve("old-index"));
        List<Path> before = files("packs");
        new SplittableRandom(2).nextBytes(contents[0]);
        contents[1] = contents[0].clone();
        byte[] changed = new byte[SIZE / 2];
        new SplittableRandom(3).nextBytes(changed);
        System.arraycopy(changed, 0, contents[1], 0, changed.length);
        new SplittableRandom(4).nextBytes(contents[2]);
        for (int i = 0; i < 3; i++) {
            ids[i] = backUp(i < 2 ? "m" : "n", contents[i]);
            List<Path> added = new ArrayList<>(files("packs"));
            added.removeAll(before);
            for (Path pack : added) {
                (Files.readAllBytes(pack)[44] == 2 ? mapPacks : blockPacks).add(pack);
            }
            before = files("packs");
        }
        run("fsck", "--read-data").expect(ExitCode.DONE);
        copyTree(repo.resolve("checks"), home.resolve("old-checks"));
        run("forget", forgotten[0], forgotten[1]).expect(ExitCode.DONE);
        withKey("gc", "--max-delete", 90).expect(ExitCode.DONE);
        run("protect", ids[0]).expect(ExitCode.DONE);
        run("protect", ids[1]).expect(ExitCode.DONE);
        withKey("fsck", "--deep").expect(ExitCode.DONE);
        for (String session :
                new String[] {"0f0e0d0c-0b0a-0908-0706-050403020100", "1f0e0d0c-0b0a-0908-0706-050403020100"}) {
            Files.writeString(repo.resolve("sessions/" + session + ".json"), "{\"killed\": \"" + session + "\"}\n");
        }
        Path other = home.resolve("other");
        init(other, home.resolve("other.key"));
        Cli.run("rebuild-index", "-r", other).expect(ExitCode.DONE);
        copyTree(repo, home.resolve("sound"));
        Files.copy(memory(), home.resolve("memory.json"));
    }

    /** What it was before it was damaged. */
    void heal() throws IOException {
        deleteTree(repo);
        copyTree(home.resolve("sound"), repo);
        Files.copy(home.resolve("memory.json"), memory(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path memory() {
        return CacheDirectory.path().resolve("seen").resolve(repositoryId + ".json");
    }

    private String init(Path where, Path keyFile) throws IOException {
        Object[] arguments = encrypted
                ? new Object[] {"init", "-r", where, "--json", "--encrypt", "--new-key-file", keyFile}
                : parity
                        ? new Object[] {"init", "-r", where, "--json", "--parity", 25}
                        : new Object[] {"init", "-r", where, "--json"};
        return Cli.run(arguments)
                .expect(ExitCode.DONE)
                .json()
                .path("repositoryId")
                .asText();
    }

    private Cli.Result run(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "-r", repo));
        arguments.addAll(Arrays.asList(more));
        if (!encrypted && arguments.contains("--key-file")) {
            int at = arguments.indexOf("--key-file");
            arguments.subList(at, at + 2).clear();
        }
        return Cli.run(arguments.toArray());
    }

    Cli.Result withKey(String command, Object... more) {
        Object[] all = Arrays.copyOf(more, more.length + 2);
        all[more.length] = "--key-file";
        all[more.length + 1] = key;
        return run(command, all);
    }

    private String backUp(String machine, byte[] content) throws IOException {
        waitForTheNextSecond();
        Path disk = Files.write(home.resolve(machine + ".raw"), content);
        Cli.Result result = withKey("backup", "--machine", machine, "--threads", 1, "--json", "disk=" + disk);
        assertTrue(result.code() <= 1, result.err());
        return result.json().path("snapshotId").asText();
    }

    /** Names of snapshots of one second do not tell which is which. */
    private static void waitForTheNextSecond() {
        try {
            Thread.sleep(1001 - System.currentTimeMillis() % 1000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Path> files(String directory) throws IOException {
        if (!Files.isDirectory(repo.resolve(directory))) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(repo.resolve(directory))) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What is damaged, and another of its kind. */
    record Victim(Path file, Path other, Path older) {}

    private Path manifest(String id) {
        return repo.resolve("snapshots/" + id + ".json");
    }

    Victim victim(String kind) throws IOException {
        return switch (kind) {
            case "repository.json" ->
                new Victim(repo.resolve("repository.json"), home.resolve("other/repository.json"), null);
            case "key" -> new Victim(firstKey, otherKey(), null);
            case "pack of blocks" -> new Victim(blockPacks.get(0), blockPacks.get(2), null);
            case "pack of map pages" -> new Victim(mapPacks.get(1), mapPacks.get(2), null);
            case "parity" -> new Victim(parityOf(blockPacks.get(0)), parityOf(blockPacks.get(2)), null);
            case "manifest, newest" -> new Victim(manifest(ids[1]), manifest(ids[2]), null);
            case "manifest, earlier" -> new Victim(manifest(ids[0]), manifest(ids[2]), null);
            case "manifest, only one" -> new Victim(manifest(ids[2]), null, null);
            case "forgotten record" ->
                new Victim(files("forgotten").get(0), files("forgotten").get(1), null);
            case "forgotten manifest" ->
                new Victim(
                        files("trash/snapshots").get(0),
                        files("trash/snapshots").get(1),
                        null);
            case "condemned list" -> new Victim(condemned(), null, null);
            case "session" -> new Victim(sessions().get(0), sessions().get(1), null);
            case "protection" ->
                new Victim(files("protected").get(0), files("protected").get(1), null);
            case "record of readings" -> new Victim(files("checks").get(0), null, home.resolve("old-checks"));
            case "index" -> new Victim(repo.resolve("index"), null, home.resolve("old-index"));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private Path parityOf(Path pack) {
        return repo.resolve("parity").resolve(repo.resolve("packs").relativize(pack));
    }

    private Path otherKey() throws IOException {
        return files("keys").stream()
                .filter(file -> !file.equals(firstKey))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> sessions() throws IOException {
        return files("sessions").stream()
                .filter(path -> path.toString().endsWith(".json"))
                .toList();
    }

    private Path condemned() throws IOException {
        return files("trash").stream()
                .filter(path -> path.getFileName().toString().startsWith("condemned-"))
                .findFirst()
                .orElseThrow();
    }

    void damage(String kind, String damage) throws IOException {
        Victim victim = victim(kind);
        Path file = kind.equals("index") && !damage.equals("missing") ? largest(victim.file()) : victim.file();
        switch (damage) {
            case "missing" -> deleteTree(file);
            case "missing, never seen" -> {
                deleteTree(file);
                forgetWhatWasSeen();
            }
            case "all missing" -> deleteTree(file.getParent());
            case "truncated" -> {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            }
            case "one bit" -> {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 4 * 3] ^= 1; // of blocks: one that both snapshots have
                Files.write(file, bytes);
            }
            case "older" -> {
                deleteTree(victim.file().equals(file) ? file : victim.file());
                Path directory = kind.equals("index") ? victim.file() : file.getParent();
                deleteTree(directory);
                copyTree(victim.older(), directory);
            }
            case "swapped" -> {
                if (kind.equals("index")) {
                    deleteTree(victim.file());
                    copyTree(home.resolve("other/index"), victim.file());
                    return;
                }
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Files.readAllBytes(victim.other()));
                if (victim.other().startsWith(repo)) {
                    Files.write(victim.other(), bytes);
                }
            }
            default -> throw new IllegalArgumentException(damage);
        }
    }

    private static Path largest(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(path -> path.toFile().length()))
                    .orElseThrow();
        }
    }

    /** Exit code and codes of the findings that matter. */
    String fsck(Object... more) throws IOException {
        Object[] all = Arrays.copyOf(more, more.length + 1);
        all[more.length] = "--json";
        Cli.Result result = withKey("fsck", all);
        JsonNode json = result.json();
        TreeSet<String> codes = new TreeSet<>();
        json.path("findings").forEach(finding -> {
            if (!finding.path("severity").asText().equals("info")) {
                codes.add(finding.path("code").asText());
            }
        });
        return result.code() + (codes.isEmpty() ? "" : " " + String.join(" ", codes));
    }

    int repair() {
        return run("repair", "--apply").code();
    }

    /** The snapshots that restore equal. */
    String restores() throws IOException {
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path back = home.resolve("back.raw");
            Cli.Result result = withKey("restore", ids[i], "--to", back, "--force");
            if (result.code() <= 1 && Arrays.equals(Files.readAllBytes(back), contents[i])) {
                equal.add(SNAPSHOTS[i]);
            } else {
                assertTrue(result.code() > 1, "a wrong restore without an error: " + result.err());
            }
        }
        return equal.isEmpty() ? "none" : equal.size() == 3 ? "all" : String.join(" ", equal);
    }

    /** A night in which both machines are what they were. */
    void backUpAgain() throws IOException {
        for (int i = 1; i < 3; i++) {
            Path disk = Files.write(home.resolve("disk.raw"), contents[i]);
            withKey("backup", "--machine", i == 1 ? "m" : "n", "disk=" + disk);
        }
    }

    void forgetWhatWasSeen() throws IOException {
        Files.deleteIfExists(memory());
    }
}
