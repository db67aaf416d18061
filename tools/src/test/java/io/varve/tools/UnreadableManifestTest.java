package io.varve.tools;

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
}
