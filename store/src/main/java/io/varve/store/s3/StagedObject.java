package io.varve.store.s3;

import io.varve.store.backend.ObjectWriter;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.fault.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * An object on its way into a bucket. A small one waits in memory, a larger one in a file of this computer that has no
 * name, or loses it with this process: nothing is left after a crash.
 */
final class StagedObject implements ObjectWriter {
    /** Objects up to this many bytes wait in memory. */
    static final int IN_MEMORY = 256 << 10;

    /** Stores a complete object under its name. */
    @FunctionalInterface
    interface Upload {
        void put(String name, S3Body body) throws IOException;
    }

    private final Upload upload;
    private final MessageDigest digest = Signature.sha256();
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private Path path; // null while in memory
    private FileChannel file;
    private long length;

    StagedObject(Upload upload) {
        this.upload = upload;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
        digest.update(bytes.duplicate());
        length += bytes.remaining();
        if (file == null && length > IN_MEMORY) {
            spill();
        }
        if (file == null) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            memory.writeBytes(copy);
        } else {
            write(bytes);
        }
    }

    private void spill() throws IOException {
        Path directory = CacheDirectory.make("staging");
        path = directory.resolve(UUID.randomUUID() + ".tmp");
        file = FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        if (!CacheDirectory.isWindows()) {
            Files.deleteIfExists(path); // Windows does this by itself when the process ends
        }
        write(ByteBuffer.wrap(memory.toByteArray()));
        memory = null;
    }

    private void write(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException(
                    path.getParent() + ": cannot keep a pack here until it is uploaded: " + Reason.of(e)
                            + "; set VARVE_CACHE to use another directory",
                    e);
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void publish(String name) throws IOException {
        String sha256 = Signature.hex(digest.digest());
        byte[] small = memory == null ? null : memory.toByteArray();
        upload.put(name, new S3Body() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public String digest() {
                return sha256;
            }

            @Override
            public InputStream open() {
                return small == null ? new FromFile(file) : new ByteArrayInputStream(small);
            }
        });
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** Reads the file from its beginning, whatever others read of it meanwhile. */
    private static final class FromFile extends InputStream {
        private final FileChannel file;
        private long position;

        FromFile(FileChannel file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int read = file.read(ByteBuffer.wrap(bytes, offset, count), position);
            position += Math.max(read, 0);
            return read;
        }
    }
}
