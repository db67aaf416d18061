package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MappedByteSourceTest extends FileByteSourceContract {
    @Override
    ByteSource open(Path file) throws IOException {
        return ByteSources.open(file, Reader.MAPPED);
    }

    @Override
    protected ByteSource source(byte[] content) throws IOException {
        // Windows so small that reads cross them and the oldest has to go.
        return MappedByteSource.open(Files.write(Files.createTempFile(folder, "mapped", ""), content), 1 << 13);
    }

    @Test
    void moreWindowsThanMayBeMapped() throws IOException {
        byte[] content = new byte[64 * 8192 + 5];
        new SplittableRandom(9).nextBytes(content);
        Path file = Files.write(folder.resolve("windows"), content);
        try (ByteSource source = MappedByteSource.open(file, 8192)) {
            for (int window = 0; window < 64; window++) {
                ByteBuffer target = ByteBuffer.allocate(8192 + 5);
                source.read(window * 8192L, target);
                assertArrayEquals(Arrays.copyOfRange(content, window * 8192, window * 8192 + 8197), target.array());
            }
        }
    }
}
