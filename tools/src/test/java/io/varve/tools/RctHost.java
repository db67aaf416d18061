package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host with a VHDX, that the stand-in for {@code virtdisk.dll} tells of and QEMU writes to; and a repository. */
abstract class RctHost {
    static final String PROPERTY = "varve.virtdisk";
    static final int MIB = 1 << 20;

    /** Held, because JNA unloads a library that nobody refers to, and this one remembers which log it reads. */
    private NativeLibrary events;

    @TempDir
    Path temp;

    Path repo;
    Path disk;

    static int program(Path directory, String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("program.log").toFile())
                    .start();
            return process.waitFor();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void need(boolean there, String what) {
        if (System.getenv("CI") != null) {
            assertTrue(there, what + " is not installed");
        }
        assumeTrue(there, "skipped: " + what + " is not installed");
    }

    @BeforeEach
    void makeDisk() throws IOException {
        Path source =
                Path.of("..", "adapters", "src", "test", "native", "virtdisk.c").toAbsolutePath();
        int built = program(temp, "cc", "-shared", "-fPIC", "-O1", "-o", "standin.so", source.toString());
        need(built != -1, "a C compiler");
        assertEquals(0, built);
        need(program(temp, "qemu-io", "--version") == 0, "qemu-io");
        System.setProperty(PROPERTY, temp.resolve("standin.so").toString());
        repo = temp.resolve("repo");
        disk = temp.resolve("disk.vhdx");
        byte[] content = new byte[8 * MIB];
        new SplittableRandom(1).nextBytes(content);
        Path raw = Files.write(temp.resolve("first.raw"), content);
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "source", "system=" + raw).expect(ExitCode.DONE);
        Cli.run("restore", "-r", repo, "latest", "--to", disk).expect(ExitCode.DONE);
        Files.writeString(
                temp.resolve("disk.vhdx.standin"),
                "size " + content.length + "\nid " + diskId() + "\nrecent rctX:1\nsince rctX:0\n");
    }

    @AfterEach
    void forgetStandIn() {
        System.clearProperty(PROPERTY);
        System.clearProperty("varve.wevtapi");
    }

    /** An event log of the stand-in for {@code wevtapi.dll}; each line is an event. */
    Path eventLog() throws IOException {
        Path source =
                Path.of("..", "adapters", "src", "test", "native", "wevtapi.c").toAbsolutePath();
        assertEquals(0, program(temp, "cc", "-shared", "-fPIC", "-O1", "-o", "events.so", source.toString()));
        String library = temp.resolve("events.so").toString();
        System.setProperty("varve.wevtapi", library);
        Path log = temp.resolve("events");
        byte[] name = (log + "\0").getBytes(StandardCharsets.UTF_16LE);
        Memory memory = new Memory(name.length);
        memory.write(0, name, 0, name.length);
        events = NativeLibrary.getInstance(library);
        events.getFunction("StandinLog").invoke(new Object[] {memory});
        return log;
    }

    static String event(int record, int id, String file) {
        return "<Event><System><EventID>" + id + "</EventID><TimeCreated SystemTime='2026-11-28T23:15:00Z'/>"
                + "<EventRecordID>" + record + "</EventRecordID></System><EventData><Data>" + file
                + "</Data></EventData></Event>\n";
    }

    /** As it lies in the file and in memory: the first three parts are little-endian. */
    String diskId() throws IOException {
        return diskId(disk);
    }

    static String diskId(Path vhdx) throws IOException {
        JsonNode rows = Cli.run("vhdx", "info", vhdx, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("facts");
        for (JsonNode row : rows) {
            if (row.path("value").asText().matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
                    && row.path("field").asText().toLowerCase(Locale.ROOT).contains("disk id")) {
                return hex(UUID.fromString(row.path("value").asText()));
            }
        }
        throw new AssertionError("no virtual disk id in " + rows);
    }

    /** As {@link #tell}, of another disk in the folder. */
    void tellOf(String name, String... lines) throws IOException {
        Files.writeString(temp.resolve(name + ".standin"), String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
    }

    void tell(String... lines) throws IOException {
        Files.writeString(
                temp.resolve("disk.vhdx.standin"), String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
    }

    /** What Windows would read of the disk: what QEMU sees. */
    void show() throws IOException {
        assertEquals(0, program(temp, "qemu-img", "convert", "-f", "vhdx", "-O", "raw", "disk.vhdx", "seen.raw"));
        tell("content " + temp.resolve("seen.raw"));
    }

    JsonNode backUp() throws IOException {
        show();
        return Cli.run(
                        "backup",
                        "-r",
                        repo,
                        "--machine",
                        "vm",
                        "--via",
                        "rct",
                        "--audit",
                        "0",
                        "--json",
                        "system=" + disk)
                .expect(ExitCode.DONE)
                .json()
                .path("disks")
                .get(0);
    }

    void write(String value, int offset, int length) throws IOException {
        assertEquals(
                0,
                program(
                        temp,
                        "qemu-io",
                        "-f",
                        "vhdx",
                        "-c",
                        "write -P " + value + " " + offset + " " + length,
                        disk.toString()));
    }

    /** A GUID as the stand-in takes it: the bytes of the Windows structure in hex. */
    static String hex(UUID id) {
        String text = id.toString().replace("-", "");
        return text.substring(6, 8)
                + text.substring(4, 6)
                + text.substring(2, 4)
                + text.substring(0, 2)
                + text.substring(10, 12)
                + text.substring(8, 10)
                + text.substring(14, 16)
                + text.substring(12, 14)
                + text.substring(16);
    }
}
