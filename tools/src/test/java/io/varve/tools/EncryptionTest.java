package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.json.SealedJson;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted repository, as an operator meets it. */
class EncryptionTest {
    private static final String MARK = "This sentence is on the disk and must not be in the repository. ";
    private static final int SIZE = 3 << 20;

    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private Path key;
    private byte[] content;
    private String repositoryId;

    @BeforeEach
    void encryptedRepositoryAndDisk() throws IOException {
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.raw");
        key = temp.resolve("host.key");
        content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        Arrays.fill(content, 1 << 20, 2 << 20, (byte) 0);
        byte[] text = MARK.repeat(2000).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, content, 300_000, text.length);
        System.arraycopy(text, 0, content, 2_500_000, 64);
        Files.write(disk, content);
        repositoryId = Cli.run("init", "-r", repo, "--encrypt", "--new-key-file", key, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("repositoryId")
                .textValue();
    }

    @AfterEach
    void forgetWhatWasSeen() throws IOException {
        Files.deleteIfExists(memory());
    }

    /** The memory can only tell of a roll-back: without it everything else works, and somebody says so. */
    @Test
    void aMemoryThatCannotBeReadStopsNothing() throws IOException {
        run("backup", "--machine", "m", "--key-file", key, disk).expect(ExitCode.DONE);
        Files.deleteIfExists(memory());
        Files.createDirectories(memory());
        Cli.Result listed = run("snapshots", "--key-file", key).expect(ExitCode.DONE);
        assertTrue(listed.err().contains(memory() + ": cannot be read"), listed.err());
        Path back = temp.resolve("back.raw");
        run("restore", "latest", "--key-file", key, "--to", back).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
        JsonNode fsck =
                run("fsck", "--key-file", key, "--json").expect(ExitCode.DONE).json();
        assertEquals("memory-unreadable", fsck.at("/findings/0/code").asText(), fsck::toString);
    }

    private Path memory() {
        return CacheDirectory.path().resolve("seen").resolve(repositoryId + ".json");
    }

