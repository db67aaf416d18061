package io.varve.adapters.file;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import java.io.Closeable;
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
 * A new file under construction. It is written as {@code <name>.partial-<random>}, a long name shortened, beside its
 * final place and gets its name only when it is complete and durable, so that whatever has the final name is whole.
 * What is aligned goes past the page cache where that does well: a restored disk is not read soon, and does not fit
 * there anyway.
 *
 * <p>Threading: {@code write} and {@code read} may be called from many threads at once; nothing else may race with
 * them. Failure: after one write has failed the file can only be closed. Never interrupt a thread in here: the JDK
 * closes the channel.
 */
public final class PartialFile implements Closeable {
    /** Bytes; Windows counts 255 UTF-16 units, which are never more. */
    private static final int LONGEST_NAME = 255;

    private final Path name;
    private final Path partial;
    private final boolean replace;
    private final FileChannel channel;
    private final FileChannel uncached; // null where the page cache takes everything
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
            return null; // the same file system with a driver that refuses
        }
    }

    /**
     * Begins a file that will be called {@code name}.
     *
     * @param replace whether a file that has the name by then is replaced; otherwise it is an error, now or at the end
     * @param sparse asks for holes where the file system wants to be asked (NTFS)
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

    /** A name that is nearly as long as names may be is shortened, by whole characters. */
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

    /** A restored disk holds what only its owner could read before. */
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

    /** The final name. */
    public Path name() {
        return name;
    }

    /** The name it has until then. */
    public Path partialName() {
        return partial;
    }

    /**
     * Makes the file {@code length} bytes long; what is new reads as zeros and takes no space where holes are possible.
     */
    public void setLength(long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(partial.toFile(), "rw")) {
            file.setLength(length);
        } catch (IOException e) {
            throw failed("making it " + length + " bytes long", e);
        }
    }

    /** Writes {@code source} from position to limit at {@code offset} of the file. */
    public void write(long offset, ByteBuffer source) throws IOException {
        try {
            boolean passes = uncached != null && PastPageCache.canPass(offset, source);
            Transfer.write(passes ? uncached : channel, offset, source);
        } catch (IOException e) {
            throw failed("writing at offset " + offset, e);
        }
    }

    /** Writes {@code length} zero bytes at {@code offset} of the file. */
    public void writeZeros(long offset, long length) throws IOException {
        try {
            Transfer.writeZeros(channel, offset, length);
        } catch (IOException e) {
            throw failed("writing zeros at offset " + offset, e);
        }
    }

    /** Reads back what was written. */
    public void read(long offset, ByteBuffer target) throws IOException {
        Transfer.read(channel, offset, target);
    }

    /** Makes durable what was written so far; still under the partial name. */
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
     * Makes the file durable, then gives it its name. Afterwards only {@code close} may be called.
     *
     * @throws TargetException when an earlier write failed, when the name is taken, or when any of it fails; the name
     *     then leads to what it led to before
     * @throws IOException when only making the name durable failed; a crash may then undo it
     */
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

    /** A hard link fails when the name is taken, where a rename would replace silently. */
    private void publishOnce() throws IOException {
        try {
            // The partial name goes away in close(); whether that works says nothing about the file.
            Files.createLink(name, partial);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException e) {
            publishWithoutLinks();
        } catch (IOException e) {
            if (!isLinked()) { // otherwise it was done, and only the answer was lost
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
     * For file systems without hard links (FAT, some network shares): the name is reserved by creating it, then our own
     * empty file replaced. A crash in between leaves an empty file under the name, which no format takes for a disk.
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

    /** Closes the file and removes its partial name: all of it, unless it was published. */
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
