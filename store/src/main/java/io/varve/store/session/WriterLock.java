package io.varve.store.session;

import io.varve.store.Repository;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The right to write into a repository: one process at a time. The operating system holds it, so it ends with the
 * process, however that ends. Readers need no lock.
 */
public final class WriterLock implements Closeable {
    private static final long POLL_MILLIS = 200;
    /** The lock lies behind the text that names its holder, so that others can read that also on Windows. */
    private static final long LOCK_POSITION = 1L << 40;

    private final FileChannel channel;
    private final FileLock lock;

    private WriterLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * The lock, or null when another process has it.
     *
     * @param purpose what for, shown to those who wait
     */
    public static WriterLock tryAcquire(Repository repository, String purpose) throws IOException {
        Path file = path(repository);
        Files.createDirectories(file.getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(LOCK_POSITION, 1, false);
            if (lock == null) {
                channel.close();
                return null;
            }
            WriterLock held = new WriterLock(channel, lock);
            held.describe(ProcessHandle.current().pid() + "@" + HostName.get() + ", " + purpose);
            return held;
        } catch (OverlappingFileLockException e) {
            channel.close(); // another session of this very process
            return null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Waits for the lock.
     *
     * @param patience how long to wait at most
     * @param notices told once who is being waited for
     * @throws RepositoryBusyException when patience has run out
     */
    public static WriterLock acquire(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            WriterLock lock = tryAcquire(repository, purpose);
            if (lock != null) {
                return lock;
            }
            String holder = holder(repository);
            if (System.nanoTime() - deadline >= 0) {
                throw new RepositoryBusyException(repository.root().toString(), holder);
            }
            if (!told) {
                notices.accept("waiting for another writer of this repository (" + holder + ")");
                told = true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + holder, e);
            }
        }
    }

    private static Path path(Repository repository) {
        return repository.root().resolve("sessions").resolve("writer.lock");
    }

    private void describe(String holder) throws IOException {
        ByteBuffer text = ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8));
        channel.truncate(0);
        channel.write(text, 0);
    }

    private static String holder(Repository repository) {
        try {
            String text = Files.readString(path(repository));
            return text.isEmpty() ? "unknown process" : "process " + text;
        } catch (IOException e) {
            return "unknown process";
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
