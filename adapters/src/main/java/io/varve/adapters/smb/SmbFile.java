package io.varve.adapters.smb;

import io.varve.adapters.smb.wire.Created;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A file on a share. */
public record SmbFile(SmbServer server, SmbPath path) implements SourceFile {
    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public String name() {
        return path.name();
    }

    @Override
    public ByteSource open() throws IOException {
        return SmbSource.open(server, path);
    }

    @Override
    public SourceFolder folder() {
        return new SmbFolder(server, path.parent());
    }

    /** The server's number of the file and its volume; for a server without them, the path. */
    @Override
    public Object identity() throws IOException {
        Optional<Created.DiskId> id = SmbShare.look(server, path).diskId();
        return id.isPresent()
                ? List.of(path.server(), id.get())
                : path.toString().toLowerCase(Locale.ROOT);
    }
}