    private Cli.Result run(String command, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "-r", repo));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray());
    }

    private Cli.Result backUp() {
        return run("backup", "--machine", "m", "--key-file", key, disk);
    }

    private Path password(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text + "\n");
    }

    private List<Path> files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Whoever can write there could put any number of them: no command reads them all, each says what to do. */
    @Test
    void moreKeysThanThereMayBe() throws IOException {
        backUp().expect(ExitCode.DONE);
        List<Path> others = new ArrayList<>();
        for (int number = 0; number < 1000; number++) {
            others.add(Files.writeString(repo.resolve("keys").resolve(String.format("%016x.json", number)), "{}"));
        }
        String fsck = run("fsck").expect(ExitCode.REPOSITORY_DAMAGED).out();
        assertTrue(fsck.contains("[too-many-keys]"), fsck);
        Cli.Result list = Cli.run("key", "list", "-r", repo);
        for (Cli.Result refused : List.of(backUp(), list, run("export", "latest", "--to", "-"))) {
            refused.expect(ExitCode.REPOSITORY_DAMAGED);
            assertTrue(refused.err().contains("move the files you do not recognise out of keys/"), refused.err());
        }
        for (Path other : others) {
            Files.delete(other);
        }
        backUp().expect(ExitCode.DONE);
        run("fsck").expect(ExitCode.DONE);
    }

    @Test
    void thereAndBack() throws IOException {
        backUp().expect(ExitCode.DONE);
        byte[] first = content.clone();
        content[70_000] ^= 1;
        Files.write(disk, content);
        JsonNode night = run("backup", "--machine", "m", "--key-file", key, "--json", disk)
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65536, night.at("/disks/0/changedBytes").asLong());
        Path back = temp.resolve("back.raw");
        run("restore", "latest~1", "--to", back, "--key-file", key).expect(ExitCode.DONE);
        assertArrayEquals(first, Files.readAllBytes(back));
        JsonNode inPlace = run("restore", "latest", "--to", back, "--in-place", "--json", "--key-file", key)
                .expect(ExitCode.DONE)
                .json();
        assertEquals(65536, inPlace.path("writtenBytes").asLong());
        assertArrayEquals(content, Files.readAllBytes(back));
        Cli.Result fsck = run("fsck", "--deep", "--key-file", key).expect(ExitCode.DONE);
        assertTrue(fsck.out().contains("clean"), fsck.out());
        assertFalse(fsck.out().contains("no-key"), fsck.out());
    }

    /** The largest block, sealed as it is, is longer than any plaintext. */
    @Test
    void theLargestBlocksOfNoiseComeBack() throws IOException {
        Path largest = temp.resolve("largest");
        Cli.run("init", "-r", largest, "--encrypt", "--key-file", key, "--block-size", "4MiB")
                .expect(ExitCode.DONE);
        byte[] noise = new byte[5 << 20];
        new SplittableRandom(1).nextBytes(noise);
        Files.write(disk, noise);
        Cli.run("backup", "-r", largest, "--machine", "m", "--key-file", key, disk)
                .expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", largest, "latest", "--to", back, "--key-file", key)
                .expect(ExitCode.DONE);
        assertArrayEquals(noise, Files.readAllBytes(back));
        Cli.forgetWhatWasSeen(temp);
    }

    @Test
    void theOperatorWithoutAKeyCanLookCheckAndForget() throws IOException {
        backUp().expect(ExitCode.DONE);
        content[0] ^= 1;
        Files.write(disk, content);
        backUp().expect(ExitCode.DONE);
        run("snapshots").expect(ExitCode.DONE);
        run("show", "latest").expect(ExitCode.DONE);
        JsonNode diff = run("diff", "latest~1", "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(diff.toString().contains("65536"), diff::toString);
        run("stats").expect(ExitCode.DONE);
        run("rebuild-index").expect(ExitCode.DONE);
        Cli.Result fsck = run("fsck", "--read-data").expect(ExitCode.DONE);
        assertTrue(fsck.out().contains("[no-key]") && fsck.out().contains("clean"), fsck.out());
        assertTrue(
                Cli.run("key", "list", "-r", repo).expect(ExitCode.DONE).out().contains("key-file"));
        run("forget", "latest").expect(ExitCode.DONE);
        run("snapshots", "--key-file", key).expect(ExitCode.DONE); // on record: no roll-back
    }

    @Test
    void collectionNeedsNoKey() throws IOException {
        for (int night = 0; night < 3; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            backUp().expect(ExitCode.DONE);
        }
        Cli.Result forget = run("forget", "--keep-last", 1).expect(ExitCode.DONE);
        assertTrue(forget.err().contains("no key was given"), forget.err());
        long before = packBytes();
        run("gc", "--max-delete", 90).expect(ExitCode.DONE);
        run("gc", "--max-delete", 90).expect(ExitCode.DONE);
        assertTrue(packBytes() < before / 2, before + " bytes, then " + packBytes());
        run("fsck", "--deep", "--key-file", key).expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        run("restore", "latest", "--to", back, "--key-file", key).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
    }

    private long packBytes() throws IOException {
        long bytes = 0;
        for (Path file : files(repo.resolve("packs"))) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void withoutTheKeyNoDataGoesInOrOut() throws IOException {
        backUp().expect(ExitCode.DONE);
        Path other = temp.resolve("other.key");
        Cli.run("init", "-r", temp.resolve("repo2"), "--encrypt", "--new-key-file", other)
                .expect(ExitCode.DONE);
        Path target = temp.resolve("x.raw");
        for (Object[] given : new Object[][] {
            {},
            {"--key-file", other},
            {"--key-file", temp.resolve("missing")},
            {"--key-file", disk},
            {"--password-file", password("pw", "secret")},
            {"--password-command", "exit 3"},
        }) {
            for (Object[] command : new Object[][] {
                {"backup", "-r", repo, "--machine", "m", disk},
                {"restore", "-r", repo, "latest", "--to", target},
                {"cat", "-r", repo, "latest", "--json", "--length", "10"},
                {"fsck", "-r", repo, "--deep"},
            }) {
                List<Object> line = new ArrayList<>(List.of(command));
                line.addAll(List.of(given));
                Cli.run(line.toArray()).expect(ExitCode.LOCKED);
            }
        }
        assertFalse(Files.exists(target));
        assertEquals(1, run("snapshots", "--json").json().path("snapshots").size());
    }

    @Test
    void passphrasesComeAndGo() throws IOException {
        Path old = password("old", "correct horse");
        Path fresh = password("new", "battery staple");
        Cli.run("key", "add", "-r", repo, "--key-file", key, "--new-password-file", old, "--label", "operator")
                .expect(ExitCode.DONE);
        run("backup", "--machine", "m", "--password-file", old, disk).expect(ExitCode.DONE);
        Cli.run("key", "rotate-passphrase", "-r", repo, "--key-file", key, "--new-password-file", fresh)
                .expect(ExitCode.USAGE);
        Cli.run("key", "rotate-passphrase", "-r", repo, "--password-file", old, "--new-password-file", fresh)
                .expect(ExitCode.DONE);
        run("fsck", "--deep", "--password-file", old).expect(ExitCode.LOCKED);
        run("fsck", "--deep", "--password-command", "cat " + fresh).expect(ExitCode.DONE);
        JsonNode keys = Cli.run("key", "list", "-r", repo, "--json").json().path("keys");
        assertEquals(2, keys.size());
        String passphrase = null;
        String keyFile = null;
        for (JsonNode entry : keys) {
            if (entry.path("kind").textValue().equals("passphrase")) {
                passphrase = entry.path("id").textValue();
                assertEquals("operator", entry.path("label").textValue());
            } else {
                keyFile = entry.path("id").textValue();
            }
        }
        Cli.run("key", "remove", "-r", repo, "--key-file", key, keyFile).expect(ExitCode.USAGE);
        Cli.run("key", "remove", "-r", repo, "--key-file", key, passphrase).expect(ExitCode.DONE);
        run("fsck", "--deep", "--password-file", fresh).expect(ExitCode.LOCKED);
        run("fsck", "--deep", "--key-file", key).expect(ExitCode.DONE);
    }

    @Test
    void noPlaintextInAnyObject() throws IOException {
        backUp().expect(ExitCode.DONE);
        byte[] piece = MARK.substring(0, 24).getBytes(StandardCharsets.US_ASCII);
        byte[] random = Arrays.copyOfRange(content, 100, 116);
        byte[] keyText = Files.readAllBytes(key);
        byte[] digest = io.varve.store.chunk.ChunkHasher.newSha256().digest(Arrays.copyOf(content, 65536));
        for (Path file : files(repo)) {
            byte[] bytes = Files.readAllBytes(file);
            assertFalse(contains(bytes, piece), file + ": text");
            assertFalse(contains(bytes, random), file + ": noise");
            assertFalse(contains(bytes, digest), file + ": a plain digest of a block");
            assertFalse(contains(bytes, Arrays.copyOf(keyText, 40)), file + ": the key");
        }
        assertTrue(contains(content, piece) && contains(content, random), "the search finds what is there");
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aRepositoryPutBackIsNoticed() throws IOException {
        backUp().expect(ExitCode.DONE);
        Path copy = temp.resolve("copy");
        copyTree(repo, copy);
        content[0] ^= 1;
        Files.write(disk, content);
        backUp().expect(ExitCode.DONE);
        run("snapshots", "--key-file", key).expect(ExitCode.DONE);
        deleteTree(repo);
        copyTree(copy, repo);
        for (int i = 0; i < 2; i++) {
            Cli.Result result = run("snapshots", "--key-file", key).expect(ExitCode.WARNINGS);
            assertTrue(result.err().contains("ROLLED BACK"), result.err());
        }
        assertTrue(backUp().expect(ExitCode.WARNINGS).err().contains("ROLLED BACK"));
        Cli.Result fsck = run("fsck", "--key-file", key).expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(fsck.out().contains("[rolled-back]"), fsck.out());
        Files.delete(memory());
        run("snapshots", "--key-file", key).expect(ExitCode.DONE);
    }

    /** An attacker turns the repository into a plain one, in the hope that plaintext comes next. */
    @Test
    void aRepositoryThatPretendsToBePlainGetsNoPlaintext() throws IOException {
        Path plain = temp.resolve("plain");
        Cli.run("init", "-r", plain).expect(ExitCode.DONE);
        Files.copy(
                plain.resolve("repository.json"),
                repo.resolve("repository.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        backUp().expect(ExitCode.REPOSITORY_DAMAGED); // it has keys
        deleteTree(repo.resolve("keys"));
        backUp().expect(ExitCode.LOCKED);
        assertEquals(List.of(), files(repo.resolve("packs")));
    }

    @Test
    void damageIsDamageNotAWrongKey() throws IOException {
        backUp().expect(ExitCode.DONE);
        for (Path pack : files(repo.resolve("packs"))) {
            byte[] bytes = Files.readAllBytes(pack);
            bytes[40 + 64 + 30] ^= 1; // in the first payload
            Files.write(pack, bytes);
        }
        run("fsck", "--read-data").expect(ExitCode.REPOSITORY_DAMAGED);
        run("restore", "latest", "--to", temp.resolve("x.raw"), "--key-file", key)
                .expect(ExitCode.REPOSITORY_DAMAGED);
    }

    private void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path path : tree.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** A seal makes the largest incompressible block longer than any plaintext. */
    @Test
    void theLargestBlocksComeBack() throws IOException {
        repo = temp.resolve("large");
        key = temp.resolve("large.key");
        repositoryId = run("init", "--encrypt", "--new-key-file", key, "--block-size", "4MiB", "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("repositoryId")
                .textValue();
        content = new byte[9 << 20];
        new SplittableRandom(2).nextBytes(content);
        Files.write(disk, content);
        backUp().expect(ExitCode.DONE);
        Path back = temp.resolve("back.raw");
        run("restore", "latest", "--to", back, "--key-file", key).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
        run("fsck", "--deep", "--key-file", key).expect(ExitCode.DONE);
    }

    private List<String> findings() throws IOException {
        List<String> codes = new ArrayList<>();
        run("fsck", "--key-file", key, "--json")
                .json()
                .path("findings")
                .forEach(finding -> codes.add(finding.path("code").asText()));
        return codes;
    }

    /**
     * Records that somebody without the key made are told, can be vouched for, and do not count when they are forged.
     */
    @Test
    void recordsOfForgettingAreSignedWhereTheKeyIs() throws IOException {
        for (int night = 0; night < 4; night++) {
            backUp().expect(ExitCode.DONE);
        }
        run("forget", "latest~3", "--key-file", key).expect(ExitCode.DONE);
        assertEquals(List.of(), findings(), "signed");
        run("forget", "latest~2").expect(ExitCode.DONE);
        assertEquals(List.of("forgotten-unsigned"), findings());
        JsonNode unsigned = Cli.run("key", "countersign", "-r", repo, "--key-file", key, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("unsignedRecords");
        assertEquals(1, unsigned.size(), unsigned::toString);
        String id = unsigned.at("/0/snapshotId").asText();
        Cli.run("key", "countersign", "-r", repo, "--key-file", key, "00000000").expect(ExitCode.USAGE);
        Cli.run("key", "countersign", "-r", repo, "--key-file", key, id).expect(ExitCode.DONE);
        assertEquals(List.of(), findings(), "vouched for");

        Path record = repo.resolve("forgotten").resolve(id + ".json");
        Files.write(record, resealed(record, "machine", "another"));
        assertEquals(List.of("forgotten-unsigned"), findings(), "another record than was vouched for");
        Path signed;
        try (Stream<Path> files = Files.list(repo.resolve("forgotten"))) {
            signed = files.filter(file -> !file.equals(record)).findFirst().orElseThrow();
        }
        Files.write(signed, resealed(signed, "machine", "another"));
        assertTrue(findings().contains("forgotten-record-forged"), findings()::toString);
    }

    /** The file with a field changed and its digest made anew, as anybody can; the MAC is left as it was. */
    private static byte[] resealed(Path file, String field, String value) throws IOException {
        ObjectNode json =
                SealedJson.decode(Files.readAllBytes(file), "record").tree().deepCopy();
        json.remove("digest");
        return SealedJson.encode(json.put(field, value));
    }
}
