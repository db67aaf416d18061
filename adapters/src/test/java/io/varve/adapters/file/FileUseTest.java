package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.Program;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileUseTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/fd")), "only Linux tells who uses a file");
        file = Files.write(folder.resolve("disk image"), new byte[4096]);
    }

    private static void assertOne(String words, List<String> found) {
        assertEquals(1, found.size(), "" + found);
        assertTrue(found.get(0).contains(words), "" + found);
    }

    @Test
    void nobodyButReaders() throws IOException {
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            assertTrue(reader.isOpen());
            assertEquals(List.of(), FileUse.writers(file));
            assertEquals(List.of(), FileUse.users(file));
        }
        assertEquals(List.of(), FileUse.users(folder.resolve("none")));
    }

    @Test
    void aWriterIsNamed() throws IOException {
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertTrue(writer.isOpen());
            String process = "(process " + ProcessHandle.current().pid() + ")";
            assertOne(process, FileUse.writers(file));
            assertOne(process, FileUse.users(file));
            // Under another name the program is not found, but that there is one is known.
            Path link = Files.createLink(folder.resolve("other name"), file);
            Assumptions.assumeTrue(
                    LinuxCalls.isUsable()
                            && LEASES_HERE.contains(Files.getFileStore(file).type()),
                    "no leases on this file system");
            assertOne("open for writing by a program not visible from here", FileUse.writers(link));
        }
        assertEquals(List.of(), FileUse.writers(file));
    }

    private static final List<String> LEASES_HERE = List.of("ext4", "xfs", "btrfs", "tmpfs", "overlay");

    /** The bytes QEMU locks, locked by this process: the question is asked with a descriptor of its own. */
    @Test
    void locksOfQemu() throws IOException {
        Assumptions.assumeTrue(LinuxCalls.isUsable(), "no native calls here");
        for (long use : new long[] {101, 103}) {
            assertOne("locked for writing by QEMU", whileLocked(use, FileUse::writers));
            assertOne("locked for writing by QEMU", whileLocked(use, FileUse::users));
        }
        for (long use : new long[] {100, 102, 200, 201, 203}) {
            assertEquals(List.of(), whileLocked(use, FileUse::writers), "a reader at " + use);
            assertOne("locked for reading by QEMU", whileLocked(use, FileUse::users));
        }
        assertEquals(List.of(), whileLocked(300, FileUse::users), "some other lock");
    }

    /** Locked for one question only: a process loses its locks of this kind as soon as it closes any descriptor. */
    private List<String> whileLocked(long use, Function<Path, List<String>> question) throws IOException {
        try (FileChannel running = FileChannel.open(file, StandardOpenOption.READ)) {
            running.lock(use, 1, true);
            return question.apply(file);
        }
    }

    @Test
    void qemuItself() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Program.run("qemu-io", "--version").exitCode() == 0, "qemu-io is not installed");
        Process qemu = new ProcessBuilder("qemu-io", "-f", "raw", file.toString())
                .redirectErrorStream(true)
                .start();
        try (var words = qemu.getOutputStream();
                var answers = qemu.inputReader()) {
            words.write("length\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            words.flush();
            String answer = answers.readLine(); // it has opened the file once it answers
            List<String> writers = FileUse.writers(file);
            assertTrue(writers.toString().contains("locked for writing by QEMU"), answer + writers);
            assertTrue(writers.toString().contains("(process " + qemu.pid() + ")"), answer + writers);
        } finally {
            qemu.destroy();
            qemu.waitFor();
        }
        TargetClaim claim = TargetClaim.take(file);
        try (claim) {
            Program.Result refused = Program.run("qemu-io", "-f", "raw", "-c", "length", file.toString());
            assertTrue(refused.output().contains("lock"), refused.output());
        }
        Program.Result fine = Program.run("qemu-io", "-f", "raw", "-c", "length", file.toString());
        assertEquals(0, fine.exitCode(), fine.output());
    }

    @Test
    void aLoopDeviceOverTheFile() throws IOException {
        Program.Result made = Program.run("losetup", "--find", "--show", file.toString());
        Assumptions.assumeTrue(made.exitCode() == 0, "no loop device can be made here: " + made.output());
        String device = made.output().strip();
        try {
            assertTrue(FileUse.writers(file).toString().contains("content of the loop device " + device));
            assertTrue(FileUse.users(file).toString().contains("content of the loop device " + device));
        } finally {
            Program.run("losetup", "--detach", device);
        }
    }
}
