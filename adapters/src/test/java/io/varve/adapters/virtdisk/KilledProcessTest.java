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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
