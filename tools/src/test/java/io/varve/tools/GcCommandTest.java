package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collection as an operator types it. */
class GcCommandTest {
    @TempDir
    Path temp;

    @Test
    void forgetCollectAndRestore() throws IOException {
        Path repo = temp.resolve("repo");
        Path disk = temp.resolve("disk.raw");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        byte[] content = new byte[3 << 20];
        for (int night = 0; night < 3; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            Cli.run("backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.DONE);
        }
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        Cli.Result refused = Cli.run("gc", "-r", repo);
        assertTrue(refused.expect(ExitCode.REFUSED).err().contains("--max-delete"), refused.err());
        JsonNode plan = Cli.run("gc", "-r", repo, "--max-delete", 70, "--dry-run", "--json")
                .expect(ExitCode.DONE)
                .json();
        JsonNode condemned = Cli.run("gc", "-r", repo, "--max-delete", 70, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(plan.path("condemnedPackCount"), condemned.path("condemnedPackCount"));
        assertTrue(condemned.path("condemnedPackCount").asInt() > 0, condemned.toString());
        assertTrue(Cli.run("fsck", "-r", repo, "--deep")
                .expect(ExitCode.DONE)
                .out()
                .contains("to be deleted by the next gc"));
        Cli.run("unforget", "-r", repo).expect(ExitCode.DONE);

        // Everything can still be had back.
        assertTrue(
                Cli.run("gc", "-r", repo, "--undo").expect(ExitCode.DONE).out().contains("reinstated"));
        String id = Cli.run("unforget", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .at("/snapshots/0/id")
                .asText();
        Cli.run("unforget", "-r", repo, id).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, id).expect(ExitCode.DONE);

        Cli.run("gc", "-r", repo, "--max-delete", 70).expect(ExitCode.DONE);
        Cli.Result deleted = Cli.run("gc", "-r", repo).expect(ExitCode.DONE);
        assertTrue(deleted.out().contains("deleted"), deleted.out());
        assertTrue(Cli.run("unforget", "-r", repo).expect(ExitCode.DONE).out().contains("no forgotten snapshots"));
        long size = 0;
        try (var files = Files.walk(repo.resolve("packs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
        }
        assertTrue(size < (3 << 20) * 1.1, "one night of 3 MiB takes " + size);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, "latest", "--to", back).expect(ExitCode.DONE);
        assertArrayEquals(content, Files.readAllBytes(back));
        Cli.run("gc", "-r", repo, "--max-waste", 101).expect(ExitCode.USAGE);
        Cli.run("gc", "-r", repo, "--undo", "--dry-run").expect(ExitCode.USAGE);
    }
}
