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
        return folder.pathOf(name);
    }

    @Override
    public ByteSource open() throws IOException {
        return WindowsSource.open(folder.files(), location());
    }

    @Override
    public Object identity() throws IOException {
        return folder.files().identity(location());
    }
}
