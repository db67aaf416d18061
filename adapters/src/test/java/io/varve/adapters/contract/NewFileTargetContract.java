package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a target promises that makes a new file: it appears whole or not at all. */
public abstract class NewFileTargetContract extends DiskTargetContract {
    @TempDir
    protected Path folder;

    protected abstract DiskTarget create(Path name, long size, boolean replace) throws IOException;

    @Override
    protected final DiskTarget target(long size) throws IOException {
        return create(folder.resolve("disk"), size, true);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
        }
    }

    @Test
    void nameAppearsOnlyAtCommit() throws IOException {
        Path name = folder.resolve("disk");
        try (DiskTarget target = create(name, 1 << 20, false)) {
            target.write(0, ByteBuffer.wrap(new byte[] {1}));
            assertFalse(Files.exists(name));
            assertEquals(1, names().size());
            assertTrue(names().get(0).startsWith("disk.partial-"), names().toString());
            target.commit();
            assertTrue(Files.exists(name));
        }
        assertEquals(List.of("disk"), names());
    }

    @Test
    void closeWithoutCommitLeavesNothing() throws IOException {
        try (DiskTarget target = create(folder.resolve("disk"), 1 << 20, false)) {
            target.write(0, ByteBuffer.wrap(new byte[] {1}));
        }
        assertEquals(List.of(), names());
    }

    @Test
    void existingFileIsNotOverwritten() throws IOException {
        Path name = Files.writeString(folder.resolve("disk"), "mine");
        assertThrows(TargetException.class, () -> create(name, 1 << 20, false));
        Files.delete(name);
        try (DiskTarget target = create(name, 1 << 20, false)) {
            Files.writeString(name, "mine");
            TargetException refused = assertThrows(TargetException.class, target::commit);
            assertTrue(refused.getMessage().contains("exists already"), refused.getMessage());
        }
        assertEquals(List.of("disk"), names());
        assertEquals("mine", Files.readString(name));
    }

    @Test
    void existingFileIsReplacedWhenAsked() throws IOException {
        Path name = Files.writeString(folder.resolve("disk"), "old");
        try (DiskTarget target = create(name, 1 << 20, true)) {
            assertEquals("old", Files.readString(name));
            target.commit();
        }
        assertTrue(Files.size(name) > "old".length());
        assertEquals(List.of("disk"), names());
    }

    @Test
    void deviceIsNotReplacedByFile() {
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device), "this system has no /dev/null");
        TargetException refused = assertThrows(TargetException.class, () -> create(device, 1 << 20, true));
        assertTrue(refused.getMessage().contains("--in-place"), refused.getMessage());
    }

    @Test
    void missingFolderIsAClearError() {
        TargetException refused =
                assertThrows(TargetException.class, () -> create(folder.resolve("missing/disk"), 1 << 20, false));
        assertTrue(refused.getMessage().contains("cannot be created"), refused.getMessage());
    }
}
