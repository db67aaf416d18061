package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is said where there is no Windows; {@code tools/acceptance/windows} takes shadow copies from a stand-in. */
@DisabledOnOs(OS.WINDOWS)
class VssCommandTest {
    private static final String VM = "7802ce25-83f1-48e0-9637-941262284282";

    @TempDir
    private Path temp;

    @Test
    void withoutWindowsThereIsNoSource() throws IOException {
        Cli.Result list = Cli.run("vss", "list").expect(ExitCode.SOURCE_FAILED);
        assertTrue(list.err().contains("expected 64-bit Windows") && list.err().contains("found Linux"), list.err());
        Cli.run("vss", "list", "--json").expect(ExitCode.SOURCE_FAILED).json();
    }

    @Test
    void aBackupThatCannotFreezeCommitsNothing() {
        String repo = temp.resolve("repo").toString();
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("vss", "backup", "-r", repo, "--machine", "web1", "--vm", VM).expect(ExitCode.SOURCE_FAILED);
        String jobs = Cli.run("jobs", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(jobs.contains("web1"), jobs);
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
    }

    @Test
    void machinesAreNamedByTheirGuid() {
        String repo = temp.resolve("repo").toString();
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.Result named = Cli.run("vss", "backup", "-r", repo, "--machine", "web1", "--vm", "web1")
                .expect(ExitCode.USAGE);
        assertTrue(named.err().contains("--vm"), named.err());
    }
}
