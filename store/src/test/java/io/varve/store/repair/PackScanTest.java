package io.varve.store.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.ReadOnlyBackend;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What a repair reads of a file that somebody put in the place of a pack. */
class PackScanTest {
    /** A file whose bytes repeat. */
    private static final class Repeated extends ReadOnlyBackend {
        private final byte[] bytes;
        private final long size;
        private long read;

        Repeated(byte[] bytes, long size) {
            this.bytes = bytes;
            this.size = size;
        }

        @Override
        public String location() {
            return "test";
        }

        @Override
        public void read(String name, long offset, ByteBuffer target) {
            read += target.remaining();
            long at = offset;
            while (target.hasRemaining()) {
                int from = (int) (at % bytes.length);
                int length = Math.min(target.remaining(), bytes.length - from);
                target.put(bytes, from, length);
                at += length;
            }
        }

        @Override
        public long size(String name) {
            return size;
        }

        @Override
        public boolean exists(String name) {
            return true;
        }

        @Override
        public void listTop(NameVisitor visitor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void list(String directory, ObjectVisitor visitor) {}

        @Override
        public void close() {}
    }

    private static void scan(Repeated file) throws IOException {
        String name = PackFormat.objectName(Packs.id(new byte[2]));
        assertEquals(0, new PackScan(file).scan(name, (header, payload) -> {}));
    }

    @Test
    void noMoreIsReadThanAPackMayHold() throws IOException {
        Repeated file = new Repeated(new byte[1 << 20], 3L << 30);
        scan(file);
        assertTrue(file.read < PackFormat.MAX_PACK_SIZE + (8 << 20), "read " + file.read);
    }

    /** Each header is sound and promises 4 MiB that are not what it says: 64 bytes cost 4 MiB. */
    @Test
    void headersWithoutTheirPayloadAreNotFollowedForEver() throws IOException {
        FrameHeader header = new FrameHeader(ChunkKind.BLOCK, Codec.RAW, 4 << 20, 4 << 20, Packs.id(new byte[1]), 77);
        Repeated file = new Repeated(Packs.encoded(header), 16 << 20);
        scan(file);
        assertTrue(file.read < 20 * file.size, "read " + file.read);
    }
}
