package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.index.ChunkIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/**
 * Makes the golden repository of a format version, once in its life. Not part of the suite; run by hand, in this
 * module:
 *
 * <pre>mvn test -pl store -Dtest=GoldenGenerator -Dvarve.golden=src/test/resources/golden/v2</pre>
 */
class GoldenGenerator {
    @Test
    void generate() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        GoldenWriter.write(target);
        tidy(target);
    }

    /**
     * The encrypted one; its key file and passphrase, which are no secrets, lie beside it.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateEncrypted -Dvarve.golden=…/golden/v1-encrypted</pre>
     */
    @Test
    void generateEncrypted() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        Path keyFile = target.resolveSibling(target.getFileName() + ".key");
        GoldenWriter.writeEncrypted(
                target,
                Credential.newKeyFile(keyFile),
                Credential.passphrase(EncryptedGoldenTest.PASSPHRASE.toCharArray()),
                Argon2.DEFAULT);
        tidy(target);
    }

    /**
     * The plain and the encrypted one with Zstandard, beside each other.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateZstd -Dvarve.golden=…/golden/v1-zstd</pre>
     */
    @Test
    void generateZstd() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        Path encrypted = target.resolveSibling(target.getFileName() + "-encrypted");
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        Path keyFile = target.resolveSibling(encrypted.getFileName() + ".key");
        GoldenWriter.writeZstd(target, encrypted, Credential.newKeyFile(keyFile), Argon2.DEFAULT);
        tidy(target);
        tidy(encrypted);
    }

    /**
     * One snapshot of a machine of no disks, with the state of its source and files of several pieces.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateState -Dvarve.golden=…/golden/v1-state</pre>
     */
    @Test
    void generateState() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        GoldenWriter.writeState(target);
        tidy(target);
    }

    /**
     * One snapshot of a machine of no disks, with tags and a note.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateLabels -Dvarve.golden=…/golden/v1-labels</pre>
     */
    @Test
    void generateLabels() throws IOException {
        Path target = Path.of(System.getProperty("varve.golden"));
        assertFalse(Files.exists(target), target + ": a golden repository is kept for ever");
        GoldenWriter.writeLabels(target);
        tidy(target);
    }

    /**
     * Exports of the first snapshot of a golden repository.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateExport -Dvarve.golden=…/golden/v1</pre>
     */
    @Test
    void generateExport() throws IOException {
        Path golden = Path.of(System.getProperty("varve.golden"));
        Path target = golden.resolveSibling(golden.getFileName() + "-export.varve");
        assertFalse(Files.exists(target), target + ": a golden export is kept for ever");
        Path copy = Files.createTempDirectory("golden");
        copy(golden, copy);
        Files.write(target, ExportedGoldenTest.export(copy));
    }

    /**
     * Parity of a golden repository's packs.
     *
     * <pre>mvn test -pl store -Dtest=GoldenGenerator#generateParity -Dvarve.golden=…/golden/v1</pre>
     */
    @Test
    void generateParity() throws IOException {
        Path golden = Path.of(System.getProperty("varve.golden"));
        Path target = golden.resolveSibling(golden.getFileName() + "-parity");
        assertFalse(Files.exists(target), target + ": golden parity is kept for ever");
        Path copy = Files.createTempDirectory("golden");
        copy(golden, copy);
        ParityGoldenTest.write(copy);
        copy(copy.resolve("parity"), target);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }

    private static void tidy(Path target) throws IOException {
        ChunkIndex.delete(target.resolve("index"));
        for (String extra : new String[] {"sessions", "tmp"}) {
            try (var tree = Files.walk(target.resolve(extra))) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
