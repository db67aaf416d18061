package io.varve.store.golden;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.json.SealedJson;
import io.varve.store.map.MapPage;
import io.varve.store.pack.FrameHeader;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;

/** A repository in which every hash is right and something else may be wrong: what Varve would never write. */
final class OddRepository implements Closeable {
    static final int BLOCK = GoldenContent.BLOCK;

    final Repository repository;
    final boolean encrypted;
    private final WriteSession session;
    private final ChunkWriter writer;
    private final List<DiskRecord> disks = new ArrayList<>();

    OddRepository(Path home, boolean encrypted) throws IOException {
        this.encrypted = encrypted;
        this.repository = init(home, "odd", encrypted);
        this.session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {});
        this.writer = session.newChunkWriter(1 << 20);
    }

    static Repository init(Path home, String name, boolean encrypted) throws IOException {
        RepositoryConfig config = new RepositoryConfig(
                UUID.randomUUID(), BLOCK, 64 << 10, Instant.parse("2026-01-01T00:00:00Z"), encrypted);
        return encrypted
                ? Repository.initEncrypted(
                        new Folder(home.resolve(name)),
                        config,
                        Credential.newKeyFile(home.resolve(name + ".key")),
                        "k",
                        new Argon2(64, 1, 1))
                : Repository.init(home.resolve(name), config);
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Content that does not compress, another for each seed. */
    static byte[] content(int length, long seed) {
        byte[] content = new byte[length];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }

    /** Stores a chunk of any length. */
    ChunkId chunk(int length, long seed) throws IOException {
        ByteBuffer content = direct(content(length, seed));
        ChunkId id = writer.id(content);
        writer.put(ChunkKind.BLOCK, id, content);
        return id;
    }

    /** Stores a frame as it is given. */
    void frame(Codec codec, ChunkId id, int rawLength, byte[] payload) throws IOException {
        ByteBuffer bytes = direct(payload);
        session.copy(
                new FrameHeader(ChunkKind.BLOCK, codec, rawLength, payload.length, id, XxHash.hash64(bytes)), bytes);
    }

    /** Stores a page whose first entries are these. */
    ChunkId page(int level, ChunkId... entries) throws IOException {
        MapPage page = MapPage.zero(level);
        for (int entry = 0; entry < entries.length; entry++) {
            page.set(entry, entries[entry]);
        }
        return writer.store(page);
    }

    void disk(long size, ChunkId root) {
        disk(size, BLOCK, root);
    }

    void disk(long size, int blockSize, ChunkId root) {
        disks.add(new DiskRecord(
                disks.size() + 1,
                "disk" + (disks.size() + 1),
                true,
                Optional.empty(),
                "odd",
                "raw",
                size,
                512,
                4096,
                blockSize,
                root,
                Optional.empty(),
                "full",
                "first-backup",
                "made for the tests",
                new DiskCounters(0, 0, 0, 0, 0, 0)));
    }

    Snapshot commit() throws IOException {
        Instant time = Instant.parse("2026-01-02T03:04:05Z");
        return session.commit(new Manifest(
                repository.config().repositoryId(),
                "odd",
                Optional.empty(),
                "host",
                time,
                time,
                "offline",
                List.copyOf(disks),
                List.of(),
                "test",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Rewrites the one manifest, with a right digest and, where there is one, a right MAC. */
    void rewrite(Snapshot snapshot, Function<String, String> change) throws IOException {
        String name = snapshot.id().objectName();
        Path file = Path.of(repository.location()).resolve(name);
        String before = Files.readString(file);
        String after = change.apply(before);
        if (before.equals(after)) {
            throw new IllegalArgumentException("nothing was changed");
        }
        var json = (com.fasterxml.jackson.databind.node.ObjectNode)
                new com.fasterxml.jackson.databind.ObjectMapper().readTree(after);
        json.remove(Arrays.asList("digest", "mac"));
        json.putNull("mac");
        byte[] bytes = encrypted
                ? repository.protection().encode(name, json)
                : SealedJson.encode(SealedJson.newObject().setAll(json));
        Files.write(file, bytes);
    }

    @Override
    public void close() throws IOException {
        try (repository) {
            session.close();
        }
    }
}
