package io.varve.engine.port;

import java.io.IOException;

/**
 * A file that a disk lies in, wherever that is: on this host, on a share, in a shadow copy. Disk formats open their
 * files through it and find others from it, and know nothing of paths. Immutable; for any number of threads.
 */
public interface SourceFile {
    /** What an operator would call it in a message: a path or URL. */
    String location();

    /** Its name in its folder, without the folder. */
    String name();

    /** Opens it for reading; the caller closes the source. */
    ByteSource open() throws IOException;

    /**
     * The folder in which it really lies, after links: what the file names its parent by is relative to that.
     *
     * @throws IOException when the file is gone, or its folder cannot be asked for
     */
    SourceFolder folder() throws IOException;

    /**
     * What is equal for two of the same file, by whatever names it was found, and different for others.
     *
     * @throws IOException when the file is gone
     */
    Object identity() throws IOException;
}
