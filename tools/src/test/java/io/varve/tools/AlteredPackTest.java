package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack that somebody else removed, cut off or appended to: the next backup does not rely on it. */
class AlteredPackTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path disk;
    private byte[] content;

    @BeforeEach
    void oneNight() throws IOException {
        repo = temp.resolve("repo");
        content = new byte[300_000];
        new SplittableRandom(1).nextBytes(content);
        disk = Files.write(temp.resolve("disk.raw"), content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        backUp().expect(ExitCode.DONE);
    }

    private Cli.Result backUp() {
        return Cli.run("backup", "-r", repo, "--machine", "m", "d=" + disk);
    }

    private Path largestPack() throws IOException {
        try (var files = Files.walk(repo.resolve("packs"))) {
            return files.filter(Files::isRegularFile)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    private void isStoredAgain(Path pack, String... said) throws IOException {
        Cli.Result result = backUp().expect(ExitCode.WARNINGS);
        assertTrue(result.err().contains(pack.getFileName().toString()), result.err());
        for (String part : said) {
            assertTrue(result.err().contains(part), result.err());
        }
        Path back = temp.resolve("back");
        Cli.run("restore", "-r", repo, "latest", "--to", back, "--force").expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
    }

    @Test
    void aPackThatIsGone() throws IOException {
        Path pack = largestPack();
        Files.delete(pack);
        isStoredAgain(pack, "missing", "varve fsck");
    }

    @Test
    void aPackThatWasCutOff() throws IOException {
        Path pack = largestPack();
        byte[] whole = Files.readAllBytes(pack);
        Files.write(pack, Arrays.copyOf(whole, whole.length / 2));
        isStoredAgain(
                pack,
                "is " + whole.length / 2 + " bytes long instead of " + whole.length,
                "varve fsck",
                "varve repair");
    }

    @Test
    void aPackThatGrew() throws IOException {
        Path pack = largestPack();
        byte[] whole = Files.readAllBytes(pack);
        Files.write(pack, Arrays.copyOf(whole, whole.length + 1));
        isStoredAgain(pack, "is " + (whole.length + 1) + " bytes long instead of " + whole.length);
        Cli.run("repair", "-r", repo, "--apply").expect(ExitCode.DONE);
        Cli.run("fsck", "-r", repo, "--read-data").expect(ExitCode.DONE);
    }

    /**
     * Everything that deduplicates finds it, not only backup. The copy itself lacks nothing, so it is told in passing.
     */
    @Test
    void aCopyIntoTheRepositoryStoresItAgain() throws IOException {
        Path from = temp.resolve("from");
        Cli.run("init", "-r", from).expect(ExitCode.DONE);
        Cli.run("backup", "-r", from, "--machine", "n", "d=" + disk).expect(ExitCode.DONE);
        Path pack = largestPack();
        Files.write(pack, Arrays.copyOf(Files.readAllBytes(pack), 100));
        Cli.Result result = Cli.run("copy", "-r", from, "--to", repo).expect(ExitCode.DONE);
        assertTrue(result.err().contains("is 100 bytes long"), result.err());
        Path back = temp.resolve("back");
        Cli.run("restore", "-r", repo, "latest:n", "--to", back).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
    }
}
