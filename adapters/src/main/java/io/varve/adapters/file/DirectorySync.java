package io.varve.adapters.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the names in a directory durable. */
final class DirectorySync {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private DirectorySync() {}

    /**
     * Makes names created or changed in {@code directory} survive a crash. On Windows the file system journals them
     * itself.
     */
    static void sync(Path directory) throws IOException {
        if (WINDOWS) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
