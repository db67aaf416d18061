package io.varve.store.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.Repository;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.export.SnapshotExport;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobLog;
import io.varve.store.job.JobStart;
import io.varve.store.job.SourceTimes;
import io.varve.store.job.Warning;
import io.varve.store.json.SealedJson;
import io.varve.store.map.MapPage;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackWriter;
import io.varve.store.parity.Parity;
import io.varve.store.parity.ParityWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Labels;
import io.varve.store.snapshot.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The smallest repository with one object of each kind that a plain one has, made from fixed inputs: the same bytes
 * each time. What {@code docs/format-vectors.md} shows.
 */
final class FormatVectors {
    static final UUID REPOSITORY = UUID.fromString("0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9");
    static final byte[] CONTENT = "varve: all of a short disk\n".getBytes(StandardCharsets.US_ASCII);
    static final String SNAPSHOT = "20260102T030405Z-0badcafe";
    static final String FORGOTTEN = "20260101T030405Z-00c0ffee";

    /** Of the export of the snapshot, not of the repository. */
    static final String EXPORT_TRAILER = "export.json";

    private static final String JOB = "20260102T030405Z-000cafe1";

    private static final String TIME = "2026-01-02T03:04:05Z";

    private final MemoryBackend backend = new MemoryBackend();
    private final Map<String, byte[]> objects = new LinkedHashMap<>();

    private FormatVectors() {}

    /** By name, in the order of the page. */
    static Map<String, byte[]> all() throws IOException {
        FormatVectors vectors = new FormatVectors();
        vectors.write();
        return vectors.objects;
    }

    private void write() throws IOException {
        try (InputStream golden = FormatVectors.class.getResourceAsStream("/golden/v1/repository.json")) {
            objects.put("repository.json", golden.readAllBytes());
        }
        ChunkId block = new ChunkHasher().id(CONTENT);
        ChunkId pack = pack(ChunkKind.BLOCK, CONTENT);
        MapPage page = MapPage.zero(0);
        page.set(0, block);
        ByteBuffer encoded = ByteBuffer.allocate(MapPage.SIZE);
        page.encode(encoded);
        pack(ChunkKind.MAP_PAGE, encoded.array());
        new ParityWriter(backend, 10).write(pack);
        objects.put(Parity.objectName(pack), backend.get(Parity.objectName(pack)));
        objects.put(
                "snapshots/" + SNAPSHOT + ".json",
                manifest(new ChunkHasher().id(encoded.array())).encode());
        objects.put(
                "forgotten/" + FORGOTTEN + ".json",
                sealed(json().put("snapshot", FORGOTTEN)
                        .put(
                                "machine",
                                "quote \" backslash \\ slash / bell \u0007 escape \u001b tab \t line\n"
                                        + "delete \u007f e-acute \u00e9 line separator \u2028 grin \ud83d\ude00")
                        .put("manifestDigest", "5a".repeat(32))
                        .put("forgottenAt", TIME)
                        .putNull("parent")
                        .putNull("link")
                        .put("sequence", 1)));
        String hold = new ChunkHasher()
                        .id("alpha".getBytes(StandardCharsets.UTF_8))
                        .hex()
                        .substring(0, 16) + "-00000001";
        objects.put(
                "holds/" + hold + ".json",
                sealed(json().put("id", hold)
                        .put("machine", "alpha")
                        .put("disk", "system")
                        .put("code", "disk-empty")
                        .put("reason", "made for the page")
                        .put("snapshot", SNAPSHOT)
                        .put("host", "host")
                        .put("since", TIME)));
        objects.put(
                "protected/" + SNAPSHOT + ".json",
                sealed(json().put("snapshot", SNAPSHOT).put("protectedAt", TIME)));
        String list = "trash/condemned-11111111-2222-4333-8444-555555555555.json";
        ObjectNode condemned = json().put("bytes", 1000).put("condemnedAt", TIME);
        condemned.putArray("packs").addObject().put("id", "77".repeat(32));
        condemned.putArray("snapshots");
        objects.put(list, sealed(condemned));
        ObjectNode proposed = json().put("bytes", 1000).put("condemnedAt", TIME);
        proposed.putArray("packs").addObject().put("id", "88".repeat(32));
        proposed.putArray("snapshots").addObject().put("id", FORGOTTEN);
        objects.put("trash/proposed-22222222-3333-4444-8555-666666666666.json", sealed(proposed));
        objects.put("trash/generation-000000001", sealed(json()));
        ObjectNode rescued = json().put("list", list);
        rescued.putArray("packs").addObject().put("id", "77".repeat(32));
        objects.put("trash/rescued-66666666-7777-4888-8999-aaaaaaaaaaaa.json", sealed(rescued));
        ObjectNode session = json().put("host", "host")
                .put("pid", 4711)
                .put("purpose", "backup of machine alpha")
                .put("tag", 305419896)
                .put("startedAt", TIME);
        session.putArray("honours").addObject().put("list", list);
        objects.put("sessions/12345678-9abc-4ef0-8123-456789abcdef.json", sealed(session));
        objects.put(
                "checks/20260102T030406Z-1f3a9c2e",
                ReadingsFile.encode(
                        REPOSITORY, new TreeMap<>(Map.of(pack, new Reading(1_767_323_046, 1_767_323_046, 0)))));
        job();
        objects.put(EXPORT_TRAILER, trailer());
    }

