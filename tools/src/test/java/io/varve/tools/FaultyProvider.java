package io.varve.tools;

import static io.varve.tools.FaultyPath.real;

import io.varve.tools.Faults.Effect;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Stands before the host's own provider ({@code -Djava.nio.file.spi.DefaultFileSystemProvider}), so that every
 * operation on files of a whole program can fail: of repositories, targets, exports, scratch files and caches alike.
 * Not what native code does: the index, questions about holes and locks of others.
 */
public final class FaultyProvider extends FileSystemProvider {
    private final FileSystemProvider host;
    private final FaultyFileSystem system;

    /** Called by the JDK. */
    public FaultyProvider(FileSystemProvider host) {
        this.host = host;
        this.system = new FaultyFileSystem(this, host.getFileSystem(URI.create("file:///")));
    }

    private static <T> T look(String name, Path path, Faults.Operation<T> operation) throws IOException {
        return Faults.onName(name, path, Effect.NONE, operation);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void change(String name, Path path, Effect effect, Step step) throws IOException {
        Faults.onName(name, path, effect, () -> {
            step.run();
            return null;
        });
    }

    @Override
    public String getScheme() {
        return host.getScheme();
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return host.newFileSystem(uri, environment);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return system;
    }

    @Override
    public Path getPath(URI uri) {
        return new FaultyPath(system, host.getPath(uri));
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        boolean creates = options.contains(StandardOpenOption.CREATE_NEW)
                || options.contains(StandardOpenOption.CREATE) && !new File(path.toString()).exists();
        FileChannel channel = Faults.onName(
                creates ? "create" : "open",
                path,
                creates ? Effect.GROWS : Effect.NONE,
                () -> host.newFileChannel(real(path), options, attributes));
        return new FaultyChannel(channel, path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> entries =
                look("list", directory, () -> host.newDirectoryStream(real(directory), entry -> true));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> names = entries.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return names.hasNext();
                    }

                    @Override
                    public Path next() {
                        return new FaultyPath(system, names.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                entries.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        change("mkdir", directory, Effect.GROWS, () -> host.createDirectory(real(directory), attributes));
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        change("symlink", link, Effect.GROWS, () -> host.createSymbolicLink(real(link), real(target), attributes));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        change("link", link, Effect.GROWS, () -> host.createLink(real(link), real(existing)));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return new FaultyPath(system, host.readSymbolicLink(real(link)));
    }

    @Override
    public void delete(Path path) throws IOException {
        change("delete", path, Effect.CHANGES, () -> host.delete(real(path)));
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        return Faults.onName("delete", path, Effect.CHANGES, () -> host.deleteIfExists(real(path)));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        change("copy", target, Effect.GROWS, () -> host.copy(real(source), real(target), options));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        change("move", target, Effect.CHANGES, () -> host.move(real(source), real(target), options));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return host.isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return host.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return host.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        look("look", path, () -> {
            host.checkAccess(real(path), modes);
            return null;
        });
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return host.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return look("look", path, () -> host.readAttributes(real(path), type, options));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return look("look", path, () -> host.readAttributes(real(path), attributes, options));
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        change(
                "set " + attribute,
                path,
                Effect.CHANGES,
                () -> host.setAttribute(real(path), attribute, value, options));
    }
}
