package io.varve.store.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBackendTest extends BackendContract {
    @TempDir
    Path root;

    @Override
    protected Backend newBackend() {
        return new LocalBackend(root);
    }

    @Override
    protected int unpublished() throws IOException {
        if (!Files.isDirectory(root.resolve("tmp"))) {
            return 0;
        }
        try (var files = Files.walk(root.resolve("tmp"))) {
            return (int) files.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
                    .count();
        }
    }

    /** As today, and as versions did that had one writer at a time. */
    @Override
    protected void leaveUnpublished() throws IOException {
        Path directory = root.resolve("tmp").resolve("c8a60b4e-6d0c-4a8c-9d0e-0b1f4b7b2f10");
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("0f5a61c3-7a0e-4c57-8f8e-3e0a9d2b6c41"), "lost");
        Files.writeString(directory.resolveSibling(directory.getFileName() + ".lock"), "");
        Files.writeString(root.resolve("tmp").resolve("b7f2ad3c-37d2-4a3c-8f4e-1f6f6d0f5f6e"), "lost too");
    }

    @Test
    void afterClosingNothingIsLeft() throws IOException {
        Backend backend = newBackend();
        ObjectWriter forgotten = backend.create();
        forgotten.append(ByteBuffer.wrap(new byte[] {1}));
        backend.close();
        try (var files = Files.list(root.resolve("tmp"))) {
            assertEquals(0, files.count());
        }
    }

    /** More objects than files may stay open, read at random by several threads while some are deleted. */
    @Test
    void manyReadersOfManyFiles() throws Exception {
        int objects = 120;
        long seed = System.nanoTime();
        try (LocalBackend backend = new LocalBackend(root)) {
            for (int i = 0; i < objects; i++) {
                try (ObjectWriter object = backend.create()) {
                    object.append(ByteBuffer.allocate(4).putInt(i).flip());
                    object.publish("many/" + i);
                }
            }
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<Integer>> readers = new ArrayList<>();
                for (int reader = 0; reader < 4; reader++) {
                    SplittableRandom random = new SplittableRandom(seed + reader);
                    readers.add(() -> readAtRandom(backend, random, objects));
                }
                int read = 0;
                for (Future<Integer> result : threads.invokeAll(readers)) {
                    read += result.get();
                }
                assertEquals(4 * 1000, read, "seed " + seed);
            } finally {
                threads.shutdown();
            }
            assertThrows(NoSuchFileException.class, () -> backend.size("many/0"));
        }
    }

    private static int readAtRandom(LocalBackend backend, SplittableRandom random, int objects) throws IOException {
        int done = 0;
        for (int i = 0; i < 1000; i++) {
            int object = random.nextInt(objects);
            ByteBuffer content = ByteBuffer.allocate(4);
            try {
                if (object == 0) {
                    backend.delete("many/0");
                } else {
                    backend.read("many/" + object, 0, content);
                    assertEquals(object, content.getInt(0));
                }
            } catch (NoSuchFileException e) {
                assertEquals(0, object);
            }
            done++;
        }
        return done;
    }

    @Test
    void aFileSystemWithoutTheNameKeepsTheStagedFileUntilClose() throws IOException {
        try (LocalBackend backend = new LocalBackend(root)) {
            Files.writeString(root.resolve("taken"), "a file where a directory must be");
            ObjectWriter object = backend.create();
            try (object) {
                object.append(ByteBuffer.wrap(new byte[] {1}));
                assertThrows(IOException.class, () -> object.publish("taken/below"));
                assertEquals(1, unpublished());
            }
            assertEquals(0, unpublished());
            assertArrayEquals(
                    "a file where a directory must be".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    Files.readAllBytes(root.resolve("taken")));
        }
    }
}
