package io.varve.store.crypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkCodec.Encoded;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.pack.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final UUID REPOSITORY = UUID.fromString("6f1d9e0a-1111-4222-8333-444455556666");
    private static final int MOST = 8192;

    private final RepositoryKeys keys = RepositoryKeys.generate(REPOSITORY);
    private final ChunkHasher hasher = keys.newHasher();

    /** A frame as it lies in a pack. */
    private record Sealed(FrameHeader header, ByteBuffer payload) {}

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private Sealed seal(ChunkSealer sealer, ChunkKind kind, ByteBuffer plaintext) {
        ChunkId id = hasher.id(kind, plaintext);
        Encoded encoded = sealer.seal(kind, id, plaintext.remaining(), new ChunkCodec(MOST).encode(plaintext));
        byte[] payload = new byte[encoded.payload().remaining()];
        encoded.payload().get(payload);
        return sealed(kind, encoded.codec(), plaintext.remaining(), id, payload);
    }

    private static Sealed sealed(ChunkKind kind, Codec codec, int rawLength, ChunkId id, byte[] payload) {
        ByteBuffer bytes = direct(payload);
        return new Sealed(new FrameHeader(kind, codec, rawLength, payload.length, id, XxHash.hash64(bytes)), bytes);
    }

    private static ByteBuffer open(ChunkOpener opener, Sealed sealed) throws IOException {
        ByteBuffer target = ByteBuffer.allocateDirect(sealed.header.rawLength());
        opener.open(sealed.header, sealed.payload, target, "pack", 40);
        return target;
    }

    @Test
    void whatIsSealedOpensAgain() throws IOException {
        ChunkSealer sealer = keys.newSealer(MOST);
        ChunkOpener opener = keys.newOpener();
        for (int length : new int[] {1, 15, 16, 17, 100, 4096, MOST}) {
            for (byte[] content : new byte[][] {noise(length), new byte[length]}) {
                Sealed sealed = seal(sealer, ChunkKind.BLOCK, direct(content));
                assertTrue(sealed.header.codec().isSealed());
                assertTrue(sealed.header.codec().fits(length, sealed.payload.remaining()), "length " + length);
                assertEquals(direct(content), open(opener, sealed), "length " + length);
            }
        }
    }

    @Test
    void idsDependOnTheKeyAndOnWhetherItIsAPage() {
        ByteBuffer content = direct(noise(100));
        assertEquals(hasher.id(content), hasher.id(ChunkKind.FILE_PIECE, content));
        assertNotEquals(hasher.id(content), hasher.id(ChunkKind.MAP_PAGE, content));
        assertNotEquals(hasher.id(content), new ChunkHasher().id(content));
        assertNotEquals(
                hasher.id(content),
                RepositoryKeys.generate(REPOSITORY).newHasher().id(content));
    }

    @Test
    void mapPagesStayReadableWithoutTheKey() throws IOException {
        ByteBuffer page = direct(noise(1000));
        Encoded encoded = new ChunkCodec(MOST).encode(page);
        assertSame(encoded, keys.newSealer(MOST).seal(ChunkKind.MAP_PAGE, ChunkId.ZERO, 1000, encoded));
        Sealed sealed = seal(keys.newSealer(MOST), ChunkKind.MAP_PAGE, page);
        assertEquals(page, open(new LockedProtection().newOpener(), sealed));
        assertEquals(page, open(keys.newOpener(), sealed));
        Sealed block = seal(keys.newSealer(MOST), ChunkKind.BLOCK, page);
        assertThrows(LockedRepositoryException.class, () -> open(new LockedProtection().newOpener(), block));
        assertThrows(CorruptDataException.class, () -> open(new PlainProtection().newOpener(), block));
    }

    @Test
    void everyFlippedBitOfAPayloadShows() throws IOException {
        for (byte[] content : new byte[][] {noise(60), new byte[300]}) {
            Sealed sound = seal(keys.newSealer(MOST), ChunkKind.BLOCK, direct(content));
            ChunkOpener opener = keys.newOpener();
            byte[] payload = new byte[sound.payload.remaining()];
            sound.payload.get(0, payload);
            for (int bit = 0; bit < 8 * payload.length; bit++) {
                byte[] flipped = payload.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                FrameHeader header = sound.header;
                Sealed damaged = sealed(header.kind(), header.codec(), header.rawLength(), header.id(), flipped);
                assertThrows(CorruptDataException.class, () -> open(opener, damaged), "bit " + bit);
            }
            assertEquals(direct(content), open(opener, sound));
        }
    }

    /** What stands in the frame beside the payload is covered by the tag too. */
    @Test
    void everyOtherHeaderShows() throws IOException {
        byte[] content = noise(64);
        Sealed sound = seal(keys.newSealer(MOST), ChunkKind.BLOCK, direct(content));
        FrameHeader h = sound.header;
        byte[] payload = new byte[sound.payload.remaining()];
        sound.payload.get(0, payload);
        ChunkId other = hasher.id(direct(noise(65)));
        List<Sealed> changed = List.of(
                sealed(ChunkKind.FILE_PIECE, h.codec(), h.rawLength(), h.id(), payload),
                sealed(ChunkKind.MAP_PAGE, h.codec(), h.rawLength(), h.id(), payload),
                sealed(h.kind(), Codec.SEALED_LZ4, h.rawLength(), h.id(), payload),
                sealed(h.kind(), Codec.RAW, h.rawLength(), h.id(), payload),
                sealed(h.kind(), Codec.LZ4, h.rawLength(), h.id(), payload),
                sealed(h.kind(), h.codec(), h.rawLength() + 1, h.id(), payload),
                sealed(h.kind(), h.codec(), h.rawLength(), other, payload),
                sealed(h.kind(), Codec.RAW, content.length, h.id(), content));
        for (Sealed frame : changed) {
            assertThrows(CorruptDataException.class, () -> open(keys.newOpener(), frame), frame.header::toString);
        }
        RepositoryKeys elsewhere =
                new RepositoryKeys(UUID.randomUUID(), keys.master().clone());
        assertThrows(CorruptDataException.class, () -> open(elsewhere.newOpener(), sound));
    }

    /** A frame of one worker put under the id of another chunk, both genuine. */
    @Test
    void swappedPayloadsShow() throws IOException {
        ChunkSealer sealer = keys.newSealer(MOST);
        Sealed first = seal(sealer, ChunkKind.BLOCK, direct(noise(64)));
        byte[] payload = new byte[first.payload.remaining()];
        seal(sealer, ChunkKind.BLOCK, direct(new SplittableRandomBytes(9).next(64)))
                .payload
                .get(0, payload);
        FrameHeader h = first.header;
        Sealed swapped = sealed(h.kind(), h.codec(), h.rawLength(), h.id(), payload);
        assertThrows(CorruptDataException.class, () -> open(keys.newOpener(), swapped));
    }

    private record SplittableRandomBytes(long seed) {
        byte[] next(int length) {
            byte[] bytes = new byte[length];
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }
    }

    /** Salt and counter are what key and nonce are made of: no pair may occur twice, whoever seals. */
    @Test
    void noNonceRepeatsUnderAKey() throws Exception {
        int workers = 8;
        int frames = GcmSealer.MAX_FRAMES + 500; // past the renewal of a salt
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        List<Future<List<ByteBuffer>>> running = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int count = worker == 0 ? frames : 2000;
            Callable<List<ByteBuffer>> work = () -> {
                List<ByteBuffer> prefixes = new ArrayList<>();
                ChunkSealer sealer = keys.newSealer(16);
                ByteBuffer content = direct(noise(16));
                for (int i = 0; i < count; i++) {
                    Encoded encoded =
                            sealer.seal(ChunkKind.BLOCK, ChunkId.ZERO, 16, new Encoded(Codec.RAW, content.duplicate()));
                    byte[] prefix = new byte[FrameCipher.PREFIX_LENGTH];
                    encoded.payload().get(prefix);
                    prefixes.add(ByteBuffer.wrap(prefix));
                }
                return prefixes;
            };
            running.add(threads.submit(work));
        }
        Set<ByteBuffer> seen = new HashSet<>();
        int total = 0;
        for (Future<List<ByteBuffer>> worker : running) {
            total += worker.get().size();
            seen.addAll(worker.get());
        }
        threads.shutdown();
        assertEquals(total, seen.size());
    }

    @Test
    void equalContentIsSealedDifferently() {
        ByteBuffer content = direct(noise(64));
        ChunkSealer sealer = keys.newSealer(MOST);
        assertNotEquals(seal(sealer, ChunkKind.BLOCK, content).payload, seal(sealer, ChunkKind.BLOCK, content).payload);
    }
}
