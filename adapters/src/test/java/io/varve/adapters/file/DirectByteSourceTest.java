package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.file.Path;

class DirectByteSourceTest extends FileByteSourceContract {
    @Override
    ByteSource open(Path file) throws IOException {
        return ByteSources.open(file, Reader.AUTO);
    }
}
