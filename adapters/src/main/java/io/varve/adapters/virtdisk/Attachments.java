package io.varve.adapters.virtdisk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Which disks processes of this computer have attached, written down before they are. Windows detaches the disks of a
 * process that ends, however it ends; should one stay attached all the same, the next process finds it here. Each disk
 * is a file that its process holds locked, so whose process is gone shows in the lock. Thread-safe.
 */
final class Attachments {
    private static final String ENDING = ".attached";
    private static final int LONGEST_PATH = 1 << 17;

    /** The byte that is locked, far behind the text: Windows lets nobody read what is locked. */
    private static final long LOCKED = 1L << 40;

    /** Files of this process, with the disk of each: it must not open them, since closing them would end the lock. */
    private static final Map<Path, Path> OWN = new ConcurrentHashMap<>();

    /** Held while locks of other processes are tried: one process cannot try the same twice. */
    private static final ReentrantLock TRYING = new ReentrantLock();

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
        Files.createDirectories(folder, forOwner());
        Path name = disk.toAbsolutePath().normalize();
        while (true) {
            Path file = folder.resolve(UUID.randomUUID() + ENDING);
            OWN.put(file, name);
            FileChannel channel = created(file);
            try {
                channel.lock(LOCKED, 1, false);
                if (Files.exists(file)) { // otherwise another process came first and took it for one that was left
                    channel.write(ByteBuffer.wrap(name.toString().getBytes(StandardCharsets.UTF_8)));
                    channel.force(true);
                    return () -> end(file, channel);
                }
            } catch (IOException | RuntimeException e) {
                end(file, channel);
                throw e;
            }
            end(file, channel);
        }
    }

    /** Nobody else has to know which disks there are, or to make notes. On Windows the profile sees to it. */
    private FileAttribute<?>[] forOwner() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static FileChannel created(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            OWN.remove(file);
            throw e;
        }
    }

    private static void end(Path file, FileChannel channel) throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        } finally {
            OWN.remove(file);
        }
    }

    /**
     * Goes through the disks of processes that are gone. What goes wrong with one of them is said, and no more.
     *
     * @throws InterruptedIOException when a stop was requested
     */
    void freeLeft(Freeing freeing, Consumer<String> notices) throws InterruptedIOException {
        TRYING.lock();
        try {
            for (Path file : files()) {
                freeIfLeft(file, freeing, notices);
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            notices.accept(folder + ": cannot look for disks that a process left attached: " + e);
        } finally {
            TRYING.unlock();
        }
    }

    /** Those of other processes. */
    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            for (Path file : files) {
                if (!OWN.containsKey(file)) {
                    found.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private void freeIfLeft(Path file, Freeing freeing, Consumer<String> notices) throws InterruptedIOException {
        try (FileChannel channel = opened(file)) {
            if (channel.tryLock(LOCKED, 1, false) != null && isDone(file, text(channel), freeing, notices)) {
                Files.deleteIfExists(file);
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(e);
            }
            if (Files.exists(file)) { // otherwise its process has ended it in the meantime
                notices.accept(file + ": cannot free the disk that it says a process left attached: " + e);
            }
        }
    }

    private static InterruptedIOException interrupted(Exception cause) {
        InterruptedIOException stopped = new InterruptedIOException("interrupted");
        stopped.initCause(cause);
        return stopped;
    }

    private static FileChannel opened(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer path = ByteBuffer.allocate((int) Math.min(channel.size(), LONGEST_PATH));
        channel.read(path, 0);
        return new String(path.array(), 0, path.position(), StandardCharsets.UTF_8);
    }

    private static Optional<Path> disk(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty(); // never written to the end: power failed, for instance
        }
    }

    private boolean isDone(Path file, String text, Freeing freeing, Consumer<String> notices) throws IOException {
        Optional<Path> disk = disk(text);
        if (disk.isEmpty()) {
            notices.accept(file + ": names no disk that a process left attached; deleted");
            return true;
        }
        if (isInUse(disk.get(), file)) {
            notices.accept(disk.get() + ": a process of Varve died while it was attached; another one uses it now");
            return true;
        }
        return freeing.free(disk.get());
    }

    /** Whether a process that lives has it attached, or is about to. */
    private boolean isInUse(Path disk, Path except) throws IOException {
        if (OWN.containsValue(disk)) {
            return true;
        }
        for (Path file : files()) {
            if (!file.equals(except) && isInUseBy(file, disk)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInUseBy(Path file, Path disk) throws IOException {
        try (FileChannel channel = opened(file)) {
            return channel.tryLock(LOCKED, 1, false) == null
                    && disk(text(channel)).filter(disk::equals).isPresent();
        } catch (NoSuchFileException e) {
            return false; // detached in the meantime
        }
    }
}
