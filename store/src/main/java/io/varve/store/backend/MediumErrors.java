package io.varve.store.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Set;

/**
 * Errors by which the operating system reports that these very bytes cannot be read. Java exposes errors only as text,
 * in the user's language; for the most common error the text is obtained from the system.
 */
final class MediumErrors {
    private static final Set<String> TEXTS = Set.of(
            // Linux: EIO, ENODATA (medium error), EBADMSG and EUCLEAN (the file system's checksums), EILSEQ (the
            // drive's), EREMOTEIO (the drive refuses this address)
            "input/output error",
            "no data available",
            "bad message",
            "structure needs cleaning",
            "invalid or incomplete multibyte or wide character",
            "remote i/o error",
            // Windows: 23, 27, 30, 323, 1117, 1392
            "data error (cyclic redundancy check)",
            "the drive cannot find the sector requested",
            "the system cannot read from the specified device",
            "a data integrity checksum error occurred. data in the file stream is corrupt",
            "the request could not be performed because of an i/o device error",
            "the file or directory is corrupted and unreadable");

    private MediumErrors() {}

    static boolean isOne(String text) {
        String plain = text.strip().replaceAll("\\.$", "").toLowerCase(Locale.ROOT);
        return TEXTS.contains(plain) || text.equals(OfThisSystem.IO_ERROR);
    }

    /** Determined only once a read has failed. */
    private static final class OfThisSystem {
        static final String IO_ERROR = ioError();

        /** Linux answers a read of unmapped memory with EIO. */
        private static String ioError() {
            try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
                memory.read(ByteBuffer.allocate(1), 0);
                return "";
            } catch (IOException e) {
                return "" + e.getMessage();
            }
        }
    }
}
