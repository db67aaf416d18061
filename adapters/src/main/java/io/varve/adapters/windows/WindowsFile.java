package io.varve.adapters.windows;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import java.io.IOException;

/**
 * A file in a {@link WindowsFolder}.
 *
 * @param folder the real folder that it is in
 */
public record WindowsFile(WindowsFolder folder, String name) implements SourceFile {
    @Override
    public String location() {
        return folder.root() + '\\' + (folder.names().isEmpty() ? "" : String.join("\\", folder.names()) + '\\') + name;
    }

    @Override
    public ByteSource open() throws IOException {
        return WindowsSource.open(folder.files(), location());
    }

    @Override
    public Object identity() throws IOException {
        return folder.files().identity(location());
    }

    boolean isBelow(WindowsFolder other) {
        return folder.root().equals(other.root())
                && folder.names().size() >= other.names().size()
                && folder.names().subList(0, other.names().size()).equals(other.names());
    }
}
