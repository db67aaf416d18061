package io.varve.store.check;

import io.varve.store.cache.CacheDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Slots in a sparse file below the cache directory, deleted when the process ends. */
final class FileSlots implements SlotStore {
    private final long capacity;
    private final FileChannel file;

    FileSlots(long capacity) throws IOException {
        this.capacity = capacity;
        Path directory = CacheDirectory.make();
        this.file = FileChannel.open(
                Files.createTempFile(directory, "fsck", ".partial"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public long key(long slot) throws IOException {
        return read(slot * SLOT_BYTES);
    }

    @Override
    public long value(long slot) throws IOException {
        return read(slot * SLOT_BYTES + Long.BYTES);
    }

    private long read(long position) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
        while (word.hasRemaining() && file.read(word, position + word.position()) >= 0) {
            // Everything past the end of the file is zeros.
        }
        return word.getLong(0);
    }

    @Override
    public void put(long slot, long key, long value) throws IOException {
        ByteBuffer words =
                ByteBuffer.allocate(SLOT_BYTES).putLong(key).putLong(value).flip();
        while (words.hasRemaining()) {
            file.write(words, slot * SLOT_BYTES + words.position());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
