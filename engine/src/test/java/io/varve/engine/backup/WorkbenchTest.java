package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbenchTest {
    @TempDir
    Path root;

    private Repository repository;
    private WriteSession session;
    private Workbench bench;

    /** Two places, one processor. */
    @BeforeEach
    void open() throws Exception {
        repository = Backups.init(root);
        session = WriteSession.open(repository, "test", Duration.ZERO, message -> {});
        BackupOptions options = new BackupOptions(1, 3 * Backups.BLOCK + 1, 0, 1);
        bench = new Workbench(session, options.compression(), new Workshop(options, Backups.BLOCK));
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        repository.close();
    }

    private static <T> FutureTask<T> inBackground(java.util.concurrent.Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "test-worker");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void assertWaits(FutureTask<?> task) {
        assertThrows(TimeoutException.class, () -> task.get(100, TimeUnit.MILLISECONDS));
    }

    @Test
    void aThirdPlaceIsWaitedFor() throws Exception {
        Workshop.Place first = bench.place();
        Workshop.Place second = bench.place();
        assertNotSame(first.buffer(), second.buffer());
        FutureTask<Workshop.Place> third = inBackground(bench::place);
        assertWaits(third);
        ByteBuffer freed = second.buffer();
        second.close();
        assertSame(freed, third.get(1, TimeUnit.MINUTES).buffer());
    }

    @Test
    void theLastBufferUsedIsTheNext() {
        Workshop.Place first = bench.place();
        ByteBuffer buffer = first.buffer();
        assertTrue(buffer.isDirect());
        assertEquals(3 * Backups.BLOCK, buffer.capacity());
        first.close();
        for (int i = 0; i < 10; i++) {
            try (Workshop.Place again = bench.place()) {
                assertSame(buffer, again.buffer());
            }
        }
    }

    /** So a run can be read while another one is being processed. */
    @Test
    void placesDoNotWaitForProcessors() throws Exception {
        ChunkWriter processor = bench.processor();
        try (Workshop.Place first = bench.place();
                Workshop.Place second = bench.place()) {
            assertNotSame(first.buffer(), second.buffer());
            FutureTask<ChunkWriter> other = inBackground(bench::processor);
            assertWaits(other);
            bench.giveBack(processor);
            assertSame(processor, other.get(1, TimeUnit.MINUTES));
        }
    }
}
