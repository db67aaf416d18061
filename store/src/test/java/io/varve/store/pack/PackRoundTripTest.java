package io.varve.store.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PackRoundTripTest {
    private final MemoryBackend backend = new MemoryBackend();

    /** Random chunks, through buffers smaller and larger than frames: all come back, by footer and by walking. */
    @Test
    void whatWasWrittenIsRead() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 40; round++) {
            String where = "round " + round + ", seed " + seed;
            List<byte[]> contents = new ArrayList<>();
            List<FrameHeader> headers = new ArrayList<>();
            PackWriter.SealedPack sealed;
            int bufferSize = 1 + random.nextInt(5000);
            try (PackWriter pack =
                    new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), PackBuffers.atOnce(bufferSize))) {
                for (int frame = 1 + random.nextInt(20); frame > 0; frame--) {
                    int length = 1 + random.nextInt(random.nextBoolean() ? 40 : 9000);
                    byte[] content = random.nextBoolean()
                            ? Packs.random(length, random.nextLong())
                            : Packs.text(length, random.nextLong());
                    contents.add(content);
                    headers.add(Packs.append(pack, ChunkKind.ofCode(1 + random.nextInt(3)), content));
                }
                assertEquals(contents.size(), pack.frameCount(), where);
                sealed = pack.publish();
            }
            assertEquals(backend.size(PackFormat.objectName(sealed.id())), sealed.size(), where);
            check(sealed.id(), contents, headers, where);
        }
    }

    private void check(ChunkId pack, List<byte[]> contents, List<FrameHeader> headers, String where)
            throws IOException {
        String object = PackFormat.objectName(pack);
        PackReader.checkHeader(backend, pack, Packs.REPOSITORY);
        PackFooter footer = PackReader.footer(backend, pack);
        assertEquals(contents.size(), footer.frameCount(), where);
        long walked = PackFormat.HEADER_SIZE;
        for (int frame = 0; frame < contents.size(); frame++) {
            assertEquals(walked, footer.offset(frame), where);
            assertEquals(headers.get(frame), footer.header(frame), where);
            assertEquals(headers.get(frame), PackReader.frameHeaderAt(backend, object, walked), where);
            assertEquals(Packs.id(contents.get(frame)), footer.id(frame), where);
            ByteBuffer bytes = ByteBuffer.allocateDirect(footer.header(frame).frameLength());
            backend.read(object, walked, bytes);
            ByteBuffer payload = PackReader.checkedPayload(bytes.flip(), footer.header(frame), object, walked);
            byte[] plaintext = new byte[contents.get(frame).length];
            ByteBuffer target = ByteBuffer.allocateDirect(plaintext.length);
            assertTrue(ChunkCodec.decode(footer.header(frame).codec(), payload, target), where);
            target.get(plaintext);
            assertArrayEquals(contents.get(frame), plaintext, where);
            walked += headers.get(frame).frameLength();
        }
        long end = walked;
        assertThrows(CorruptDataException.class, () -> PackReader.frameHeaderAt(backend, object, end), where);
    }

    @Test
    void bothCodecsAreInUse() throws IOException {
        PackWriter.SealedPack pack = Packs.publish(backend, List.of(Packs.text(4096, 1), Packs.random(4096, 1)));
        PackFooter footer = PackReader.footer(backend, pack.id());
        assertEquals(Codec.LZ4, footer.header(0).codec());
        assertTrue(footer.storedLength(0) < 100, "" + footer.storedLength(0));
        assertEquals(Codec.RAW, footer.header(1).codec());
        assertEquals(4096, footer.storedLength(1));
    }

    @Test
    void theNameIsTheFootersDigest() throws IOException {
        PackWriter.SealedPack pack = Packs.publish(backend, List.of(Packs.random(100, 1)));
        byte[] file = backend.get(PackFormat.objectName(pack.id()));
        byte[] footer = java.util.Arrays.copyOfRange(file, 40 + 64 + 100, 40 + 64 + 100 + 56);
        assertEquals(Packs.id(footer), pack.id());
        assertEquals(40 + 64 + 100 + 56 + 40, file.length);
    }

    @Test
    void theSamePackTwiceIsOnePack() throws IOException {
        List<byte[]> contents = List.of(Packs.random(100, 1), Packs.text(100, 2));
        PackWriter.SealedPack first = Packs.publish(backend, contents);
        assertEquals(first.id(), Packs.publish(backend, contents).id());
        assertEquals(0, backend.unpublished());
    }

    /** The name is taken by a damaged copy: to call that the same pack would commit a snapshot to damaged data. */
    @Test
    void aDamagedPackInTheWayIsNotTheSamePack() throws IOException {
        List<byte[]> contents = List.of(Packs.random(100, 1), Packs.text(100, 2));
        String object = PackFormat.objectName(Packs.publish(backend, contents).id());
        byte[] sound = backend.get(object).clone();
        for (int offset : new int[] {0, 16, 39, sound.length - 41, sound.length - 100, sound.length - 1}) {
            byte[] damaged = sound.clone();
            damaged[offset] = (byte) (damaged[offset] ^ 1);
            backend.put(object, damaged);
            CorruptDataException e =
                    assertThrows(CorruptDataException.class, () -> Packs.publish(backend, contents), "at " + offset);
            assertEquals(object, e.file());
            assertArrayEquals(damaged, backend.get(object), "nothing published is ever modified");
        }
        for (int length : new int[] {0, 100, sound.length - 1, sound.length + 1}) {
            backend.put(object, java.util.Arrays.copyOf(sound, length));
            assertThrows(CorruptDataException.class, () -> Packs.publish(backend, contents), length + " bytes");
        }
        assertEquals(0, backend.unpublished());
    }

    @Test
    void aPackThatIsNotPublishedLeavesNothing() throws IOException {
        try (PackWriter pack = new PackWriter(backend, Packs.REPOSITORY, 0, Set.of(), PackBuffers.atOnce())) {
            Packs.append(pack, ChunkKind.BLOCK, Packs.random(100, 1));
        }
        assertEquals(0, backend.unpublished());
        backend.list("packs", (name, size) -> {
            throw new AssertionError(name);
        });
    }

    @Test
    void anotherRepositorysPackIsNotOurs() throws IOException {
        PackWriter.SealedPack pack = Packs.publish(backend, List.of(Packs.random(100, 1)));
        UUID other = new UUID(1, 2);
        CorruptDataException e =
                assertThrows(CorruptDataException.class, () -> PackReader.checkHeader(backend, pack.id(), other));
        assertEquals(16, e.offset());
        assertTrue(e.getMessage().contains("" + Packs.REPOSITORY), e.getMessage());
    }

    @Test
    void aMissingPackIsNoSuchFile() {
        ChunkId none = Packs.id(new byte[] {1});
        assertThrows(NoSuchFileException.class, () -> PackReader.footer(backend, none));
        assertThrows(NoSuchFileException.class, () -> PackReader.checkHeader(backend, none, Packs.REPOSITORY));
    }

    @Test
    void objectNames() {
        ChunkId id = Packs.id(new byte[] {1});
        String name = PackFormat.objectName(id);
        assertEquals("packs/" + id.hex().substring(0, 2) + "/" + id.hex(), name);
        assertEquals(id, PackFormat.idOfObject(name));
        String wrongDirectory = "packs/" + (id.hex().startsWith("00") ? "01" : "00") + "/" + id.hex();
        for (String other : new String[] {
            "",
            "packs",
            "packs/" + id.hex(),
            wrongDirectory,
            "packs//" + id.hex(),
            "Packs/" + id.hex().substring(0, 2) + "/" + id.hex(),
            name + "/",
            name + "0",
            name.substring(0, name.length() - 1),
            name.substring(0, name.length() - 1) + "g",
            "packs/" + id.hex().substring(0, 4) + "/" + id.hex(),
            name.toUpperCase(java.util.Locale.ROOT).replace("PACKS", "packs")
        }) {
            assertNull(PackFormat.idOfObject(other), other);
        }
    }
}
