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
 * Native libraries out of this program's jars, as the files that the operating system loads. All of them come this way:
 * what libraries do by themselves is to unpack into the directory for temporary files, where others may write, or to
 * believe what lies there.
 *
 * <p>A library is unpacked once, into a directory that only this user can enter. Before each load it is compared with
 * what is in the jar: byte by byte, unless that very file was compared before and nobody has touched it since (inode,
 * size, time of the last change, which nobody can set); and by its CRC-32 in any case, which costs 2 ms for RocksDB's
 * 17 MB, where comparing costs 90. Where there is no cache directory, it is unpacked for this process alone.
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
     * The file of a library, to be loaded at once.
     *
     * @param beside a class of the jar that holds it
     * @param name of the resource, without a slash at its beginning
     * @param fileName that it must have
     * @throws UntrustedDirectoryException when somebody else can write where it would be
     * @throws IOException when there is none for this platform, or it cannot be unpacked
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

    /** Makes sure that libraries would be loaded out of a directory that is this user's, without loading one. */
    public static void checkDirectory() throws UntrustedDirectoryException {
        try {
            OwnDirectory.make(DIRECTORY);
        } catch (UntrustedDirectoryException e) {
            throw e;
        } catch (IOException e) {
            // There is none, and none is used.
        }
    }

    /**
     * A directory for this user alone, for a library that has to be left to unpack itself.
     *
     * @param name of it, of no other library
     */
    public static Path directory(String name) throws IOException {
        try {
            return OwnDirectory.make(DIRECTORY, name);
        } catch (UntrustedDirectoryException e) {
            throw e;
        } catch (IOException e) {
            Path own = Files.createTempDirectory("varve-libraries-"); // for its owner alone, and new
            own.toFile().deleteOnExit();
            return own;
        }
    }

    /** Whether the file is there, ours, and holds what the resource does. */
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

    /** What changes whenever somebody writes to the file, or puts another one in its place; empty if nothing tells. */
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
            // It is compared again next time.
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
            // Into that very file, which is for its owner alone; copying makes another one.
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
