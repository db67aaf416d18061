package io.varve.adapters.file;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A new file under construction. It is written as {@code <name>.partial-<random>} (shortened if necessary) next to its
 * final place, and gets its name only when it is complete and durable. So a file with the final name is always
 * complete. Aligned writes bypass the page cache where that works well: a restored disk is not read soon, and would not
 * fit there anyway.
 *
 * <p>Threading: {@code write} and {@code read} may be called from many threads at once; nothing else may race with
 * them. After a failed write the file can only be closed. Threads must not be interrupted in here, because the JDK
 * would close the channel.
 */
public final class PartialFile implements ByteTarget {
    /** In bytes. Windows allows 255 UTF-16 units, which is never less. */
    private static final int LONGEST_NAME = 255;

    private final Path name;
    private final Path partial;
    private final boolean replace;
    private final FileChannel channel;
    private final FileChannel uncached; // null if everything goes through the page cache
    private volatile boolean broken;

    private PartialFile(Path name, Path partial, boolean replace, FileChannel channel) {
        this.name = name;
        this.partial = partial;
        this.replace = replace;
        this.channel = channel;
        this.uncached = openUncached(partial);
    }

    private static FileChannel openUncached(Path file) {
        try {
            return PastPageCache.suits(file)
                    ? FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)
                    : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null; // the file system is suitable, but its driver refuses
        }
    }

    /**
     * Creates a file that will get the name {@code name}.
     *
     * @param replace whether an existing file of that name is replaced at the end; otherwise it is an error, now or at
     *     the end
     * @param sparse whether to mark the file as sparse where that is necessary (NTFS)
     */
    public static PartialFile create(Path name, boolean replace, boolean sparse) throws IOException {
        Path target = name.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new TargetException(name + ": expected the name of a file to write, found a directory");
        }
        if (BlockDevice.isDevice(target)) {
            throw new TargetException(name + ": is a device, which a new file would not write to; use --in-place");
        }
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(name);
        }
        String random = String.format("%08x", ThreadLocalRandom.current().nextInt());
        Path partial = target.resolveSibling(partialName(String.valueOf(target.getFileName()), ".partial-" + random));
        Set<StandardOpenOption> options =
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (sparse) {
            options.add(StandardOpenOption.SPARSE);
        }
        try {
            return new PartialFile(target, partial, replace, FileChannel.open(partial, options, forOwner(partial)));
        } catch (IOException e) {
            throw new TargetException(name + ": cannot be created: " + Reason.of(e), e);
        }
    }

    /** Returns the partial name; a name near the limit is shortened by whole characters. */
    static String partialName(String name, String suffix) {
        return partialName(name, suffix, LONGEST_NAME);
    }

    static String partialName(String name, String suffix, int longest) {
        int end = name.length();
        while (end > 0 && (name.substring(0, end) + suffix).getBytes(StandardCharsets.UTF_8).length > longest) {
            end = name.offsetByCodePoints(end, -1);
        }
        return name.substring(0, end) + suffix;
    }

    /** Only the owner may read a restored disk. */
    private static FileAttribute<?>[] forOwner(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static TargetException exists(Path name) {
        return new TargetException(name + ": exists already; choose another name, or --force to replace it");
    }

    @Override
    public String location() {
        return name.toString();
    }

    /** The final name. */
    public Path name() {
        return name;
    }

    /** The name it has until it is published. */
    public Path partialName() {
        return partial;
    }

    /** The added bytes take no space on file systems with holes. */
    @Override
    public void setLength(long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
            file.setLength(length);
        } catch (IOException e) {
            throw failed("making it " + length + " bytes long", e);
        }
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        try {
            boolean passes = uncached != null && PastPageCache.canPass(offset, source);
            Transfer.write(passes ? uncached : channel, offset, source);
        } catch (IOException e) {
            throw failed("writing at offset " + offset, e);
        }
    }

    @Override
    public void writeZeros(long offset, long length) throws IOException {
        try {
            Transfer.writeZeros(channel, offset, length);
        } catch (IOException e) {
            throw failed("writing zeros at offset " + offset, e);
        }
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Transfer.read(channel, offset, target);
    }

    @Override
    public ByteSource openAgain() throws IOException {
        return ByteSources.open(partial, Reader.DIRECT);
    }

    @Override
    public void flush() throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failed("flushing", e);
        }
    }

    private TargetException failed(String doing, IOException cause) {
        broken = true;
        return new TargetException(name + ": " + doing + " failed: " + Reason.of(cause), cause);
    }

    /**
     * Makes the file durable and then gives it its final name. Afterwards only {@code close} may be called.
     *
     * @throws TargetException if an earlier write failed, the name is taken, or any step fails; the name then refers to
     *     what it did before
     * @throws IOException if only making the name durable failed; a crash may then undo it
     */
    @Override
    public void publish() throws IOException {
        if (broken) {
            throw new TargetException(name + ": is not published because writing to it failed");
        }
        flush();
        closeChannels();
        try {
            if (replace) {
                Files.move(partial, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                publishOnce();
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(name);
        } catch (IOException e) {
            throw failed("giving it its name", e);
        }
        try {
            DirectorySync.sync(name.getParent());
        } catch (IOException e) {
            throw new IOException(
                    name + ": is complete, but may not survive a power cut because its directory cannot"
                            + " be synced: " + Reason.of(e),
                    e);
        }
    }

    /** Publishes with a hard link, which fails if the name is taken; a rename would replace the file silently. */
    private void publishOnce() throws IOException {
        try {
            // close() removes the partial name; whether that works does not matter for the file.
            Files.createLink(name, partial);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            publishWithoutLinks();
        } catch (IOException e) {
            if (!isLinked()) { // otherwise it succeeded, and only the reply was lost
                publishWithoutLinks();
            }
        }
    }

    private boolean isLinked() throws IOException {
        try {
            return Files.isSameFile(name, partial);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * For file systems without hard links (FAT, some network shares): the name is reserved with an empty file, which is
     * then replaced. A crash in between leaves an empty file, which no format accepts as a disk.
     */
    private void publishWithoutLinks() throws IOException {
        Files.createFile(name);
        try {
            Files.move(partial, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(name);
            throw e;
        }
    }

    /** Closes the file and removes its partial name, which deletes it unless it was published. */
    @Override
    public void close() throws IOException {
        closeChannels();
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw new TargetException(partial + ": cannot be deleted: " + Reason.of(e), e);
        }
    }

    private void closeChannels() throws IOException {
        try (channel) {
            if (uncached != null) {
                uncached.close();
            }
        }
    }
}
