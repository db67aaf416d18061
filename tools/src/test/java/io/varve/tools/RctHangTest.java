package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees when calls of Windows hang. */
@Timeout(120)
class RctHangTest extends RctHost {
    private static final String LIMIT = "varve.virtdisk.seconds";

    @AfterEach
    void letGo() throws IOException {
        System.clearProperty(LIMIT);
        Files.writeString(temp.resolve("over"), "");
    }

    private void hang(String call) throws IOException {
        tell("hang " + call + " " + temp.resolve("over"));
    }

    @Test
    void aQueryThatHangsIsGivenUpAndTheDiskIsReadWhole() throws IOException {
        System.setProperty(LIMIT, "1");
        backUp();
        write("0x5a", 3 * MIB, 65536);
        tell("since rctX:1", "recent rctX:2");
        hang("query");
        show();
        Cli.Result night = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("cannot tell what changed: Windows has not answered for 1 s"), night.err());
        assertTrue(night.err().contains("[change-tracking-failed]"), night.err());
        Path restored = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--to", restored).expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(temp.resolve("seen.raw"), restored));
    }

    @Test
    void anOpenThatHangsFailsTheSource() throws IOException {
        System.setProperty(LIMIT, "1");
        hang("open");
        for (List<String> command : List.of(
                List.of("rct", "status", disk.toString()),
                List.of("backup", "-r", repo.toString(), "--machine", "vm", "--via", "rct", "system=" + disk))) {
            String err =
                    Cli.run(command.toArray()).expect(ExitCode.SOURCE_FAILED).err();
            assertTrue(err.contains("cannot open this virtual disk: Windows has not answered for 1 s"), err);
        }
    }

    /** Long before the limit of five minutes. */
    @Test
    void aSignalEndsABackupThatWaitsForWindows() throws Exception {
        hang("attach");
        show();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + PROPERTY + "=" + System.getProperty(PROPERTY),
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.varve.tools.Varve"));
        command.addAll(List.of("backup", "-r", "" + repo, "--machine", "vm", "--via", "rct", "system=" + disk));
        Path err = temp.resolve("stderr.txt");
        Process backup = new ProcessBuilder(command).redirectError(err.toFile()).start();
        try {
            TimeUnit.SECONDS.sleep(5);
            assertTrue(backup.isAlive(), () -> "it has ended: " + read(err));
            backup.toHandle().destroy();
            assertTrue(backup.waitFor(20, TimeUnit.SECONDS), "it looks for a signal ten times a second");
        } finally {
            backup.destroyForcibly();
        }
        assertEquals(143, backup.exitValue(), () -> read(err));
        assertTrue(read(err).contains("stopped on request"), () -> read(err));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
