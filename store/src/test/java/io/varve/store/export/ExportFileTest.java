package io.varve.store.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.crypt.KeyRing;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.RefusedException;
import io.varve.store.map.MapPage;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small export, cut at every length and with every byte flipped: refused, with a place, before it is used. */
class ExportFileTest {
    @TempDir
    Path temp;

    private byte[] sound;
    private Path file;

    @BeforeEach
    void export() throws IOException {
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), 4096, 64 << 10, Instant.EPOCH);
        try (Repository repository = Repository.init(temp.resolve("repository"), config)) {
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
                ChunkWriter writer = session.newChunkWriter(4096);
                ByteBuffer block = ByteBuffer.allocateDirect(700);
                block.put(0, (byte) 1);
                ChunkId id = writer.id(block);
                writer.put(ChunkKind.BLOCK, id, block);
                MapPage leaf = MapPage.zero(0);
                leaf.set(0, id);
                session.commit(manifest(config, writer.store(leaf)));
            }
            file = temp.resolve("export");
            sound = write(repository);
        }
        assertTrue(sound.length < 12_000, "small, for what follows is quadratic: " + sound.length);
    }

    private static byte[] write(Repository repository) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotExport.Listener quiet = new SnapshotExport.Listener() {
            @Override
            public void started(int packs) {}

            @Override
            public void packDone() {}

            @Override
            public void check() {}
        };
        try (ReadSession session = ReadSession.open(repository, notice -> {})) {
            new SnapshotExport(session, quiet)
                    .write(repository.snapshots().list().snapshots().get(0), into(bytes));
        }
        return bytes.toByteArray();
    }

    private static ExportSink into(ByteArrayOutputStream bytes) {
        return piece -> {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        };
    }

    private static Manifest manifest(RepositoryConfig config, ChunkId root) {
        DiskRecord disk = new DiskRecord(
                1,
                "d",
                true,
                Optional.empty(),
                "s",
                "raw",
                700,
                512,
                512,
                4096,
                root,
                Optional.empty(),
                "full",
                "first-backup",
                "",
                new DiskCounters(0, 0, 0, 0, 0, 0));
        return new Manifest(
                config.repositoryId(),
                "m",
                Optional.empty(),
                "h",
                Instant.EPOCH,
                Instant.EPOCH,
                "offline",
                List.of(disk),
                List.of(),
                "test",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Counts what it is told, and ends the proof where it is told to. */
    private static final class Counted implements ExportFile.Listener {
        private final long end;
        private long bytes;

        Counted(long end) {
            this.end = end;
        }

        @Override
        public void bytesRead(long count) {
            bytes += count;
        }

        @Override
        public void check() throws IOException {
            if (bytes >= end) {
                throw new InterruptedIOException("enough");
            }
        }
    }

    private void open(byte[] content) throws IOException {
        Files.write(file, content);
        try (Repository repository = ExportFile.open(file, temp, new Counted(Long.MAX_VALUE))) {
            assertEquals(1, repository.snapshots().list().snapshots().size());
        }
    }

    private CorruptDataException refused(byte[] content, String where) {
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> open(content), where);
        assertNotNull(e.expected(), where);
        return e;
    }

    /**
     * An export of 200,000 packs of a byte each took all memory there is; no exporter writes a second one like that.
     */
    @Test
    void manySmallPacksAreRefusedAtTheSecond() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ExportWriter export = new ExportWriter(into(bytes));
        byte[] config = Files.readAllBytes(temp.resolve("repository/repository.json"));
        export.member("repository.json", config, config.length);
        for (int pack = 0; pack < 1000; pack++) {
            byte[] name = new byte[] {(byte) pack, (byte) (pack >> 8)};
            ChunkId id = new io.varve.store.chunk.ChunkHasher().id(ByteBuffer.wrap(name));
            export.member(io.varve.store.pack.PackFormat.objectName(id), new byte[1], 1);
        }
        byte[] hostile = bytes.toByteArray();
        CorruptDataException e = refused(hostile, "many packs");
        assertTrue(e.getMessage().contains("65536 bytes") && e.offset() < 6000, e.getMessage());
    }

    /** Any number of keys would take all memory there is: refused at the first that is too many. */
    @Test
    void moreKeysThanARepositoryMayHaveAreRefused() throws IOException {
        for (int keys : new int[] {KeyRing.MOST_KEYS, KeyRing.MOST_KEYS + 100}) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ExportWriter export = new ExportWriter(into(bytes));
            byte[] config = Files.readAllBytes(temp.resolve("repository/repository.json"));
            export.member("repository.json", config, config.length);
            for (int key = 0; key < keys; key++) {
                export.member(String.format("keys/%016x.json", key), new byte[1], 1);
            }
            CorruptDataException e = refused(bytes.toByteArray(), keys + " keys");
            boolean asOneTooMany = e.getMessage().contains("at most 1000 keys");
            assertEquals(keys > KeyRing.MOST_KEYS, asOneTooMany, e.getMessage());
            if (asOneTooMany) {
                // header and content of the configuration and of 1000 keys
                assertEquals(2 * 512 + 1000 * 2 * 512, e.offset(), e.getMessage());
            }
        }
    }

    /** Each large enough, but more of them than memory suffices for: refused at that very one, with what helps. */
    @Test
    void morePacksThanMemorySufficesForAreRefused() throws IOException {
        Path hostile = temp.resolve("hostile");
        int[] made = new int[1];
        try (var out = Files.newOutputStream(hostile)) {
            ExportWriter export = new ExportWriter(bytes -> {
                byte[] piece = new byte[bytes.remaining()];
                bytes.get(piece);
                out.write(piece);
            });
            byte[] config = Files.readAllBytes(temp.resolve("repository/repository.json"));
            export.member("repository.json", config, config.length);
            for (; made[0] < 20; made[0]++) {
                ChunkId id = new io.varve.store.chunk.ChunkHasher().id(ByteBuffer.wrap(new byte[] {(byte) made[0]}));
                export.member(io.varve.store.pack.PackFormat.objectName(id), new byte[64 << 10], 64 << 10);
            }
        }
        long[] read = new long[1];
        ExportFile.Listener listener = new ExportFile.Listener() {
            @Override
            public void bytesRead(long count) {
                read[0] += count;
            }

            @Override
            public void check() {}
        };
        Path scratch = Files.createDirectory(temp.resolve("scratch-of-many"));
        RefusedException e =
                assertThrows(RefusedException.class, () -> ExportFile.open(hostile, scratch, listener, 10));
        assertTrue(
                e.getMessage().contains("more than 10 packs")
                        && e.getMessage().contains("-Xmx1g")
                        && e.getMessage().contains("nothing was stored"),
                e.getMessage());
        assertTrue(read[0] < 11 * (66L << 10), "read on: " + read[0]);
        // As many as are allowed are none too many: what is wrong then is that the file ends.
        assertThrows(CorruptDataException.class, () -> ExportFile.open(hostile, scratch, listener, 20));
    }

    @Test
    void aSoundOneOpens() throws IOException {
        open(sound);
    }

    @Test
    void whoAsksIsToldHowFarTheProofIsAndCanEndIt() throws IOException {
        Files.write(file, sound);
        Counted all = new Counted(Long.MAX_VALUE);
        ExportFile.open(file, temp, all).close();
        assertEquals(sound.length, all.bytes);
        Counted stopped = new Counted(1);
        assertThrows(InterruptedIOException.class, () -> ExportFile.open(file, temp, stopped));
        assertTrue(stopped.bytes < all.bytes, stopped.bytes + " of " + all.bytes);
    }

    @Tag("long")
    @Test
    void cutAtEveryLengthItIsRefused() {
        for (int length = 0; length < sound.length; length++) {
            CorruptDataException e = refused(Arrays.copyOf(sound, length), "cut to " + length);
            assertTrue(e.offset() <= length, e.getMessage());
        }
        refused(Arrays.copyOf(sound, sound.length + 1), "a byte more");
        refused(Arrays.copyOf(sound, sound.length + 512), "a block more");
    }

    @Tag("long")
    @Test
    void withAnyByteFlippedItIsRefused() {
        for (int at = 0; at < sound.length; at++) {
            byte[] flipped = sound.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            refused(flipped, "flipped at " + at);
        }
    }

    /** Where the damage is, not only that there is some. */
    @Test
    void damageInAPackIsLocated() throws IOException {
        int payload = indexOf(sound, "VFRM") + 64;
        byte[] flipped = sound.clone();
        flipped[payload + 1] ^= 1;
        CorruptDataException e = refused(flipped, "in a payload");
        assertEquals(payload, e.offset(), e.getMessage());
    }

    private static int indexOf(byte[] bytes, String text) {
        for (int at = 0; at + text.length() <= bytes.length; at++) {
            if (new String(bytes, at, text.length(), java.nio.charset.StandardCharsets.US_ASCII).equals(text)) {
                return at;
            }
        }
        throw new AssertionError("no " + text);
    }

    /** Pieces of it in another order, twice, or replaced: nothing else than a refusal comes out. */
    @Tag("long")
    @Test
    void shuffledItIsRefused() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] mutated = sound.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int length = random.nextInt(1, 4) * (random.nextBoolean() ? 512 : 1);
                int from = random.nextInt(mutated.length - length);
                int to = random.nextInt(mutated.length - length);
                if (random.nextBoolean()) {
                    from -= from % 512;
                    to -= to % 512;
                }
                System.arraycopy(sound, from, mutated, to, length);
            }
            if (!Arrays.equals(mutated, sound)) {
                refused(mutated, "seed " + seed + ", round " + round);
            }
        }
    }

    private byte[] members(boolean withTrailer, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ExportWriter writer = new ExportWriter(into(bytes));
        for (String name : names) {
            writer.member(name, new byte[10], 10);
        }
        if (withTrailer) {
            writer.finish(new SnapshotId("20260101T000000Z-00000000"));
        }
        return bytes.toByteArray();
    }

    /** With right digests, so that only the rules of the format stand in the way. */
    @Test
    void membersComeInTheirOrderAndOnce() throws IOException {
        String pack = "packs/00/" + "0".repeat(64);
        String manifest = "snapshots/20260101T000000Z-00000000.json";
        String[][] wrong = {
            {},
            {manifest},
            {"repository.json"},
            {"repository.json", pack},
            {"repository.json", manifest, pack},
            {"repository.json", manifest, manifest},
            {"repository.json", pack, pack, manifest},
            {"repository.json", "repository.json", manifest},
            {"repository.json", pack, "keys/00.json", manifest},
            {"repository.json", "../evil", manifest},
            {"repository.json", "trash/condemned-0.json", manifest},
            {"repository.json", "snapshots/20260101T000000Z-00000001.json"},
        };
        for (String[] names : wrong) {
            refused(members(true, names), Arrays.toString(names));
        }
        refused(members(false, "repository.json", manifest), "no trailer");
    }
}
