package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A process that dies with a disk attached, on a host that does not detach it. Whether it is attached, a file says that
 * no process has open.
 */
class KilledProcessTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path temp;

    private final List<String> said = new ArrayList<>();
    private Path library;
    private Path file;
    private Path attached;
    private Process child;

    @BeforeEach
    void build() throws IOException {
        library = StandIn.build(temp).library();
        System.setProperty("varve.virtdisk", library.toString());
        file = Files.write(temp.resolve("disk.raw"), new byte[SIZE]);
        attached = temp.resolve("disk.raw.attached");
        StandIn.describe(
                file,
                "size " + SIZE,
                "id " + StandIn.hex(new UUID(1, 2)),
                "recent rctX:2",
                "content " + file,
                "lingers 1");
    }

    @AfterEach
    void end() throws InterruptedException {
        System.clearProperty("varve.virtdisk");
        if (child != null) {
            child.destroyForcibly().waitFor();
        }
    }

    /** Attaches the disk in its first argument, and waits. The second is the folder with the records. */
    static final class Attaching {
        public static void main(String[] args) throws Exception {
            VirtualDisk disk =
                    Virtdisk.load(new Cancellation(), Path.of(args[1])).openToAsk(Path.of(args[0]));
            disk.attach(text -> {}).read(0, ByteBuffer.allocate(512));
            System.out.println("attached");
            TimeUnit.MINUTES.sleep(5);
            disk.close();
        }
    }

    private Path records() {
        return temp.resolve("records");
    }

    private long recordCount() throws IOException {
        try (Stream<Path> files = Files.list(records())) {
            return files.count();
        }
    }

    private void attachElsewhere() throws IOException {
        String java = Platform.isWindows() ? "java.exe" : "java";
        child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", java).toString(),
                        "-Dvarve.virtdisk=" + library,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Attaching.class.getName(),
                        file.toString(),
                        records().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = child.inputReader();
        assertEquals("attached", out.readLine());
        assertTrue(Files.exists(attached));
        assertEquals(1, recordCount());
    }

    private Virtdisk here() throws IOException {
        return Virtdisk.load(new Cancellation(), records());
    }

    @Test
    void theNextRunFreesWhatAKilledOneLeft() throws Exception {
        attachElsewhere();
        child.destroyForcibly().waitFor();
        assertTrue(Files.exists(attached), "the host has not detached it");
        Virtdisk next = here();
        next.freeLeft(said::add);
        assertFalse(Files.exists(attached));
        assertEquals(0, recordCount());
        assertEquals(List.of(file + ": was still attached by a process of Varve that died; detached it"), said);
        next.freeLeft(said::add);
        assertEquals(1, said.size());
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT);
                RctDisk disk = RctDisk.over(image, file, next, said::add, said::add)) {
            assertEquals("rctX:2", disk.tracker().token().orElseThrow());
        }
        assertEquals(1, said.size(), "it was attached and compared: " + said);
        assertEquals(0, recordCount());
    }

    @Test
    void whatALivingProcessHasAttachedStays() throws Exception {
        attachElsewhere();
        here().freeLeft(said::add);
        assertTrue(Files.exists(attached));
        assertEquals(1, recordCount());
        assertEquals(List.of(), said);
    }

    /** What Windows does by what is documented: then there is nothing left to do, which is said once. */
    @Test
    void aDiskThatWindowsHasDetachedIsForgotten() throws Exception {
        attachElsewhere();
        child.destroyForcibly().waitFor();
        Files.delete(attached);
        here().freeLeft(said::add);
        here().freeLeft(said::add);
        assertEquals(1, said.size(), "" + said);
        assertTrue(said.get(0).contains("nothing to detach"), said.get(0));
        assertEquals(0, recordCount());
    }

    private Path left(String text) throws IOException {
        Files.createDirectories(records());
        return Files.writeString(records().resolve(UUID.randomUUID() + ".attached"), text);
    }

    /** An administrator's Mount-VHD, for instance: detaching it would take a disk away from under him. */
    @Test
    void whatSomebodyElseHasMountedStays() throws IOException {
        StandIn.add(file, "mounted \\\\.\\PhysicalDrive7");
        Files.createFile(attached);
        left(file.toString());
        here().freeLeft(said::add);
        assertTrue(Files.exists(attached));
        assertEquals(0, recordCount());
        assertEquals(1, said.size(), "" + said);
        assertTrue(said.get(0).contains("somebody else has it attached, as \\\\.\\PhysicalDrive7"), said.get(0));
    }

    /** The note of the dead one names the same disk, which is attached by a process that lives. */
    @Test
    void whatALivingProcessHasAttachedStaysThoughADeadOneHadIt() throws Exception {
        attachElsewhere();
        Path dead = left(file.toString());
        here().freeLeft(said::add);
        assertTrue(Files.exists(attached));
        assertFalse(Files.exists(dead));
        assertEquals(1, recordCount());
        assertTrue(said.get(0).contains("another one uses it now"), "" + said);
    }

    @ParameterizedTest
    @CsvSource({"open, 5", "detach, 1314", "detach, 4711", "info, 5"})
    void aDiskThatCannotBeFreedIsTriedAgain(String call, int code) throws IOException {
        Files.createFile(attached);
        left(file.toString());
        Virtdisk next = here();
        StandIn.add(file, "error " + call + " " + code);
        next.freeLeft(said::add);
        assertEquals(1, recordCount());
        assertTrue(said.get(0).contains("The next run tries again"), "" + said);
        StandIn.add(file, "error " + call + " 0");
        next.freeLeft(said::add);
        assertEquals(0, recordCount());
        assertFalse(Files.exists(attached));
    }

    @Test
    void aDiskThatIsGoneIsForgotten() throws IOException {
        left(temp.resolve("gone.vhdx").toString());
        here().freeLeft(said::add);
        assertEquals(0, recordCount());
        assertTrue(said.get(0).contains("nothing to detach"), "" + said);
    }

    /** As power that fails leaves a file that was not forced. The others are freed all the same. */
    @Test
    void aNoteWithoutAPathIsDeleted() throws IOException {
        left("\0".repeat(40));
        left("no/absolute/path");
        left("");
        Files.createFile(attached);
        left(file.toString());
        here().freeLeft(said::add);
        assertEquals(0, recordCount());
        assertFalse(Files.exists(attached));
        assertEquals(4, said.size(), "" + said);
    }

    @Test
    void notesThatCannotBeReadAreNamed() throws IOException {
        Files.createDirectories(records().resolve("folder.attached"));
        here().freeLeft(said::add);
        assertEquals(1, said.size(), "" + said);
        assertTrue(said.get(0).contains("folder.attached: cannot free"), said.get(0));
    }

    /** One process may not try the lock of a file twice at a time. */
    @Test
    void twoThreadsMayFreeAtOnce() throws Exception {
        Files.createFile(attached);
        StandIn.add(file, "slow open 300");
        left(file.toString());
        List<String> all = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Virtdisk next = here();
            Callable<String> free = () -> {
                next.freeLeft(all::add);
                return "";
            };
            for (Future<String> end : threads.invokeAll(List.of(free, free))) {
                end.get();
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(List.of(file + ": was still attached by a process of Varve that died; detached it"), all);
        assertEquals(0, recordCount());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void notesAreForTheirOwnerAlone() throws IOException {
        new Attachments(records()).begin(file).close();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(records())));
    }

    @Test
    void ownDisksAreNotFreedWhileTheyAreInUse() throws Exception {
        Virtdisk virtdisk = here();
        try (VirtualDisk disk = virtdisk.openToAsk(file)) {
            AttachedDisk reading = disk.attach(text -> {});
            virtdisk.freeLeft(said::add);
            assertTrue(Files.exists(attached));
            reading.read(0, ByteBuffer.allocate(512));
            reading.close();
        }
        assertFalse(Files.exists(attached));
        assertEquals(0, recordCount());
        assertEquals(List.of(), said);
    }
}
