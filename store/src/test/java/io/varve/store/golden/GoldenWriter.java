package io.varve.store.golden;

import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Compression;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapWriter;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Labels;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes the golden content through {@code store} alone, the way a backup would. */
final class GoldenWriter {
    private GoldenWriter() {}

    static RepositoryConfig config() {
        return new RepositoryConfig(
                UUID.fromString("0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9"),
                GoldenContent.BLOCK,
                64 << 10,
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** A repository in {@code root} with all nights in it. */
    static void write(Path root) throws IOException {
        try (Repository repository = Repository.init(root, config())) {
            for (GoldenContent.Night night : GoldenContent.nights()) {
                write(repository, night);
            }
        }
    }

    /** The encrypted repository: made anew, no two have a byte of their packs in common. */
    static RepositoryConfig encryptedConfig() {
        RepositoryConfig plain = config();
        return new RepositoryConfig(
                UUID.fromString("1b2c3d4e-5f60-4172-8394-a5b6c7d8e9fa"),
                plain.blockSize(),
                plain.packTargetSize(),
                plain.createdAt(),
                true);
    }

    /** The same nights, encrypted, with two keys. */
    static void writeEncrypted(Path root, Credential keyFile, Credential passphrase, Argon2 cost) throws IOException {
        try (Repository repository =
                Repository.initEncrypted(new Folder(root), encryptedConfig(), keyFile, "golden key file", cost)) {
            repository.keyRing().add(repository.keys().orElseThrow(), passphrase, "golden passphrase", cost);
            for (GoldenContent.Night night : GoldenContent.nights()) {
                write(repository, night);
            }
        }
    }

    /** The plain one and the encrypted one with Zstandard. */
    static void writeZstd(Path plain, Path encrypted, Credential keyFile, Argon2 cost) throws IOException {
        try (Repository repository = Repository.init(plain, config());
                Repository sealed = Repository.initEncrypted(
                        new Folder(encrypted), encryptedConfig(), keyFile, "golden key file", cost)) {
            for (GoldenContent.Night night : GoldenContent.nights()) {
                write(repository, night, Compression.zstd(3));
                write(sealed, night, Compression.zstd(1));
            }
        }
    }

    static Snapshot write(Repository repository, GoldenContent.Night night) throws IOException {
        return write(repository, night, Compression.LZ4);
    }

    static Snapshot write(Repository repository, GoldenContent.Night night, Compression compression)
            throws IOException {
        Optional<Snapshot> parent = repository.snapshots().newest(night.machine(), damaged -> {});
        try (WriteSession session = WriteSession.open(repository, "golden", Duration.ZERO, notice -> {})) {
            List<DiskRecord> disks = new ArrayList<>();
            for (GoldenContent.Disk disk : night.disks()) {
                disks.add(
                        record(disks.size() + 1, disk, root(session, disk.content(), compression), parent.isPresent()));
            }
            Instant time = Instant.parse(night.time());
            return session.commit(new Manifest(
                    repository.config().repositoryId(),
                    night.machine(),
                    Optional.of(UUID.nameUUIDFromBytes(night.machine().getBytes(StandardCharsets.US_ASCII))),
                    "golden-host",
                    time,
                    time.plusSeconds(7),
                    "offline",
                    disks,
                    List.of(file(session, night)),
                    "golden 1",
                    parent.map(Snapshot::id),
                    parent.map(Snapshot::digest),
                    Optional.empty()));
        }
    }

    /** What the source of {@link #writeState} had to say. */
    static final String STATE = "rp 1:{\"id\": \"\u00e9\"}\nrp 2";

    /** Two pieces of zeros and one of something else. */
    static byte[] threePieces() {
        byte[] content = new byte[2 * GoldenContent.BLOCK + 3];
        content[content.length - 1] = 42;
        return content;
    }

    /** A machine without disks: its GUID, the state of its source, a file of several pieces and one of none. */
    static void writeState(Path root) throws IOException {
        try (Repository repository = Repository.init(root, config());
                WriteSession session = WriteSession.open(repository, "golden", Duration.ZERO, notice -> {})) {
            ChunkWriter writer = session.newChunkWriter(GoldenContent.BLOCK);
            byte[] content = threePieces();
            List<ChunkId> pieces = new ArrayList<>();
            for (int at = 0; at < content.length; at += GoldenContent.BLOCK) {
                ByteBuffer piece =
                        direct(Arrays.copyOfRange(content, at, Math.min(content.length, at + GoldenContent.BLOCK)));
                ChunkId id = writer.pieceId(piece);
                writer.put(ChunkKind.FILE_PIECE, id, piece);
                pieces.add(id);
            }
            Instant time = Instant.parse("2026-01-05T02:00:00Z");
            session.commit(new Manifest(
                    repository.config().repositoryId(),
                    "gamma",
                    Optional.of(UUID.fromString("6f1d1c5e-0000-4000-8000-000000000001")),
                    "golden-host",
                    time,
                    time.plusSeconds(7),
                    "application",
                    List.of(),
                    List.of(
                            new FileRecord("memory/state", content.length, pieces),
                            new FileRecord("nothing", 0, List.of())),
                    "golden 1",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(1L),
                    Optional.of(STATE),
                    Labels.NONE));
        }
    }

    /** What the operator said of {@link #writeLabels}' snapshot. */
    static final Labels LABELS =
            new Labels(List.of("before-upgrade", "übung"), Optional.of("“drive 2” swapped; see #17"));

    /** A machine without disks, with tags and a note. */
    static void writeLabels(Path root) throws IOException {
        try (Repository repository = Repository.init(root, config());
                WriteSession session = WriteSession.open(repository, "golden", Duration.ZERO, notice -> {})) {
            Instant time = Instant.parse("2026-01-06T02:00:00Z");
            session.commit(new Manifest(
                    repository.config().repositoryId(),
                    "delta",
                    Optional.empty(),
                    "golden-host",
                    time,
                    time.plusSeconds(7),
                    "offline",
                    List.of(),
                    List.of(),
                    "golden 1",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(1L),
                    Optional.empty(),
                    LABELS));
        }
    }

    private static FileRecord file(WriteSession session, GoldenContent.Night night) throws IOException {
        ByteBuffer content = direct(("configuration of " + night.machine() + "\n").getBytes(StandardCharsets.UTF_8));
        ChunkWriter writer = session.newChunkWriter(content.remaining());
        ChunkId id = writer.id(content);
        writer.put(ChunkKind.FILE_PIECE, id, content);
        return new FileRecord(night.machine() + ".vmcx", content.remaining(), List.of(id));
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** Stores a disk's blocks and map; every block is read, every leaf written. */
    static ChunkId root(WriteSession session, byte[] content) throws IOException {
        return root(session, content, Compression.LZ4);
    }

    private static ChunkId root(WriteSession session, byte[] content, Compression compression) throws IOException {
        MapShape shape = MapShape.of(content.length, GoldenContent.BLOCK);
        ChunkWriter blocks = session.newChunkWriter(GoldenContent.BLOCK, compression);
        BlockMapWriter map = new BlockMapWriter(BlockMap.zero(shape), blocks);
        ByteBuffer disk = direct(content);
        for (long leaf = 0; leaf < shape.leafCount(); leaf++) {
            MapPage page = MapPage.zero(0);
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                long offset = (leaf * MapShape.FAN_OUT + entry) * GoldenContent.BLOCK;
                if (offset < content.length) {
                    int length = (int) Math.min(GoldenContent.BLOCK, content.length - offset);
                    ByteBuffer block = disk.slice((int) offset, length);
                    ChunkId id = blocks.id(block);
                    if (!id.isZero()) {
                        blocks.put(ChunkKind.BLOCK, id, block);
                    }
                    page.set(entry, id);
                }
            }
            map.leaf(leaf, page.isZero() ? ChunkId.ZERO : blocks.store(page));
        }
        return map.finish();
    }

    private static DiskRecord record(int number, GoldenContent.Disk disk, ChunkId root, boolean hasParent) {
        return new DiskRecord(
                number,
                disk.name(),
                true,
                number == 1 ? Optional.of(UUID.fromString("11111111-2222-4333-8444-555555555555")) : Optional.empty(),
                "golden/" + disk.name() + ".raw",
                "raw",
                disk.content().length,
                512,
                4096,
                GoldenContent.BLOCK,
                root,
                number == 1 ? Optional.of("rctX:golden") : Optional.empty(),
                hasParent ? "demoted" : "full",
                hasParent ? "golden" : "first-backup",
                "made for the tests",
                new DiskCounters(1, 2, 3, 4, 5, 6));
    }
}
