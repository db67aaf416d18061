package io.varve.adapters.file;

import io.varve.engine.port.Disturbance;
import io.varve.store.fault.Count;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Detects writes to a file or block device while it is being read: by comparing attributes, or the device's count of
 * written sectors, before and after, and by looking who has it open for writing. On Windows it also excludes writers,
 * unless there was one before.
 *
 * <p>Not seen, of a file: content that a program invisible to this user writes through an existing memory mapping,
 * until it is written back. For one thread at a time.
 */
final class SourceWatch implements Closeable {
    /** Field of {@code stat} in sysfs that counts written sectors. */
    private static final int SECTORS_WRITTEN = 6;

    private final Path path;
    private final boolean device;
    private final long size;
    private final FileState before;
    private final long written;
    private final ShareMode.Guard guard;

    private SourceWatch(Path path, boolean device, long size, FileState before, long written, ShareMode.Guard guard) {
        this.path = path;
        this.device = device;
        this.size = size;
        this.before = before;
        this.written = written;
        this.guard = guard;
    }

    /** Begins to watch. Called before {@code path} is opened for reading, so that nothing is missed. */
    static SourceWatch begin(Path path) throws IOException {
        boolean device = BlockDevice.isDevice(path);
        long size = device ? deviceSize(path) : 0;
        long written = device ? sectorsWritten(path) : 0;
        return new SourceWatch(
                path, device, size, FileState.of(path), written, device ? ShareMode.Guard.NONE : ShareMode.guard(path));
    }

    /**
     * Returns evidence that the content has changed, or can change.
     *
     * @throws IOException if the file has become shorter, so that it cannot have been read completely
     */
    List<Disturbance> disturbances() throws IOException {
        List<Disturbance> found = new ArrayList<>();
        List<String> writers = new ArrayList<>(FileUse.writers(path));
        guard.writer().ifPresent(writers::add);
        if (!writers.isEmpty()) {
            found.add(new Disturbance(Disturbance.IN_USE, path + " is in use: " + String.join("; ", writers)));
        }
        List<String> changes = device ? deviceChanges() : fileChanges();
        if (!changes.isEmpty()) {
            found.add(new Disturbance(
                    Disturbance.CHANGED, path + " changed while it was read: " + String.join("; ", changes)));
        }
        return found;
    }

    private List<String> fileChanges() throws IOException {
        FileState now = FileState.of(path);
        if (before.key() == null || before.key().equals(now.key())) {
            checkLength(before.size(), now.size());
        }
        return before.differences(now);
    }

    private List<String> deviceChanges() throws IOException {
        long sizeNow = deviceSize(path);
        checkLength(size, sizeNow);
        List<String> changes = new ArrayList<>();
        if (sizeNow != size) {
            changes.add("its length went from " + size + " to " + sizeNow + " bytes");
        }
        long writtenNow = sectorsWritten(path);
        if (writtenNow != written) {
            changes.add(Count.of(writtenNow - written, "sector") + " of 512 bytes written");
        }
        return changes;
    }

    private void checkLength(long was, long is) throws IOException {
        if (is < was) {
            throw new IOException(path + ": was cut off while it was read: it had " + was + " bytes, it has " + is
                    + " now; none of it can be trusted");
        }
    }

    private static long deviceSize(Path device) throws IOException {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            return BlockDevice.size(device, channel);
        }
    }

    /** Writes that are still in the page cache are not counted, so they are flushed to the device first. */
    private static long sectorsWritten(Path device) throws IOException {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (IOException e) {
            // A device that does not support flushing has nothing to flush.
        }
        Optional<Path> folder = BlockDevice.sysfs(Path.of("/sys"), device);
        if (folder.isEmpty()) {
            return 0;
        }
        String[] fields = Files.readString(folder.get().resolve("stat")).strip().split("\\s+");
        return fields.length > SECTORS_WRITTEN ? Long.parseLong(fields[SECTORS_WRITTEN]) : 0;
    }

    @Override
    public void close() throws IOException {
        guard.close();
    }
}
