package io.varve.store.crypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** What opens a repository: a passphrase, or the 32 random bytes of a key file. Not thread-safe; closing wipes it. */
public final class Credential implements AutoCloseable {
    private static final int KEY_LENGTH = 32;
    private static final int MAX_KEY_FILE_SIZE = 4096;

    private final boolean passphrase;
    private final byte[] secret;

    private Credential(boolean passphrase, byte[] secret) {
        this.passphrase = passphrase;
        this.secret = secret;
    }

    /**
     * @param passphrase not kept; the same text in another composed form (é as one character or two) is the same
     * @throws LockedRepositoryException when it is empty
     */
    public static Credential passphrase(char[] passphrase) throws LockedRepositoryException {
        if (passphrase.length == 0) {
            throw new LockedRepositoryException("the passphrase is empty");
        }
        String text = Normalizer.normalize(CharBuffer.wrap(passphrase), Normalizer.Form.NFC);
        return new Credential(true, text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws LockedRepositoryException when the file does not hold 32 bytes in base64 */
    public static Credential keyFile(Path file) throws IOException {
        if (Files.size(file) > MAX_KEY_FILE_SIZE) {
            throw notAKeyFile(file, Files.size(file) + " bytes");
        }
        byte[] text = Files.readAllBytes(file);
        try {
            byte[] key = Base64.getDecoder().decode(strip(text));
            if (key.length != KEY_LENGTH) {
                throw notAKeyFile(file, "another length");
            }
            return new Credential(false, key);
        } catch (IllegalArgumentException e) {
            throw notAKeyFile(file, "something else");
        } finally {
            Arrays.fill(text, (byte) 0);
        }
    }

    private static LockedRepositoryException notAKeyFile(Path file, String found) {
        return new LockedRepositoryException(
                file + ": expected a key file, " + KEY_LENGTH + " bytes in base64, found " + found);
    }

    private static byte[] strip(byte[] text) {
        int end = text.length;
        while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }

    /**
     * Makes a new key file, for its owner's eyes only where the file system can tell.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
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
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            ByteBuffer line = ByteBuffer.allocate(text.length + 1)
                    .put(text)
                    .put((byte) '\n')
                    .flip();
            while (line.hasRemaining()) {
                channel.write(line);
            }
        }
        Arrays.fill(text, (byte) 0);
        return new Credential(false, key);
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
