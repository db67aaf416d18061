package io.varve.store.pack;

import static io.varve.store.pack.PackBytes.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Footers whose hashes and name are right and whose entries are not: a broken writer, or somebody's bad will. */
class LyingFooterTest {
    private static final int RAW = 0;
    private static final int LZ4 = 1;

    private final MemoryBackend backend = new MemoryBackend();

    private CorruptDataException refused(PackBytes pack) {
        ChunkId id = pack.put();
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> PackReader.footer(backend, id));
        assertEquals(PackFormat.objectName(id), e.file());
        assertTrue(backend.largestRead() <= PackFormat.MAX_FRAMES * PackFormat.FOOTER_ENTRY_SIZE);
        return e;
    }

    private CorruptDataException refused(int framesLength, ByteBuffer... entries) {
        return refused(new PackBytes(backend).frames(framesLength).footer(entries));
    }

    /** The honest one, from which all others here differ in one thing. */
    @Test
    void anHonestFooterIsRead() throws IOException {
        ChunkId id = new PackBytes(backend)
                .frames(2 * 64 + 100 + 20)
                .footer(entry(1, RAW, 0, 100, 100, 40), entry(2, LZ4, 0, 100, 20, 204))
                .put();
        PackReader.checkHeader(backend, id, Packs.REPOSITORY);
        assertEquals(2, PackReader.footer(backend, id).frameCount());
    }

    @Test
    void entriesThatOverlap() {
        refused(2 * 64 + 120, entry(1, RAW, 0, 100, 100, 40), entry(2, LZ4, 0, 100, 20, 203));
        refused(64 + 100, entry(1, RAW, 0, 100, 100, 40), entry(1, RAW, 0, 100, 100, 40));
    }

    @Test
    void entriesWithAGap() {
        refused(2 * 64 + 121, entry(1, RAW, 0, 100, 100, 40), entry(2, LZ4, 0, 100, 20, 205));
        refused(64 + 101, entry(1, RAW, 0, 100, 100, 41));
    }

    @Test
    void entriesInAnotherOrder() {
        refused(2 * 64 + 120, entry(2, LZ4, 0, 100, 20, 204), entry(1, RAW, 0, 100, 100, 40));
    }

    @Test
    void framesThatEndBeforeOrBehindTheFooter() {
        refused(64 + 101, entry(1, RAW, 0, 100, 100, 40));
        refused(64 + 99, entry(1, RAW, 0, 100, 100, 40));
    }

    @Test
    void offsetsThatAreWrong() {
        refused(64 + 100, entry(1, RAW, 0, 100, 100, 0));
        refused(64 + 100, entry(1, RAW, 0, 100, 100, -1));
        refused(64 + 100, entry(1, RAW, 0, 100, 100, Integer.MIN_VALUE + 40));
    }

    @Test
    void unknownKindsAndCodecs() {
        for (int kind : new int[] {0, 4, 0x7F, 0x80, 0xFF}) {
            assertTrue(refused(64 + 100, entry(kind, RAW, 0, 100, 100, 40))
                    .getMessage()
                    .contains("kind " + kind));
        }
        for (int codec : new int[] {4, 0x7F, 0x80, 0xFF}) {
            refused(64 + 100, entry(1, codec, 0, 100, 100, 40));
        }
        refused(64 + 100, entry(1, RAW, 1, 100, 100, 40));
        refused(64 + 100, entry(1, RAW, 0x100, 100, 100, 40));
    }

    @Test
    void lengthsThatDoNotFit() {
        refused(64 + 101, entry(1, RAW, 0, 100, 101, 40));
        refused(64 + 99, entry(1, RAW, 0, 100, 99, 40));
        refused(64 + 100, entry(1, LZ4, 0, 100, 100, 40));
        refused(64 + 101, entry(1, LZ4, 0, 100, 101, 40));
        refused(64 + 100, entry(1, LZ4, 0, 100, 0, 40));
        refused(64 + 100, entry(1, LZ4, 0, 100, -1, 40));
        refused(64 + 100, entry(1, RAW, 0, 0, 0, 40));
        refused(64 + 100, entry(1, RAW, 0, -1, -1, 40));
        refused(64 + 100, entry(1, LZ4, 0, PackFormat.MAX_RAW_LENGTH + 1, 100, 40));
        refused(64 + 100, entry(1, LZ4, 0, Integer.MAX_VALUE, 100, 40));
        refused(64 + 100, entry(1, LZ4, 0, Integer.MIN_VALUE, 100, 40));
    }

    @Test
    void noFrames() {
        refused(200);
        refused(0);
    }

    @Test
    void tooManyFrames() {
        int frames = PackFormat.MAX_FRAMES + 1;
        ByteBuffer[] entries = new ByteBuffer[frames];
        for (int frame = 0; frame < frames; frame++) {
            entries[frame] = entry(1, RAW, 0, 1, 1, 40 + 65 * frame);
        }
        refused(65 * frames, entries);
    }

    @Test
    void asManyFramesAsAllowed() throws IOException {
        ByteBuffer[] entries = new ByteBuffer[PackFormat.MAX_FRAMES];
        for (int frame = 0; frame < entries.length; frame++) {
            entries[frame] = entry(1, RAW, 0, 1, 1, 40 + 65 * frame);
        }
        ChunkId id = new PackBytes(backend)
                .frames(65 * entries.length)
                .footer(entries)
                .put();
        assertEquals(entries.length, PackReader.footer(backend, id).frameCount());
    }

    @Test
    void aTrailerThatLies() {
        ByteBuffer entry = entry(1, RAW, 0, 100, 100, 40);
        long[] offsets = {0, 39, 40, 203, 205, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE};
        for (long offset : offsets) {
            refused(new PackBytes(backend).frames(164).footer(entry.duplicate()).trailer(offset, 56));
        }
        int[] lengths = {0, 1, 55, 57, 112, Integer.MAX_VALUE / 56 * 56};
        for (int length : lengths) {
            refused(new PackBytes(backend).frames(164).footer(entry.duplicate()).trailer(204, length));
            refused(new PackBytes(backend)
                    .frames(164)
                    .footer(entry.duplicate())
                    .trailer(Math.max(0, 260 - length), length));
        }
    }

    /** A pack that says it has gibibytes: the reader asks for its last 40 bytes and no more. */
    @Test
    void aLengthIsNotBelievedBeforeItIsCompared() throws IOException {
        for (long size : new long[] {PackFormat.MAX_PACK_SIZE, PackFormat.MAX_PACK_SIZE + 1, Long.MAX_VALUE}) {
            MemoryBackend huge = new MemoryBackend() {
                @Override
                public long size(String name) {
                    return size;
                }

                @Override
                public void read(String name, long offset, ByteBuffer target) throws IOException {
                    ByteBuffer trailer = ByteBuffer.wrap(get(name));
                    assertEquals(40, target.remaining());
                    target.put(trailer);
                }
            };
            int wholeEntries = (int) (size / 56 - 10) * 56;
            ByteBuffer trailer = ByteBuffer.allocate(40).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            trailer.putLong(size - 40 - Integer.toUnsignedLong(wholeEntries))
                    .putInt(wholeEntries)
                    .putInt(0)
                    .putLong(1)
                    .putLong(2)
                    .put("VARVEND1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            huge.put("packs/x", trailer.array());
            assertThrows(CorruptDataException.class, () -> PackReader.footer(huge, "packs/x"));
        }
    }
}
