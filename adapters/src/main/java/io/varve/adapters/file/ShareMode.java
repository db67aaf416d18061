package io.varve.adapters.file;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Uses the share mode in which Windows opens a file: while it is open without write sharing, nobody can open it for
 * writing, and it cannot be opened that way if somebody already has it open for writing.
 *
 * <p>Tested under wine only ({@code ShareModeUnderWine}), not on Windows itself.
 */
final class ShareMode {
    /** The message; Windows does not say which program it is. */
    static final String WRITER = "open for writing by another program";

    private static final boolean USABLE = System.getProperty("os.name", "").startsWith("Windows");

    private ShareMode() {}

    /**
     * Keeps writers away.
     *
     * @param channel kept open to exclude writers; null on systems without share modes
     * @param writer set if there is a writer already, so that writers are not excluded
     */
    record Guard(FileChannel channel, Optional<String> writer) implements AutoCloseable {
        static final Guard NONE = new Guard(null, Optional.empty());

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    /** Excludes writers from {@code file} while it is read. */
    static Guard guard(Path file) throws IOException {
        if (!USABLE) {
            return Guard.NONE;
        }
        try {
            return new Guard(
                    FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.NOSHARE_WRITE),
                    Optional.empty());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // If there is another reason, opening without the share mode fails too, and reports it.
            FileChannel.open(file, StandardOpenOption.READ).close();
            return new Guard(null, Optional.of(WRITER));
        }
    }

    /** Returns the options to open an existing file for writing; on Windows, with no other writer. */
    static Set<OpenOption> toWriteAlone() {
        return USABLE
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.NOSHARE_WRITE)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
