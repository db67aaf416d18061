package io.varve.adapters.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps other processes of this computer, and other threads of this one, from the same work. The operating system gives
 * it up when the process ends in any way.
 */
public final class ProcessClaim {
    private ProcessClaim() {}

    /**
     * Claims it.
     *
     * @param lock its file, created with its folder if it is missing; nobody else opens it
     * @param busy the message if somebody has it
     * @return to be closed when the work is done
     * @throws IOException with {@code busy} when somebody has it
     */
    public static Closeable take(Path lock, String busy) throws IOException {
        Files.createDirectories(lock.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(busy, e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(busy);
    }
}
