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
 * A lock on a file that the operating system holds for a process and takes back when the process ends, however that
 * ends. So others, on every computer that shares the folder, tell the living from the crashed without looking at a
 * clock.
 *
 * <p>Systems drop a process' locks on a file as soon as the process closes <em>any</em> channel to it. Therefore nobody
 * but this class opens lock files, and it keeps one channel per file.
 *
 * <p>Thread-safe. Shared locks of one process count as one for the operating system and are counted here.
 */
public final class ProcessLock implements Closeable {
    /** How names of lock files end. */
    public static final String SUFFIX = ".lock";

    /** Behind the text that names the holder, so that others can read that also where locks keep readers out. */
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

    /** Alone, or null when somebody has the lock. Makes the file and its directory if they are missing. */
    public static ProcessLock tryExclusive(Path file) throws IOException {
        return tryAcquire(file, false, true);
    }

    /**
     * As {@link #tryExclusive}, for those who tidy up; null also when there is no such file, and none is made then. Who
     * has the lock of a new file recognizes by the name alone that nobody took the file away before it was locked
     * ({@link #onNewFile}); that holds as long as nobody else makes a file of that name again.
     */
    public static ProcessLock tryExclusiveIfThere(Path file) throws IOException {
        try {
            return tryAcquire(file, false, false);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Together with others who share it, or null when somebody has the lock alone. */
    public static ProcessLock tryShared(Path file) throws IOException {
        return tryAcquire(file, true, true);
    }

    /**
     * Alone, on a file in {@code directory} that nobody has had before: its name is a random id and {@link #SUFFIX}.
     */
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

    /** Symbolic links in the directory's path must not make two keys of one file. */
    private static Path key(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    /** Whether somebody, in this process or another, has the lock now. A file that is not there is not locked. */
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

    /** Whether this very process has the lock. */
    public static boolean isHeldHere(Path file) throws IOException {
        synchronized (HELD) {
            return Files.isDirectory(file.toAbsolutePath().getParent()) && HELD.containsKey(key(file));
        }
    }

    /** Replaces the file's text, which tells people who holds it. */
    public void describe(String holder) throws IOException {
        synchronized (HELD) {
            FileChannel channel = HELD.get(file).channel;
            LocatedFailures.look("cannot write the holder into this lock", file, () -> {
                channel.truncate(0);
                return channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            });
        }
    }

    /** Text of the holder; empty when there is none. */
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

    /** Lets go and takes the file away; for files of which the name is never used again. */
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
