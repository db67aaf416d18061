package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.s3.MemoryS3;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command on a repository in a bucket, as an operator types it. */
class BucketCommandTest {
    private static final int SIZE = 6 << 20;

    @TempDir
    Path temp;

    private MemoryS3 service;
    private String repo;
    private byte[] content;

    @BeforeEach
    void start() throws IOException {
        service = MemoryS3.start();
        repo = place("main");
        content = new byte[SIZE];
        new SplittableRandom(3).nextBytes(content);
        java.util.Arrays.fill(content, 1 << 20, 3 << 20, (byte) 0);
        run("init", "-r", repo);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private String place(String prefix) {
        return "s3://bucket/" + prefix + "?endpoint=" + service.endpoint();
    }

    private static Cli.Result run(Object... arguments) {
        return Cli.run(arguments).expect(ExitCode.DONE);
    }

    private String night(int change) throws IOException {
        content[change] ^= 1;
        Path disk = Files.write(temp.resolve("disk.raw"), content);
        return run("backup", "-r", repo, "--machine", "m", disk, "--json")
                .json()
                .path("snapshotId")
                .asText();
    }

    private void restoresTo(String from, String snapshot, byte[] expected) throws IOException {
        Path out = temp.resolve("out.raw");
        run("restore", "-r", from, snapshot, "--to", out, "--force");
        assertArrayEquals(expected, Files.readAllBytes(out));
        Files.delete(out);
    }

    private List<String> objects(String directory) {
        return service.objects().keySet().stream()
                .filter(name -> name.startsWith("main/" + directory + "/"))
                .collect(Collectors.toList());
    }

    @Test
    void nightsAreKeptForgottenAndCollected() throws IOException {
        String first = night(0);
        final byte[] before = content.clone();
        String second = night(SIZE - 1);
        restoresTo(repo, first, before);
        restoresTo(repo, second, content);
        assertEquals(
                2,
                run("snapshots", "-r", repo, "--json").json().path("snapshots").size());
        run("fsck", "-r", repo, "--deep");
        run("diff", "-r", repo, first, second);
        run("stats", "-r", repo);
        run("jobs", "-r", repo);
        run("cat", "-r", repo, first, "--length", "10");
        run("protect", "-r", repo, first);
        run("unprotect", "-r", repo, first);
        run("forget", "-r", repo, first);
        run("unforget", "-r", repo, first);
        run("forget", "-r", repo, first);
        run("gc", "-r", repo, "--max-waste", "0");
        JsonNode collected = run("gc", "-r", repo, "--max-waste", "0", "--json").json();
        assertTrue(collected.path("traffic").path("delete").asLong() > 0, collected.toString());
        run("fsck", "-r", repo, "--read-data");
        restoresTo(repo, second, content);
        assertEquals(List.of(), objects("sessions"));
        assertEquals(List.of(), objects("claims"));
        assertEquals(List.of(), objects("tmp"));
    }

    @Test
    void aFreshComputerNeedsNothingButTheBucket() throws IOException {
        String snapshot = night(0);
        String id = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(service.objects().get("main/repository.json"))
                .path("repositoryId")
                .asText();
        Path home =
                io.varve.store.cache.CacheDirectory.path().resolve("buckets").resolve(id);
        assertTrue(Files.isDirectory(home), home.toString());
        try (var files = Files.walk(home)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        restoresTo(repo, snapshot, content);
        run("rebuild-index", "-r", repo);
        restoresTo(repo, snapshot, content);
    }

    @Test
    void copiesExportsAndImportsGoBothWays() throws IOException {
        String snapshot = night(0);
        Path folder = temp.resolve("folder");
        run("init", "-r", folder);
        run("copy", "-r", repo, "--to", folder);
        restoresTo(folder.toString(), snapshot, content);
        String second = place("second");
        run("init", "-r", second);
        run("copy", "-r", folder, "--to", second);
        restoresTo(second, snapshot, content);
        Path export = temp.resolve("one.tar");
        run("export", "-r", second, snapshot, "--to", export);
        String third = place("third");
        run("init", "-r", third);
        run("import", "-r", third, export);
        restoresTo(third, snapshot, content);
    }

    @Test
    void aDamagedPackIsFoundAndRepairedFromACopy() throws IOException {
        String snapshot = night(0);
        Path folder = temp.resolve("folder");
        run("init", "-r", folder);
        run("copy", "-r", repo, "--to", folder);
        String pack = objects("packs").stream()
                .max(java.util.Comparator.comparing(name -> service.objects().get(name).length))
                .orElseThrow();
        service.objects().get(pack)[5000] ^= 1;
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.REPOSITORY_DAMAGED);
        run("repair", "-r", repo, "--apply", "--from", folder);
        assertFalse(objects("quarantine").isEmpty());
        run("fsck", "-r", repo, "--deep");
        restoresTo(repo, snapshot, content);
    }

    @Test
    void encryptedWithKeysAndParity() throws IOException {
        String sealed = place("sealed");
        Path key = temp.resolve("key");
        run("init", "-r", sealed, "--encrypt", "--new-key-file", key, "--parity", "10");
        Path disk = Files.write(temp.resolve("disk.raw"), content);
        run("backup", "-r", sealed, "--key-file", key, "--machine", "m", disk);
        Path second = temp.resolve("second-key");
        run("key", "add", "-r", sealed, "--key-file", key, "--new-key-file", second);
        String keys = run("key", "list", "-r", sealed, "--json").out();
        assertEquals(
                2,
                new com.fasterxml.jackson.databind.ObjectMapper()
                        .readTree(keys)
                        .path("keys")
                        .size(),
                keys);
        Path out = temp.resolve("out.raw");
        run("restore", "-r", sealed, "--key-file", second, "latest", "--to", out);
        assertArrayEquals(content, Files.readAllBytes(out));
        Cli.run("restore", "-r", sealed, "latest", "--to", temp.resolve("no.raw"))
                .expect(ExitCode.LOCKED);
        service.objects()
                .forEach((name, bytes) -> assertFalse(
                        new String(bytes, StandardCharsets.ISO_8859_1)
                                .contains(new String(content, 0, 64, StandardCharsets.ISO_8859_1)),
                        name));
        run("fsck", "-r", sealed);
    }

    @Test
    void aCrashedSessionOfAnotherComputerIsListedAndDeclaredDead() throws IOException {
        night(0);
        String id = "01234567-89ab-4def-8123-456789abcdef";
        service.objects().put("main/claims/life." + id, new byte[0]);
        service.objects().put("main/sessions/" + id + ".json", "damaged".getBytes(StandardCharsets.UTF_8));
        assertTrue(run("sessions", "-r", repo).out().contains(id));
        Cli.run("sessions", "-r", repo, "--declare-dead", "no").expect(ExitCode.USAGE);
        run("gc", "-r", repo);
        assertTrue(run("sessions", "-r", repo).out().contains(id), "nobody here can tell that it is dead");
        run("sessions", "-r", repo, "--declare-dead", id);
        night(1);
        assertEquals("no sessions", run("sessions", "-r", repo).out().strip());
        assertEquals(List.of(), objects("claims"));
    }

    /** What the bucket is configured to do is said when a repository is created, and by fsck. */
    @Test
    void rulesOfTheBucketThatEndangerTheRepositoryAreNamed() throws IOException {
        service.configure("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        String versioned = place("versioned");
        assertTrue(run("init", "-r", versioned).err().contains("keeps old versions"));
        service.configure(
                "lifecycle",
                "<LifecycleConfiguration><Rule><Status>Enabled</Status>"
                        + "<Filter><Prefix></Prefix></Filter><Expiration><Days>30</Days>"
                        + "</Expiration></Rule></LifecycleConfiguration>");
        Cli.Result fsck = Cli.run("fsck", "-r", versioned).expect(ExitCode.WARNINGS);
        assertTrue(fsck.out().contains("lifecycle rule that deletes"), fsck.out());
        Cli.Result refused = Cli.run("init", "-r", place("ruled")).expect(ExitCode.REFUSED);
        assertTrue(refused.err().contains("nothing was created"), refused.err());
        service.configure(
                "lifecycle",
                "<LifecycleConfiguration><Rule><Status>Enabled</Status>"
                        + "<Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>30</Days>"
                        + "</Expiration></Rule></LifecycleConfiguration>");
        run("init", "-r", place("unruled"));
        service.ignoreCreateOnce();
        assertTrue(run("init", "-r", place("raced")).err().contains("If-None-Match is not kept"));
    }

    @Test
    void addressesThatCannotBeAreRefused() {
        for (String wrong : List.of(
                "s3://",
                "s3://UPPER/x",
                "s3://bucket/../x",
                "s3://bucket/x?secret=hush",
                "s3://bucket/x?endpoint=http://example.com",
                "s3://bucket/x?endpoint=https://user:hush@example.com",
                "s3://bucket/x?path-style=maybe")) {
            Cli.Result result = Cli.run("snapshots", "-r", wrong).expect(ExitCode.USAGE);
            assertFalse(result.err().contains("hush"), result.err());
        }
        Cli.Result occupied = Cli.run("init", "-r", repo);
        assertTrue(occupied.err().contains("a repository; nothing was changed"), occupied.err());
        Cli.Result missing = Cli.run("snapshots", "-r", place("nowhere"));
        assertTrue(missing.err().contains("varve init"), missing.err());
    }
}
