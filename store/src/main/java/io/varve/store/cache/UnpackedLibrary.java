package io.varve.store.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * Unpacks native libraries from the jars into files that the operating system can load. All libraries are loaded this
 * way. By default they unpack themselves into the temporary directory, where other users may write, or load whatever is
 * there.
 *
 * <p>A library is unpacked once, into a directory that only this user can enter. Before each load it is compared with
 * the jar. The CRC-32 is always compared, which takes 2 ms for the 17 MB of RocksDB. The bytes, which take 90 ms, are
 * compared unless that file was compared before and has not changed since (inode, size, change time, which no user can
 * set). If there is no cache directory, the library is unpacked for this process alone.
 */
public final class UnpackedLibrary {
    private static final String DIRECTORY = "libraries";
    private static final String COMPARED = "compared";

    private final URL resource;
    private final Path file;
    private final Path compared;

    private UnpackedLibrary(URL resource, Path directory, String fileName) {
        this.resource = resource;
        this.file = directory.resolve(fileName);
        this.compared = directory.resolve(COMPARED);
    }

    /**
     * Returns the file of a library, which the caller loads at once.
     *
     * @param beside a class in the jar that contains the library
     * @param name of the resource, without a slash at its beginning
     * @param fileName name that the file must have
     * @throws UntrustedDirectoryException if another user can write to its directory
     * @throws IOException if there is none for this platform, or it cannot be unpacked
     */
    public static synchronized Path of(Class<?> beside, String name, String fileName) throws IOException {
        URL url = beside.getClassLoader().getResource(name);
        if (url == null) {
            throw new IOException("no " + name + " in the jars of this program");
        }
        URLConnection connection = url.openConnection();
        String version = "" + connection.getContentLengthLong();
        if (connection instanceof JarURLConnection jar) {
            version = HexFormat.of().toHexDigits((int) jar.getJarEntry().getCrc()) + "-"
                    + jar.getJarEntry().getSize();
        }
        UnpackedLibrary library = new UnpackedLibrary(url, directory(version), fileName);
        if (!library.isSame(connection)) {
            library.unpack();
            if (!library.isSame(connection)) {
                throw new IOException(library.file + ": is not what was just unpacked there; run the command again");
            }
        }
        return library.file;
    }

    /** Checks the directory of libraries without loading one. */
    public static void checkDirectory() throws UntrustedDirectoryException {
        try {
            OwnDirectory.make(DIRECTORY);
        } catch (UntrustedDirectoryException e) {
            throw e;
        } catch (IOException e) {
            // There is no cache directory, so none is used.
        }
    }

    /**
     * Returns a directory for this user alone, for a library that insists on unpacking itself.
     *
     * @param name name of the directory, used for no other library
     */
    public static Path directory(String name) throws IOException {
        try {
            return OwnDirectory.make(DIRECTORY, name);
        } catch (UntrustedDirectoryException e) {
            throw e;
        } catch (IOException e) {
            Path own = Files.createTempDirectory("varve-libraries-"); // new, and for its owner alone
            own.toFile().deleteOnExit();
            return own;
        }
    }

    /** Whether the file exists, belongs to this user, and has the content of the resource. */
    private boolean isSame(URLConnection connection) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !OwnDirectory.isOwn(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() != connection.getContentLengthLong()) {
                return false;
            }
            ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            if (connection instanceof JarURLConnection jar) {
                CRC32 crc = new CRC32();
                crc.update(content);
                if (crc.getValue() != jar.getJarEntry().getCrc()) {
                    return false;
                }
                if (wasCompared()) {
                    return true;
                }
            }
            return compare(content.rewind());
        }
    }

    private boolean compare(ByteBuffer content) throws IOException {
        byte[] piece = new byte[64 << 10];
        try (InputStream in = resource.openStream()) {
            int length;
            while ((length = in.readNBytes(piece, 0, piece.length)) > 0) {
                if (length > content.remaining()
                        || content.slice(content.position(), length).mismatch(ByteBuffer.wrap(piece, 0, length))
                                != -1) {
                    return false;
                }
                content.position(content.position() + length);
            }
        }
        if (!content.hasRemaining()) {
            remember();
            return true;
        }
        return false;
    }

    /** Returns attributes that change whenever the file is written to or replaced; empty if the system has none. */
    private String state() throws IOException {
        if (CacheDirectory.isWindows()) {
            return "";
        }
        var state = Files.readAttributes(file, "unix:ino,ctime,size", LinkOption.NOFOLLOW_LINKS);
        return state.get("ino") + " " + state.get("ctime") + " " + state.get("size");
    }

    private boolean wasCompared() throws IOException {
        try {
            String state = state();
            return !state.isEmpty()
                    && Files.isRegularFile(compared, LinkOption.NOFOLLOW_LINKS)
                    && OwnDirectory.isOwn(compared)
                    && Files.size(compared) < 1024
                    && Files.readString(compared).equals(state);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void remember() throws IOException {
        try {
            place(compared, state().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The file is compared again next time.
        }
    }

    private void place(Path target, byte[] content) throws IOException {
        Path partial = Files.createTempFile(target.getParent(), "new", ".partial");
        try {
            Files.write(partial, content);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void unpack() throws IOException {
        Path partial = Files.createTempFile(file.getParent(), "new", ".partial");
        try {
            // Written into this file, which only its owner can access. {@code Files.copy} would create another one.
            try (InputStream in = resource.openStream();
                    OutputStream out = Files.newOutputStream(partial)) {
                in.transferTo(out);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        if (file.getParent().getFileName().toString().startsWith("varve-libraries-")) {
            file.toFile().deleteOnExit();
            compared.toFile().deleteOnExit();
        }
    }
}
