package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A file lock that the operating system holds for a process and releases when the process ends in any way. So other
 * processes, on every computer that shares the folder, can tell a live process from a crashed one without a clock.
 *
 * <p>Systems drop a process' locks on a file as soon as the process closes <em>any</em> channel to it. Therefore only
 * this class opens lock files, and it keeps one channel per file.
 *
 * <p>Thread-safe. For the operating system all shared locks of one process are one lock; they are counted here.
 */
public final class ProcessLock implements Closeable {
    /** Suffix of lock file names. */
    public static final String SUFFIX = ".lock";

    /**
     * Position of the lock, past the text that names the holder: the text stays readable where locks exclude readers.
     */
    private static final long LOCK_POSITION = 1L << 40;

    private static final Map<Path, Held> HELD = new HashMap<>();

    private final Path file;
    private boolean open = true;

    private ProcessLock(Path file) {
        this.file = file;
    }

    private static final class Held {
        final FileChannel channel;
        final boolean shared;
        int holders = 1;

        Held(FileChannel channel, boolean shared) {
            this.channel = channel;
            this.shared = shared;
        }
    }

    /** Takes the lock exclusively; null when it is taken. Creates the file and its directory if they are missing. */
    public static ProcessLock tryExclusive(Path file) throws IOException {
        return tryAcquire(file, false, true);
    }

    /**
     * As {@link #tryExclusive}, for cleanup: it creates no file, and also returns null when there is none. The owner of
     * a new file detects by the name alone whether the file was removed before it was locked ({@link #onNewFile}); that
     * works only if no other process ever creates a file of that name.
     */
    public static ProcessLock tryExclusiveIfThere(Path file) throws IOException {
        try {
            return tryAcquire(file, false, false);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Takes the lock shared; null when it is held exclusively. */
    public static ProcessLock tryShared(Path file) throws IOException {
        return tryAcquire(file, true, true);
    }

    /** Takes the lock exclusively on a new file in {@code directory}, named with a random id and {@link #SUFFIX}. */
    public static ProcessLock onNewFile(Path directory) throws IOException {
        while (true) {
            ProcessLock lock = tryExclusive(directory.resolve(UUID.randomUUID() + SUFFIX));
            if (lock == null) {
                continue; // somebody who tidies up has just found the file
            }
            if (PlainFile.whatHas(lock.file) != null) {
                return lock; // the very file: nobody else makes one of this name
            }
            lock.close(); // and took it away
        }
    }

    /** Name of the file, without {@link #SUFFIX}. */
    public String id() {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static ProcessLock tryAcquire(Path file, boolean shared, boolean create) throws IOException {
        return LocatedFailures.look(
                create ? "cannot create or lock this file" : "cannot lock this file",
                file,
                () -> acquire(file, shared, create));
    }

    private static ProcessLock acquire(Path file, boolean shared, boolean create) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (create) {
            Modes.createDirectories(directory);
        }
        synchronized (HELD) {
            Path key = key(file);
            Held held = HELD.get(key);
            if (held != null) {
                if (!shared || !held.shared) {
                    return null;
                }
                held.holders++;
                return new ProcessLock(key);
            }
            Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (create) {
                options.add(StandardOpenOption.CREATE);
            }
            boolean isNew = create && !Files.exists(file);
            FileChannel channel =
                    isNew ? PlainFile.open(file, options, Modes.ofNewFile(file)) : PlainFile.open(file, options);
            if (isNew) {
                Modes.settle(file);
            }
            if (!lock(channel, file, shared)) {
                channel.close();
                return null;
            }
            HELD.put(key, new Held(channel, shared));
            return new ProcessLock(key);
        }
    }

    private static boolean lock(FileChannel channel, Path file, boolean shared) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCK_POSITION, 1, shared);
            return lock != null;
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    file + ": this file system has no locks (" + e.getMessage() + "), so a running"
                            + " writer cannot be told from a crashed one; mount it with locks, or choose another place",
                    e);
        }
    }

    /** Symbolic links in the directory's path must not give one file two keys. */
    private static Path key(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    /** Whether this or another process holds the lock now. A missing file is not locked. */
    public static boolean isHeld(Path file) throws IOException {
        return LocatedFailures.look("cannot tell whether it is locked", file, () -> held(file));
    }

    private static boolean held(Path file) throws IOException {
        synchronized (HELD) {
            try {
                if (HELD.containsKey(key(file))) {
                    return true;
                }
                try (FileChannel channel =
                        PlainFile.open(file, EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
                    return !lock(channel, file, false);
                }
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /** Whether this process holds the lock. */
    public static boolean isHeldHere(Path file) throws IOException {
        synchronized (HELD) {
            return Files.isDirectory(file.toAbsolutePath().getParent()) && HELD.containsKey(key(file));
        }
    }

    /** Replaces the file's text, which names the holder for people. */
    public void describe(String holder) throws IOException {
        synchronized (HELD) {
            FileChannel channel = HELD.get(file).channel;
            LocatedFailures.look("cannot write the holder into this lock", file, () -> {
                channel.truncate(0);
                return channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            });
        }
    }

    /** The holder's text; empty when there is none. */
    public static String description(Path file) throws IOException {
        return LocatedFailures.look("cannot read the holder of this lock", file, () -> describedHolder(file));
    }

    private static String describedHolder(Path file) throws IOException {
        synchronized (HELD) {
            try {
                Held held = HELD.get(key(file));
                if (held != null) {
                    return text(held.channel);
                }
                try (FileChannel channel = PlainFile.open(file, EnumSet.of(StandardOpenOption.READ))) {
                    return text(channel);
                }
            } catch (NoSuchFileException e) {
                return "";
            }
        }
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 10));
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    }

    /** Releases the lock and deletes the file; for files whose name is never reused. */
    public void closeAndDelete() throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw LocatedFailures.located("cannot delete this lock", file, e);
        } finally {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (!open) {
                return;
            }
            open = false;
            Held held = HELD.get(file);
            if (--held.holders == 0) {
                HELD.remove(file);
                held.channel.close(); // releases the lock
            }
        }
    }
}
