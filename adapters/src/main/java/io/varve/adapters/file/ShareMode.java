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
 * Windows opens a file in a share mode: while it is open without sharing for writing, nobody can open it for writing,
 * and if somebody has it open so already, it cannot be opened that way.
 *
 * <p>Tried under wine at most, never on Windows itself.
 */
final class ShareMode {
    /** What there is to say: Windows does not tell who it is. */
    static final String WRITER = "open for writing by another program";

    private static final boolean USABLE = System.getProperty("os.name", "").startsWith("Windows");

    private ShareMode() {}

    /**
     * Keeps writers away.
     *
     * @param channel open until writers may come again; null where there are no share modes
     * @param writer says that there is a writer already, so nobody is kept away
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

    /** Guards {@code file} while it is read. */
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
            // Refused for another reason, it will be refused without the share mode, too, and that reason is the one.
            FileChannel.open(file, StandardOpenOption.READ).close();
            return new Guard(null, Optional.of(WRITER));
        }
    }

    /** How to open an existing file to write to it: where there are share modes, with nobody else writing. */
    static Set<OpenOption> toWriteAlone() {
        return USABLE
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.NOSHARE_WRITE)
                : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
