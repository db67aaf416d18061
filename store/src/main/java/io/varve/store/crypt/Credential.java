package io.varve.store.crypt;

import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * A secret that opens a repository: a passphrase, or the 32 random bytes of a key file. Not thread-safe. Closing wipes
 * it from memory.
 */
public final class Credential implements AutoCloseable {
    private static final int KEY_LENGTH = 32;
    private static final int MAX_KEY_FILE_SIZE = 4096;

    private final boolean passphrase;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final byte[] secret;
    private final boolean marked;

    private Credential(boolean passphrase, byte[] secret, boolean marked) {
        this.passphrase = passphrase;
        this.secret = secret;
        this.marked = marked;
    }

    /**
     * @param passphrase not retained; normalized first, so that é as one character or two gives the same credential
     * @throws LockedRepositoryException if it is empty
     */
    public static Credential passphrase(char[] passphrase) throws LockedRepositoryException {
        return passphrase(passphrase, false);
    }

    /**
     * As {@link #passphrase(char[])}.
     *
     * @param marked whether it came from a file that begins with a byte order mark. Older builds took the mark as part
     *     of the passphrase, so their keys are also tried with it
     */
    public static Credential passphrase(char[] passphrase, boolean marked) throws LockedRepositoryException {
        if (passphrase.length == 0) {
            throw new LockedRepositoryException("the passphrase is empty");
        }
        String text = Normalizer.normalize(CharBuffer.wrap(passphrase), Normalizer.Form.NFC);
        return new Credential(true, text.getBytes(StandardCharsets.UTF_8), marked);
    }

    /** @throws LockedRepositoryException if the file does not hold 32 bytes in base64 */
    public static Credential keyFile(Path file) throws IOException {
        byte[] text = read(file);
        try {
            byte[] key = Base64.getDecoder().decode(strip(text));
            if (key.length != KEY_LENGTH) {
                throw notAKeyFile(file, "another length");
            }
            return new Credential(false, key, false);
        } catch (IllegalArgumentException e) {
            throw notAKeyFile(file, "something else");
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            long size = Files.size(file);
            if (size > MAX_KEY_FILE_SIZE) {
                throw notAKeyFile(file, size + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (LockedRepositoryException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": cannot read this key file: " + Reason.bare(e), e);
        }
    }

    private static LockedRepositoryException notAKeyFile(Path file, String found) {
        return new LockedRepositoryException(
                file + ": expected a key file, " + KEY_LENGTH + " bytes in base64, found " + found);
    }

    /** Removes the final line feed, and the byte order mark that some editors write at the start. */
    private static byte[] strip(byte[] text) {
        int mark = BYTE_ORDER_MARK.length;
        int begin = text.length >= mark && Arrays.equals(text, 0, mark, BYTE_ORDER_MARK, 0, mark) ? mark : 0;
        int end = text.length;
        while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOfRange(text, begin, end);
    }

    /**
     * Creates a new key file with random content. Only its owner may read it, if the file system supports that.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the file exists
     */
    public static Credential newKeyFile(Path file) throws IOException {
        byte[] key = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        byte[] text = Base64.getEncoder().encode(key);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer line = ByteBuffer.allocate(text.length + 1)
                    .put(text)
                    .put((byte) '\n')
                    .flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true); // before anything is encrypted with it
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            IOException failure = new IOException(file + ": cannot create this key file: " + Reason.of(e), e);
            if (!existed) {
                deleteTogether(file, failure);
            }
            throw failure;
        }
        Arrays.fill(text, (byte) 0);
        return new Credential(false, key, false);
    }

    private static void deleteTogether(Path file, IOException failure) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The credential that an older build would derive from the same file, if it differs. The caller closes it. */
    Optional<Credential> asOlderBuilds() {
        if (!marked) {
            return Optional.empty();
        }
        byte[] whole = Arrays.copyOf(BYTE_ORDER_MARK, BYTE_ORDER_MARK.length + secret.length);
        System.arraycopy(secret, 0, whole, BYTE_ORDER_MARK.length, secret.length);
        return Optional.of(new Credential(passphrase, whole, false));
    }

    boolean isPassphrase() {
        return passphrase;
    }

    byte[] secret() {
        return secret;
    }

    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
    }
}
