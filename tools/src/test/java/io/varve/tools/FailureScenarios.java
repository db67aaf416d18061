package io.varve.tools;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxDifferenceTarget;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.tools.output.ExitCode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Commands that have an effect or read all there is, each with the repositories and files that it is run on. */
final class FailureScenarios {
    private static final int DISK = 585 * 512;

    /**
     * One command line.
     *
     * @param base directory whose copy it works on
     * @param command its words; those with a {@code /} are paths in that copy
     * @param damaged whether the repository is damaged before it
     */
    record Scenario(String name, Path base, List<String> command, boolean damaged) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Path temp;
    private final List<Scenario> all = new ArrayList<>();

    private FailureScenarios(Path temp) {
        this.temp = temp;
    }

    /** Makes the directories below {@code temp}. */
    static List<Scenario> in(Path temp) throws IOException {
        FailureScenarios scenarios = new FailureScenarios(temp);
        scenarios.add(
                "backup", base -> {}, "backup --wait 1 -r /repo --machine m --threads 1 --no-progress d=/night3.raw");
        scenarios.add(
                "backup-json", base -> {}, "backup --wait 1 -r /repo --machine m --threads 1 --json d=/night3.raw");
        String change = " --since t2 --changes /changes.json --token t3";
        scenarios.add(
                "incremental", base -> {}, "backup --wait 1 -r /repo --machine m --threads 1 d=/night3.raw" + change);
        scenarios.add(
                "empty", base -> {}, "backup --wait 1 -r /repo --machine m --threads 1 d=/empty.raw"); // places a hold
        scenarios.add(
                "backup-chain",
                FailureScenarios::chain,
                "backup --wait 1 -r /repo --machine v --threads 1 --no-progress d=/child.vhdx");
        scenarios.add("forget", base -> {}, "forget -r /repo --keep-last 1");
        scenarios.add("forget-two", base -> {}, "forget -r /repo latest:m latest:n");
        Consumer<Path> forgotten = base -> run(base, "forget -r /repo --machine m --keep-last 1");
        scenarios.add("unforget", forgotten, "unforget --wait 1 -r /repo {forgotten}");
        scenarios.add("protect", base -> {}, "protect -r /repo latest:m");
        scenarios.add("hold", base -> {}, "hold place -r /repo m --reason why");
        scenarios.add("unprotect", base -> run(base, "protect -r /repo latest:m"), "unprotect -r /repo latest:m");
        scenarios.add(
                "hold-release",
                base -> run(base, "hold place -r /repo m --reason why"),
                "hold release -r /repo {holds}");
        scenarios.add("gc", forgotten, "gc --wait 1 -r /repo --max-delete 100 --max-waste 0");
        Consumer<Path> condemned =
                forgotten.andThen(base -> run(base, "gc --wait 1 -r /repo --max-delete 100 --max-waste 0"));
        scenarios.add("gc-again", condemned, "gc --wait 1 -r /repo --max-delete 100 --max-waste 0");
        scenarios.add("gc-undo", condemned, "gc --wait 1 -r /repo --undo");
        scenarios.addDamaged("repair", FailureScenarios::damage, "repair --wait 1 -r /repo --apply");
        scenarios.addDamaged(
                "repair-from",
                base -> {
                    run(base, "copy --wait 1 -r /repo --to /other");
                    damage(base);
                },
                "repair --wait 1 -r /repo --apply --from /other");
        scenarios.addDamaged(
                "repair-parity",
                base -> {
                    run(base, "parity --wait 1 -r /repo --percent 10");
                    damage(base);
                },
                "repair --wait 1 -r /repo --apply");
        scenarios.add("parity", base -> {}, "parity --wait 1 -r /repo --percent 10");
        scenarios.add("rebuild-index", base -> {}, "rebuild-index --wait 1 -r /repo");
        scenarios.add("copy", base -> {}, "copy --wait 1 -r /repo --to /other --no-progress");
        scenarios.add(
                "copy-encrypted", base -> {}, "copy --wait 1 -r /repo --to /sealed --to-key-file /key --no-progress");
        scenarios.add("export", base -> {}, "export -r /repo latest:m --to /out/x.varve --no-progress");
        scenarios.add(
                "import",
                base -> run(base, "export -r /repo latest:m --to /x.varve"),
                "import --wait 1 -r /other /x.varve --scratch /out --no-progress");
        scenarios.add("restore", base -> {}, "restore -r /repo latest:m --to /out/r.raw --threads 1 --no-progress");
        scenarios.add("restore-vhdx", base -> {}, "restore -r /repo latest:m --to /out/r.vhdx --threads 1");
        scenarios.add(
                "restore-in-place",
                base -> copyFile(base.resolve("night1.raw"), base.resolve("out/r.raw")),
                "restore -r /repo latest:m --to /out/r.raw --in-place --threads 1");
        scenarios.add("fsck", base -> {}, "fsck --wait 1 -r /repo --threads 1 --no-progress");
        scenarios.add("fsck-deep", base -> {}, "fsck --wait 1 -r /repo --deep --threads 1 --no-progress");
        scenarios.add("key-add", base -> {}, "key add -r /sealed --key-file /key --new-key-file /out/key2");
        scenarios.add("key-remove", FailureScenarios::addKey, "key remove -r /sealed --key-file /key @/second");
        scenarios.add(
                "key-rotate",
                base -> run(base, "key add -r /sealed --key-file /key --new-password-file /old"),
                "key rotate-passphrase -r /sealed --password-file /old --new-password-file /new");
        scenarios.add(
                "key-countersign",
                base -> {
                    run(base, "copy --wait 1 -r /repo --to /sealed --to-key-file /key");
                    run(base, "forget -r /sealed --machine m --keep-last 1");
                },
                "key countersign -r /sealed --key-file /key --all");
        scenarios.add(
                "backup-encrypted",
                base -> {},
                "backup --wait 1 -r /sealed --key-file /key --machine m --threads 1 d=/night3.raw");
        scenarios.add("snapshots", base -> {}, "snapshots -r /repo");
        scenarios.add("init", base -> {}, "init -r /out/new");
        return scenarios.all;
    }

