package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final ChunkId ID = ChunkId.parse("5a".repeat(32));

    private static DiskRecord disk(int number, int physicalSectorSize) {
        return new DiskRecord(
                number,
                "disk " + number,
                true,
                Optional.of(new UUID(3, number)),
                "C:\\vm\\disk.vhdx",
                "vhdx",
                1L << 40,
                512,
                physicalSectorSize,
                65_536,
                ID,
                number == 1 ? Optional.of("rctX:1:\u20ac") : Optional.empty(),
                "incremental",
                "change-list",
                "why",
                new DiskCounters(1, 2, 3, 4, 5, Long.MAX_VALUE));
    }

    private static Manifest manifest(DiskRecord... disks) {
        return new Manifest(
                new UUID(1, 2),
                "machine",
                Optional.empty(),
                "host",
                Instant.parse("2026-11-21T02:00:00.000000001Z"),
                Instant.parse("2026-11-21T02:00:01Z"),
                "crash",
                List.of(disks),
                List.of(new Manifest.FileRecord("vm.vmcx", 7, List.of(ID, ChunkId.ZERO))),
                "test",
                Optional.of(new SnapshotId("20261120T020000Z-1f3a9c2e")),
                Optional.of(ID),
                Optional.empty());
    }

    @Test
    void whatIsEncodedIsDecoded() throws CorruptDataException {
        Manifest manifest = manifest(disk(1, 4096), disk(2, 512));
        assertEquals(manifest, Manifest.decode(manifest.encode(), "x.json"));
        Manifest bare = new Manifest(
                new UUID(1, 2),
                "",
                Optional.of(new UUID(5, 6)),
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                "",
                List.of(),
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertEquals(bare, Manifest.decode(bare.encode(), "x.json"));
    }

    @Test
    void labelsAreRulesForWritersOnly() throws CorruptDataException {
        Labels labels = new Labels(List.of("a", "b"), Optional.of("why"));
        assertEquals(Optional.empty(), labels.fault());
        Manifest plain = manifest();
        Manifest labelled = new Manifest(
                plain.repositoryId(),
                plain.machine(),
                plain.machineGuid(),
                plain.host(),
                plain.startedAt(),
                plain.finishedAt(),
                plain.consistency(),
                plain.disks(),
                plain.files(),
                plain.writer(),
                plain.parent(),
                plain.link(),
                plain.sequence(),
                plain.sourceState(),
                labels);
        assertEquals(labelled, Manifest.decode(labelled.encode(), "x.json"));
        for (Labels bad : List.of(
                new Labels(List.of("a", "a"), Optional.empty()),
                new Labels(List.of(" "), Optional.empty()),
                new Labels(List.of("a\u202eb"), Optional.empty()),
                new Labels(
                        IntStream.rangeClosed(0, Labels.MAX_TAGS)
                                .mapToObj(i -> "t" + i)
                                .toList(),
                        Optional.empty()),
                new Labels(List.of(), Optional.of("")),
                new Labels(List.of(), Optional.of("two\nlines")),
                new Labels(List.of(), Optional.of("x".repeat(Labels.MAX_NOTE_LENGTH + 1))))) {
            assertTrue(bad.fault().isPresent(), bad.toString());
        }
    }

    /** The names that {@code docs/format.md} gives the fields. */
    @Test
    void fieldsAreThoseOfTheFormat() throws CorruptDataException {
        JsonNode json =
                SealedJson.decode(manifest(disk(1, 4096)).encode(), "x.json").tree();
        assertEquals(
                "[consistency, digest, disks, files, finishedAt, format, host, link, mac, machine, machineGuid, parent,"
                        + " repositoryId, startedAt, writer]",
                names(json));
        JsonNode disk = json.get("disks").get(0);
        assertEquals(
                "[blockSize, changeToken, counters, format, guid, logicalSectorSize, mapRoot, mode, name, named,"
                        + " number, physicalSectorSize, reason, reasonCode, size, source]",
                names(disk));
        assertEquals(
                "[auditedBytes, changedBytes, newBytes, readBytes, storedBytes, zeroBytes]",
                names(disk.get("counters")));
        assertEquals("[name, pieces, size]", names(json.get("files").get(0)));
        assertEquals("[id]", names(json.get("files").get(0).get("pieces").get(0)));
        assertTrue(json.get("mac").isNull());
    }

    private static String names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.toString();
    }

    @Test
    void everyFlippedByteAndEveryTruncationIsFound() {
        byte[] sound = manifest(disk(1, 4096)).encode();
        for (int offset = 0; offset < sound.length; offset++) {
            byte[] damaged = sound.clone();
            damaged[offset] = (byte) (damaged[offset] ^ (1 << (offset % 8)));
            assertThrows(CorruptDataException.class, () -> Manifest.decode(damaged, "x.json"), "at " + offset);
            byte[] cut = Arrays.copyOf(sound, offset);
            assertThrows(CorruptDataException.class, () -> Manifest.decode(cut, "x.json"), "cut at " + offset);
        }
    }

    /** Sealed with a right digest, and yet nonsense: the message names the field. */
    private static void refused(String path, Consumer<ObjectNode> change) throws CorruptDataException {
        ObjectNode json = SealedJson.decode(
                        manifest(disk(1, 4096), disk(2, 512)).encode(), "x.json")
                .tree()
                .deepCopy();
        json.remove("digest");
        change.accept(json);
        byte[] file = SealedJson.encode(json);
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> Manifest.decode(file, "x.json"), path);
        assertEquals("x.json", e.file());
        assertTrue(e.getMessage().contains(path), e.getMessage());
    }

    private static ObjectNode diskOf(ObjectNode json) {
        return (ObjectNode) json.get("disks").get(1);
    }

    @Test
    void nonsenseUnderARightDigestIsRefused() throws CorruptDataException {
        refused("'format'", json -> json.put("format", 2));
        refused("'repositoryId'", json -> json.put("repositoryId", "x"));
        refused("'machine'", json -> json.remove("machine"));
        refused("'startedAt'", json -> json.put("startedAt", "yesterday"));
        refused("'finishedAt'", json -> json.put("finishedAt", 5));
        refused("'disks'", json -> json.putNull("disks"));
        refused("'files'", json -> json.put("files", 1));
        refused("snapshot id", json -> json.put("parent", "../../etc/passwd"));
        refused("'link'", json -> json.put("link", "5a"));
        refused("'disks[1].number'", json -> diskOf(json).put("number", 1));
        refused("'disks[1].size'", json -> diskOf(json).put("size", -1));
        refused("'disks[1].size'", json -> diskOf(json).put("size", Long.MAX_VALUE));
        refused("'disks[1].logicalSectorSize'", json -> diskOf(json).put("logicalSectorSize", 0));
        refused("'disks[1].mapRoot'", json -> diskOf(json).put("mapRoot", "zz".repeat(32)));
        refused("'disks[1].counters'", json -> diskOf(json).remove("counters"));
        refused(
                "'disks[1].counters.readBytes'",
                json -> ((ObjectNode) diskOf(json).get("counters")).put("readBytes", -1));
        refused("'files[0].pieces'", json -> ((ObjectNode) json.get("files").get(0)).put("pieces", "x"));
        refused(
                "'files[0].pieces[1].id'",
                json -> ((ObjectNode) json.get("files").get(0).get("pieces").get(1)).put("id", 7));
    }

    /** Block sizes are powers of two from 4 KiB to 4 MiB; anything else would fail far from here, at a restore. */
    @Test
    void blockSizesThatNoRepositoryHasAreRefused() throws CorruptDataException {
        for (int blockSize : new int[] {0, 1, 512, 2048, 4095, 4097, 65_535, 3 << 12, 8 << 20, Integer.MAX_VALUE}) {
            refused("'disks[1].blockSize'", json -> diskOf(json).put("blockSize", blockSize));
        }
    }

    @Test
    void tooManyDisksAreRefused() {
        DiskRecord[] disks = new DiskRecord[4097];
        for (int i = 0; i < disks.length; i++) {
            disks[i] = disk(i + 1, 512);
        }
        byte[] file = manifest(disks).encode();
        CorruptDataException e = assertThrows(CorruptDataException.class, () -> Manifest.decode(file, "x.json"));
        assertTrue(e.getMessage().contains("4096 disks"), e.getMessage());
    }

    @Test
    void theCatalogListsOldestFirstAndDamageCostsOneOnly() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        SnapshotCatalog catalog = new SnapshotCatalog(backend);
        assertEquals(List.of(), catalog.list().snapshots());
        Snapshot first = catalog.publish(manifest(disk(1, 4096)));
        Snapshot second = catalog.publish(manifest(disk(1, 512)));
        assertEquals(first, catalog.read(first.id()));
        assertEquals(new TreeSet<>(List.of(first.id(), second.id())), ids(catalog));
        backend.put("snapshots/stray.txt", new byte[0]);
        backend.put(first.id().objectName(), new byte[] {'{'});
        assertEquals(new TreeSet<>(List.of(second.id())), ids(catalog));
        assertEquals(1, catalog.list().damaged().size());
        backend.put(second.id().objectName(), new byte[SealedJson.MAX_SIZE + 1]);
        assertThrows(CorruptDataException.class, () -> catalog.read(second.id()));
    }

    private static Set<SnapshotId> ids(SnapshotCatalog catalog) throws IOException {
        TreeSet<SnapshotId> ids = new TreeSet<>();
        catalog.list().snapshots().forEach(snapshot -> ids.add(snapshot.id()));
        return ids;
    }

    /** A manifest that could not be read again must not become a commit. */
    @Test
    void whatCannotBeReadAgainIsNotPublished() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        SnapshotCatalog catalog = new SnapshotCatalog(backend);
        assertThrows(CorruptDataException.class, () -> catalog.publish(manifest(disk(1, 0))));
        assertThrows(CorruptDataException.class, () -> catalog.publish(manifest(disk(2, 512))));
        assertEquals(List.of(), catalog.list().damaged());
        assertEquals(0, backend.unpublished());
    }
}
