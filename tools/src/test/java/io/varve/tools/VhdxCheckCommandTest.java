package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code varve vhdx check} through the command line, on a VHDX that the program restored itself. */
class VhdxCheckCommandTest {
    private static final int BAT_BLOCK_1 = (3 << 20) + 8;

    @TempDir
    Path temp;

    private Path vhdx;

    @BeforeEach
    void restore() throws IOException {
        Path raw = temp.resolve("disk.raw");
        byte[] content = new byte[4 << 20];
        java.util.Arrays.fill(content, (byte) 5);
        Files.write(raw, content);
        Path repo = temp.resolve("repo");
        vhdx = temp.resolve("disk.vhdx");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "m", "--no-progress", raw).expect(ExitCode.DONE);
        Cli.run("restore", "-r", repo, "latest", "--to", vhdx, "--block-size", "1MiB")
                .expect(ExitCode.DONE);
    }

    private void write(long offset, long value) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(vhdx.toFile(), "rw")) {
            file.seek(offset);
            file.writeLong(Long.reverseBytes(value));
        }
    }

    @Test
    void whatWeWriteIsSound() {
        Cli.Result result = Cli.run("vhdx", "check", vhdx).expect(ExitCode.DONE);
        assertEquals(vhdx + ": sound", result.out().strip());
    }

    @Test
    void warningsAndErrorsHaveExitCodes() throws IOException {
        write(140 << 10, 1);
        Cli.Result remark = Cli.run("vhdx", "check", vhdx).expect(ExitCode.DONE);
        assertTrue(remark.out().contains("sound") && remark.out().contains("stale-bytes"), remark.out());
        write((64 << 10) + 100, 1);
        Cli.Result odd = Cli.run("vhdx", "check", vhdx).expect(ExitCode.WARNINGS);
        assertTrue(odd.out().contains("odd, can be read") && odd.out().contains("header-damaged"), odd.out());
        write(BAT_BLOCK_1, 5);
        Cli.Result bad = Cli.run("vhdx", "check", vhdx).expect(ExitCode.SOURCE_FAILED);
        assertTrue(bad.out().contains("BAD") && bad.out().contains("bat-state"), bad.out());
        assertTrue(bad.err().contains("1 of 1 file with errors"), bad.err());
    }

    @Test
    void jsonNamesCodeOffsetAndRange() throws IOException {
        write(BAT_BLOCK_1, 5);
        JsonNode json = Cli.run("vhdx", "check", vhdx, "--json")
                .expect(ExitCode.SOURCE_FAILED)
                .json();
        assertEquals("bad", json.at("/chains/0/verdict").asText());
        JsonNode finding = json.at("/chains/0/members/0/findings/0");
        assertEquals("error", finding.get("severity").asText());
        assertEquals("bat-state", finding.get("code").asText());
        assertEquals(BAT_BLOCK_1, finding.get("offset").asLong());
        assertEquals(1 << 20, finding.at("/virtualRange/offset").asLong());
        assertEquals("source-failed", json.get("result").asText());
    }

    @Test
    void filesThatAreNone() throws IOException {
        Path no = temp.resolve("no.vhdx");
        Cli.run("vhdx", "check", no).expect(ExitCode.SOURCE_FAILED);
        Files.write(no, new byte[0]);
        Cli.Result both = Cli.run("vhdx", "check", vhdx, no).expect(ExitCode.SOURCE_FAILED);
        assertTrue(both.out().contains("sound") && both.out().contains("file-identifier"), both.out());
        // Raw and VHD files are sources like others: not bad, but none of this command's business.
        Path raw = Files.write(temp.resolve("disk.raw"), new byte[1 << 20]);
        byte[] footer = new byte[512];
        System.arraycopy("conectix".getBytes(StandardCharsets.US_ASCII), 0, footer, 0, 8);
        Path vhd = Files.write(temp.resolve("disk.vhd"), footer);
        for (Path other : new Path[] {raw, vhd, no}) {
            String said = Cli.run("vhdx", "check", other)
                    .expect(ExitCode.SOURCE_FAILED)
                    .out();
            assertTrue(said.matches("(?s).*: not recognized as a VHDX: \\d+ errors?; raw and VHD files are.*"), said);
            assertFalse(said.contains("BAD") || said.contains("refused"), said);
        }
    }

    @Test
    void aFileThatCannotBeReadDoesNotHideTheNext() throws IOException {
        Path absent = temp.resolve("absent.vhdx");
        Cli.Result both = Cli.run("vhdx", "check", absent, vhdx).expect(ExitCode.SOURCE_FAILED);
        assertTrue(both.out().contains(vhdx + ": sound"), both.out());
        assertTrue(both.err().contains(absent + ": cannot be checked"), both.err());
        JsonNode json = Cli.run("vhdx", "check", absent, vhdx, "--json")
                .expect(ExitCode.SOURCE_FAILED)
                .json();
        assertEquals("unreadable", json.at("/chains/0/verdict").asText());
        assertEquals("sound", json.at("/chains/1/verdict").asText());
    }
}
