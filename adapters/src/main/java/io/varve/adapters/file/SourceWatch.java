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
 * Notices who writes to a file or block device while it is read: by its properties, or the device's count of sectors
 * written, before and after; and by who has it open for writing at the moments it is asked. On Windows it also keeps
 * writers away, where nobody was there first.
 *
 * <p>Not seen, of a file: content written through a mapping that was made before, by a program that this user may not
 * see, and not yet written back. Threading: one thread at a time.
 */
final class SourceWatch implements Closeable {
    /** Field of {@code stat} in sysfs that counts the sectors written. */
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

    /** Begins before {@code path} is opened to be read, so that nothing is missed. */
    static SourceWatch begin(Path path) throws IOException {
        boolean device = BlockDevice.isDevice(path);
        long size = device ? deviceSize(path) : 0;
        long written = device ? sectorsWritten(path) : 0;
        return new SourceWatch(
                path, device, size, FileState.of(path), written, device ? ShareMode.Guard.NONE : ShareMode.guard(path));
    }

    /**
     * What speaks against the content's having stood still so far.
     *
     * @throws IOException when the file is shorter than it was, so that it cannot have been read whole
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

    /** What others wrote and the page cache still has is counted once it reaches the device: so it is sent there. */
    private static long sectorsWritten(Path device) throws IOException {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (IOException e) {
            // A device that takes no flush has nothing to be flushed.
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
