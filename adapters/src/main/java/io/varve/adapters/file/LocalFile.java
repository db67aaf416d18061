package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or block device of this host.
 *
 * @param path path as it was given, also used in messages
 * @param reader how this file, and files found from it, are read
 */
public record LocalFile(Path path, Reader reader) implements SourceFile {
    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public String name() {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    @Override
    public ByteSource open() throws IOException {
        return ByteSources.open(path, reader);
    }

    @Override
    public SourceFolder folder() throws IOException {
        return new LocalFolder(RealPath.of(path).getParent(), reader);
    }

    /** Returns the file system's identity of the file; on Windows, which has none, the path with links resolved. */
    @Override
    public Object identity() throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? RealPath.of(path) : key;
    }
}
