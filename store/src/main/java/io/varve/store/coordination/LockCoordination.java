package io.varve.store.coordination;

import io.varve.store.backend.PlainFile;
import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Coordination by locks on files in one directory. The operating system holds a lock for a process and releases it when
 * the process ends in any way. Works between all computers that share the folder; a file system without locks is
 * refused.
 */
public final class LockCoordination implements Coordination {
    private static final String WRITER = "writer.lock";

    private static final Map<Right, String> FILES = new EnumMap<>(Map.of(
            Right.WRITE,
            WRITER,
            Right.WRITE_ALONE,
            WRITER,
            Right.COLLECT,
            "collection.lock",
            Right.REMOVE_KEYS,
            "keys.lock"));

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path directory;

    /** @param directory created when the first right or life is taken */
    public LockCoordination(Path directory) {
        this.directory = directory;
    }

    /** Whether a file of this name in the directory is one of these locks. */
    public static boolean isLockName(String file) {
        return FILES.containsValue(file) || isLifeName(file);
    }

    private static boolean isLifeName(String file) {
        return file.endsWith(ProcessLock.SUFFIX)
                && ID.matcher(file.substring(0, file.length() - ProcessLock.SUFFIX.length()))
                        .matches();
    }

    @Override
    public Optional<Grant> tryTake(Right right, String purpose) throws IOException {
        Path file = file(right);
        ProcessLock lock = right == Right.WRITE ? ProcessLock.tryShared(file) : ProcessLock.tryExclusive(file);
        if (lock == null) {
            return Optional.empty();
        }
        if (right != Right.WRITE) {
            describe(lock, purpose);
        }
        return Optional.of(lock::close);
    }

    private static void describe(ProcessLock lock, String purpose) throws IOException {
        try {
            lock.describe("process " + ProcessHandle.current().pid() + "@" + HostName.get() + ", " + purpose);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public String holder(Right right) throws IOException {
        return ProcessLock.description(file(right));
    }

    private Path file(Right right) {
        return directory.resolve(FILES.get(right));
    }

    @Override
    public Life begin() throws IOException {
        ProcessLock lock = ProcessLock.onNewFile(directory);
        return new Life() {
            @Override
            public String id() {
                return lock.id();
            }

            @Override
            public void close() throws IOException {
                lock.closeAndDelete();
            }
        };
    }

    private Path file(String id) {
        return directory.resolve(id + ProcessLock.SUFFIX);
    }

    @Override
    public boolean isAlive(String id) throws IOException {
        return ProcessLock.isHeld(file(id));
    }

    @Override
    public boolean isOwn(String id) throws IOException {
        return ProcessLock.isHeldHere(file(id));
    }

    @Override
    public Optional<Closeable> takeOver(String id) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusiveIfThere(file(id));
        if (lock != null) {
            return Optional.of(lock::closeAndDelete);
        }
        // A live owner created its lock before anything that refers to it, so without a lock the owner is dead.
        return PlainFile.whatHas(file(id)) == null ? Optional.of(() -> {}) : Optional.empty();
    }

    @Override
    public void clearDead() throws IOException {
        List<Path> locks;
        try {
            locks = PlainFile.in(directory).stream()
                    .filter(file -> isLifeName(file.getFileName().toString()))
                    .toList();
        } catch (NoSuchFileException e) {
            return; // no process has begun a life yet
        }
        for (Path file : locks) {
            ProcessLock lock = ProcessLock.tryExclusiveIfThere(file);
            if (lock != null) {
                lock.closeAndDelete();
            }
        }
    }
}
