package io.varve.tools.option;

import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.windows.GivenPath;
import io.varve.engine.port.SourceFile;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;

/** Where the file of a disk is. */
public sealed interface DiskPlace {
    /** On this computer. */
    record Here(GivenPath given) implements DiskPlace {
        /** For opening it. */
        public Path file() {
            return given.path();
        }

        @Override
        public String toString() {
            return given.toString();
        }

        @Override
        public String fileName() {
            return String.valueOf(file().getFileName());
        }

        @Override
        public SourceFile file(Reader reader, ShareServers servers) {
            return new LocalFile(file(), reader);
        }
    }

    /** On a share of another one. */
    record OnShare(SmbPath path) implements DiskPlace {
        @Override
        public String toString() {
            return path.toString();
        }

        @Override
        public String fileName() {
            return path.name();
        }

        @Override
        public SourceFile file(Reader reader, ShareServers servers) throws IOException {
            return servers.file(path);
        }
    }

    /**
     * Understands a path, and {@code smb://HOST[:PORT]/SHARE/PATH}.
     *
     * @throws java.nio.file.InvalidPathException when it is no path
     */
    static DiskPlace parse(String text) throws UsageException {
        if (!SmbPath.isOne(text)) {
            return new Here(new GivenPath(text));
        }
        try {
            SmbPath path = SmbPath.parse(text);
            if (path.names().isEmpty()) {
                throw new UsageException(text + ": expected a file on the share, found the share itself");
            }
            return new OnShare(path);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Its last name. */
    String fileName();

    /** The file; {@code reader} is for one of this computer. */
    SourceFile file(Reader reader, ShareServers servers) throws IOException;
}
