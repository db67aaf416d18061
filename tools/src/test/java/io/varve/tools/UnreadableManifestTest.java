package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot whose manifest cannot be read is damage (exit code 3) to who names it, and he is told what helps. */
class UnreadableManifestTest {
    @TempDir
    Path temp;

    private Path repo;

    private String backUp(String machine, Path disk) throws IOException {
        return Cli.run("backup", "-r", repo, "--machine", machine, "--json", disk)
                .expect(ExitCode.DONE)
                .json()
                .path("snapshotId")
                .asText();
    }

    @Test
    void namingItIsNoMistake() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Path disk = Files.write(temp.resolve("disk.raw"), new byte[] {1, 2, 3});
        String lost = backUp("m", disk);
        String sound = backUp("n", disk);
        Path manifest = repo.resolve("snapshots").resolve(lost + ".json");
        Files.writeString(manifest, Files.readString(manifest).substring(9));
        for (Object[] command : new Object[][] {
            {"forget", "-r", repo, lost},
            {"show", "-r", repo, lost},
            {"restore", "-r", repo, lost, "--to", temp.resolve("back.raw")}
        }) {
            Cli.Result result = Cli.run(command).expect(ExitCode.REPOSITORY_DAMAGED);
            assertTrue(result.err().contains("snapshots/" + lost + ".json"), result.err());
            assertTrue(result.err().contains("restore a copy of this file"), result.err());
        }
        Cli.run("forget", "-r", repo, "no-such-id").expect(ExitCode.USAGE);
        Files.move(manifest, temp.resolve("moved.json"));
        Cli.run("forget", "-r", repo, sound).expect(ExitCode.DONE);
    }

    /** Which is the latest cannot be known then; acting on the one before would be acting on the wrong night. */
    @Test
    void latestIsRefusedAndTheIdToUseIsNamed() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Path disk = Files.write(temp.resolve("disk.raw"), new byte[] {1, 2, 3});
        String older = backUp("m", disk);
        String newest = backUp("m", disk);
        Cli.run("protect", "-r", repo, older, newest).expect(ExitCode.DONE);
        Path manifest = repo.resolve("snapshots").resolve(newest + ".json");
        Files.writeString(manifest, Files.readString(manifest).substring(9));
        for (String latest : new String[] {"latest", "latest~0", "latest:m"}) {
            for (Object[] command : new Object[][] {
                {"unprotect", "-r", repo, latest},
                {"protect", "-r", repo, latest},
                {"forget", "-r", repo, latest},
                {"show", "-r", repo, latest},
                {"cat", "-r", repo, latest},
                {"export", "-r", repo, latest, "--to", temp.resolve("export.tar")},
                {"restore", "-r", repo, latest, "--to", temp.resolve("back.raw")}
            }) {
                Cli.Result result = Cli.run(command).expect(ExitCode.REPOSITORY_DAMAGED);
                assertTrue(result.err().contains("snapshots/" + newest + ".json"), result.err());
                assertTrue(result.err().contains(older), result.err());
            }
        }
        Cli.Result none = Cli.run("show", "-r", repo, "latest:m~1").expect(ExitCode.REPOSITORY_DAMAGED);
        assertTrue(none.err().contains("there is none"), none.err());
        assertFalse(Files.exists(temp.resolve("back.raw")));
        assertFalse(Files.exists(temp.resolve("export.tar")));
        Cli.run("restore", "-r", repo, older, "--to", temp.resolve("back.raw")).expect(ExitCode.WARNINGS);
        assertArrayEquals(Files.readAllBytes(disk), Files.readAllBytes(temp.resolve("back.raw")));
        Cli.Result protectedOnes = Cli.run("snapshots", "-r", repo);
        assertTrue(protectedOnes.out().contains("protected"), protectedOnes.out());
    }
}