    private void job() throws IOException {
        JobLog jobs = new JobLog(backend);
        Instant time = Instant.parse(TIME);
        String id =
                jobs.begin(new JobStart("backup", "alpha", "host", 4711, "the page", time, Optional.of("every night")));
        JobEnd.JobDisk disk = new JobEnd.JobDisk(
                "system",
                "full",
                "first-backup",
                CONTENT.length,
                CONTENT.length,
                CONTENT.length,
                CONTENT.length + 64,
                1400,
                OptionalLong.of(CONTENT.length),
                OptionalLong.of(0));
        jobs.end(
                id,
                new JobEnd(
                        time.plusMillis(1500),
                        1,
                        Optional.empty(),
                        Optional.of(SNAPSHOT),
                        List.of(disk),
                        List.of(new Warning("made-up", Warning.Severity.WARNING, "made for the page", "nothing to do")),
                        1,
                        Optional.empty(),
                        Optional.of("offline"),
                        Optional.of(new SourceTimes(200, 100))));
        for (String record : JobLog.objectNames(id)) {
            objects.put(record.replace(id, JOB), backend.get(record));
        }
    }

    /** The trailer of an export of the snapshot in a repository of these objects. */
    private byte[] trailer() throws IOException {
        Path root = Files.createTempDirectory("varve-vectors");
        try {
            for (Map.Entry<String, byte[]> object : objects.entrySet()) {
                Files.createDirectories(root.resolve(object.getKey()).getParent());
                Files.write(root.resolve(object.getKey()), object.getValue());
            }
            return trailer(root);
        } finally {
            try (Stream<Path> tree = Files.walk(root)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** The content of the last member of an export of the only snapshot in the repository at {@code root}. */
    static byte[] trailer(Path root) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SnapshotExport.Listener quiet = new SnapshotExport.Listener() {
            @Override
            public void started(int packs) {}

            @Override
            public void packDone() {}

            @Override
            public void check() {}
        };
        try (Repository repository = Repository.open(root);
                ReadSession session = ReadSession.open(repository, notice -> {})) {
            new SnapshotExport(session, quiet)
                    .write(repository.snapshots().list().snapshots().get(0), piece -> {
                        byte[] bytes = new byte[piece.remaining()];
                        piece.get(bytes);
                        file.writeBytes(bytes);
                    });
        }
        byte[] bytes = file.toByteArray();
        byte[] name = EXPORT_TRAILER.getBytes(StandardCharsets.US_ASCII);
        int header = bytes.length - 512;
        while (!Arrays.equals(bytes, header, header + name.length, name, 0, name.length)) {
            header -= 512; // members begin at multiples of it
        }
        String size = new String(bytes, header + 124, 11, StandardCharsets.US_ASCII);
        return Arrays.copyOfRange(bytes, header + 512, header + 512 + Integer.parseInt(size, 8));
    }

    private static ObjectNode json() {
        return SealedJson.newObject().put("format", 1);
    }

    private static byte[] sealed(ObjectNode json) {
        return SealedJson.encode(json);
    }

    private ChunkId pack(ChunkKind kind, byte[] content) throws IOException {
        ByteBuffer payload =
                ByteBuffer.allocateDirect(content.length).put(content).flip();
        FrameHeader header = new FrameHeader(
                kind, Codec.RAW, content.length, content.length, new ChunkHasher().id(content), XxHash.hash64(payload));
        try (PackWriter writer = new PackWriter(backend, REPOSITORY, 305419896, Set.of(), PackBuffers.atOnce())) {
            writer.append(header, payload);
            ChunkId id = writer.publish().id();
            objects.put(PackFormat.objectName(id), backend.get(PackFormat.objectName(id)));
            return id;
        }
    }

    private static Manifest manifest(ChunkId root) {
        Instant time = Instant.parse(TIME);
        return new Manifest(
                REPOSITORY,
                "alpha",
                Optional.empty(),
                "host",
                time,
                time.plusMillis(1500),
                "offline",
                List.of(
                        disk(1, "system", CONTENT.length, root),
                        disk(2, "zeros", 9000, ChunkId.ZERO),
                        disk(3, "nothing", 0, ChunkId.ZERO)),
                List.of(new Manifest.FileRecord("alpha.xml", 0, List.of())),
                "the page",
                Optional.empty(),
                Optional.empty(),
                Optional.of(1L),
                Optional.of("reference point 1"),
                Labels.NONE);
    }

    private static DiskRecord disk(int number, String name, long size, ChunkId root) {
        return new DiskRecord(
                number,
                name,
                true,
                Optional.empty(),
                name + ".raw",
                "raw",
                size,
                512,
                512,
                4096,
                root,
                Optional.empty(),
                "full",
                "first-backup",
                "no snapshot of this machine yet",
                new DiskCounters(size, 0, size, size, 0, 0));
    }
}