    private void add(String name, Consumer<Path> more, String command) throws IOException {
        add(name, more, command, false);
    }

    private void addDamaged(String name, Consumer<Path> more, String command) throws IOException {
        add(name, more, command, true);
    }

    private void add(String name, Consumer<Path> more, String command, boolean damaged) throws IOException {
        Path base = temp.resolve("base-" + name);
        Path common = temp.resolve("base");
        if (Files.notExists(common)) {
            make(common);
        }
        copyTree(common, base);
        more.accept(base);
        all.add(new Scenario(name, base, List.of(command.split(" ")), damaged));
    }

    /** Three snapshots of two machines in a repository, and two repositories without any. */
    private static void make(Path base) throws IOException {
        Files.createDirectories(base.resolve("out"));
        byte[] content = new byte[DISK];
        new SplittableRandom(1).nextBytes(content);
        for (int night = 1; night <= 3; night++) {
            new SplittableRandom(night).nextBytes(content);
            System.arraycopy(new byte[40_000], 0, content, 8192, 40_000);
            Files.write(base.resolve("night" + night + ".raw"), content);
        }
        Files.write(base.resolve("empty.raw"), new byte[DISK]);
        Files.writeString(base.resolve("old"), "the old passphrase\n");
        Files.writeString(base.resolve("new"), "the new passphrase\n");
        Files.writeString(base.resolve("changes.json"), "[{\"offset\":0,\"length\":" + DISK + "}]");
        run(base, "init -r /repo --block-size 4KiB --pack-size 64KiB");
        run(base, "backup --wait 1 -r /repo --machine m --token t1 --time 2026-01-01T00:00:00Z d=/night1.raw");
        run(base, "backup --wait 1 -r /repo --machine n --token t1 --time 2026-01-01T00:00:00Z d=/night1.raw");
        run(base, "backup --wait 1 -r /repo --machine m --token t2 --time 2026-01-02T00:00:00Z d=/night2.raw");
        run(base, "init -r /other --block-size 4KiB");
        run(base, "init -r /sealed --block-size 4KiB --encrypt --new-key-file /key");
    }

    /** The third night as a VHDX and its parent: the first half is in the child, the second in the parent. */
    private static void chain(Path base) {
        Path parent = base.resolve("parent.vhdx");
        Path child = base.resolve("child.vhdx");
        try {
            ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(base.resolve("night3.raw")));
            try (DiskTarget target = VhdxTarget.create(parent, NewVhdx.ofSize(DISK), false)) {
                target.write(DISK / 2 / 512 * 512, content.position(DISK / 2 / 512 * 512));
                target.commit();
            }
            UUID state;
            try (VhdxChain opened = VhdxChain.open(new LocalFile(parent, Reader.AUTO), ParentSearch.sameFolder())) {
                state = opened.dataWriteGuids().get(0);
            }
            NewVhdx shape = NewVhdx.ofSize(DISK).asChildOf(NewParent.at(parent, child, state));
            try (DiskTarget target = VhdxDifferenceTarget.create(child, shape, false)) {
                target.write(0, content.position(0).limit(DISK / 2 / 512 * 512));
                target.commit();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One bit in the first pack of blocks. */
    private static void damage(Path base) {
        try (Stream<Path> packs = Files.walk(base.resolve("repo/packs"))) {
            Path largest = packs.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparingLong(file -> new File(file.toString()).length()))
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(largest);
            bytes[20_000] ^= 1;
            Files.write(largest, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a key and writes its id into the file {@code second}. */
    private static void addKey(Path base) {
        File keys = base.resolve("sealed/keys").toFile();
        Set<String> before = Set.of(keys.list());
        run(base, "key add -r /sealed --key-file /key --new-key-file /key2");
        String added = Stream.of(keys.list())
                .filter(name -> !before.contains(name))
                .findFirst()
                .orElseThrow();
        try {
            Files.writeString(base.resolve("second"), added.replace(".json", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name of the one object of a kind in the repository. */
    private static String only(Path directory, String kind) {
        String[] objects = new File(directory + "/repo/" + kind).list();
        return objects == null ? "none" : objects[0].replace(".json", "");
    }

    /** The words of a command line for the copy in {@code directory}; those with {@code @} are in a file. */
    static Object[] words(List<String> command, Path directory) {
        return command.stream()
                .map(word -> word.startsWith("{") ? only(directory, word.replaceAll("[{}]", "")) : word)
                .map(word -> word.startsWith("@/") ? content(Path.of(directory + word.substring(1))) : word)
                .map(word -> word.contains("=/") && !word.startsWith("--")
                        ? word.replace("=/", "=" + directory + "/")
                        : word.startsWith("/") ? directory + word : word)
                .toArray();
    }

    private static void run(Path base, String command) {
        Cli.Result result = Cli.run(words(List.of(command.split(" ")), base));
        if (result.code() > ExitCode.WARNINGS.code()) {
            throw new IllegalStateException(command + ": " + result);
        }
    }

    private static void copyFile(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
