package io.varve.adapters.hyperv;

import io.varve.adapters.file.Reader;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.IOException;

/** A file of the host as this computer sees it; names in it are paths of the host. */
record HostFile(SourceFile file, Reader reader, HostPaths paths) implements SourceFile {
    @Override
    public String location() {
        return file.location();
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public ByteSource open() throws IOException {
        return file.open();
    }

    @Override
    public SourceFolder folder() throws IOException {
        return new HostFolder(file.folder(), reader, paths);
    }

    @Override
    public Object identity() throws IOException {
        return file.identity();
    }
}
