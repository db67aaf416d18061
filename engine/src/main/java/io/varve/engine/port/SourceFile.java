package io.varve.engine.port;

import java.io.IOException;

/**
 * A file of a disk: on this host, on a share, or in a shadow copy. Disk formats open their files through it and find
 * other files from it, so they know nothing of paths. Immutable; for any number of threads.
 */
public interface SourceFile {
    /** Its name in messages: a path or URL. */
    String location();

    /** Its name in its folder, without the folder. */
    String name();

    /** Opens it for reading; the caller closes the source. */
    ByteSource open() throws IOException;

    /**
     * The folder it is in, with links resolved; the parent's name in the file is relative to it.
     *
     * @throws IOException when the file is gone, or its folder cannot be determined
     */
    SourceFolder folder() throws IOException;

    /**
     * The file's identity: equal for the same file under any name, different for different files.
     *
     * @throws IOException when the file is gone
     */
    Object identity() throws IOException;
}
