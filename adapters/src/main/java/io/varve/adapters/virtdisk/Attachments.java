package io.varve.adapters.virtdisk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which disks processes of this computer have attached, written down before they are. Windows detaches the disks of a
 * process that ends, however it ends; should one stay attached all the same, the next process finds it here. Each disk
 * is a file that its process holds locked, so whose process is gone shows in the lock. Thread-safe.
 */
final class Attachments {
    private static final String ENDING = ".attached";
    private static final int LONGEST_PATH = 1 << 17;

    /** Files of this process: it must not open them, since closing them would give up the lock. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path folder;

    /** @param folder of this computer and account; created when a disk is attached */
    Attachments(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** Frees a disk that a process has left attached. */
    @FunctionalInterface
    interface Freeing {
        /** @return whether it need not be tried again */
        boolean free(Path disk) throws IOException;
    }

    /**
     * Writes down that the disk is about to be attached.
     *
     * @return to be closed once it is detached
     */
    Closeable begin(Path disk) throws IOException {
        Files.createDirectories(folder);
        while (true) {
            Path file = folder.resolve(UUID.randomUUID() + ENDING);
            OWN.add(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                channel.lock();
                if (Files.exists(file)) { // otherwise another process came first and took it for one that was left
                    channel.write(ByteBuffer.wrap(
                            disk.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8)));
                    return () -> end(file, channel);
                }
            } catch (IOException | RuntimeException e) {
                end(file, channel);
                throw e;
            }
            end(file, channel);
        }
    }

    private static void end(Path file, FileChannel channel) throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            OWN.remove(file);
        }
    }

    /** Goes through the disks of processes that are gone. */
    void freeLeft(Freeing freeing) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                if (!OWN.contains(file)) {
                    freeIfLeft(file, freeing);
                }
            }
        }
    }

    private static void freeIfLeft(Path file, Freeing freeing) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                return; // its process lives
            }
            ByteBuffer path = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST_PATH));
            channel.read(path, 0);
            String text = new String(path.array(), 0, path.position(), StandardCharsets.UTF_8);
            if (text.isEmpty() || freeing.free(Path.of(text))) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return; // detached in the meantime
        }
    }
}
