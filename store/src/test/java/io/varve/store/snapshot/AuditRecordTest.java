package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The optional object {@code audit} of a disk. */
class AuditRecordTest {
    private static final Instant TIME = Instant.parse("2026-11-21T02:00:00.000000001Z");

    private static Manifest manifest(Optional<AuditRecord> audit) {
        DiskRecord disk = new DiskRecord(
                1,
                "disk",
                true,
                Optional.empty(),
                Optional.empty(),
                "",
                "raw",
                1 << 20,
                512,
                512,
                65_536,
                ChunkId.ZERO,
                Optional.of("t"),
                "incremental",
                "change-list",
                "",
                DiskCounters.NONE,
                audit);
        return new Manifest(
                new UUID(1, 2),
                "machine",
                Optional.empty(),
                "host",
                TIME,
                TIME,
                "offline",
                List.of(disk),
                List.of(),
                "test",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static final AuditRecord FULL = new AuditRecord(
            Long.MIN_VALUE, AuditRecord.MOST_SLICES, 7, 9, TIME, Optional.of(TIME), Optional.of(TIME), true);

    @Test
    void whatIsEncodedIsDecoded() throws CorruptDataException {
        for (Optional<AuditRecord> audit : List.of(
                Optional.of(FULL),
                Optional.of(new AuditRecord(1, 1, 0, 0, TIME, Optional.empty(), Optional.empty(), false)),
                Optional.<AuditRecord>empty())) {
            Manifest manifest = manifest(audit);
            assertEquals(manifest, Manifest.decode(manifest.encode(), "x.json"));
            assertEquals(
                    ChunkId.ZERO, manifest.disks().get(0).withRoot(ChunkId.ZERO).mapRoot());
            assertEquals(audit, manifest.disks().get(0).withRoot(ChunkId.ZERO).audit(), "a copy keeps it");
        }
    }

    /** The names that {@code docs/format.md} gives the fields. */
    @Test
    void fieldsAreThoseOfTheFormat() throws CorruptDataException {
        TreeSet<String> names = new TreeSet<>();
        SealedJson.decode(manifest(Optional.of(FULL)).encode(), "x.json")
                .tree()
                .at("/disks/0/audit")
                .fieldNames()
                .forEachRemaining(names::add);
        assertEquals("[comparedSince, done, doubtedSince, roundBegan, seed, slices, taken, tenfold]", names.toString());
    }

    /** Slices are room on the heap: no number is believed. */
    @Test
    void nonsenseIsDamage() {
        List<Consumer<ObjectNode>> nonsense = List.of(
                json -> json.put("slices", 0),
                json -> json.put("slices", AuditRecord.MOST_SLICES + 1),
                json -> json.put("slices", 1L << 40),
                json -> json.put("done", AuditRecord.MOST_SLICES),
                json -> json.put("done", -1),
                json -> json.put("taken", AuditRecord.MOST_SLICES + 1),
                json -> json.put("seed", "1"),
                json -> json.remove("roundBegan"),
                json -> json.put("comparedSince", "yesterday"),
                json -> json.putNull("tenfold"));
        for (Consumer<ObjectNode> wrong : nonsense) {
            ObjectNode json = manifest(Optional.of(FULL)).toJson();
            wrong.accept((ObjectNode) json.at("/disks/0/audit"));
            CorruptDataException e = assertThrows(
                    CorruptDataException.class,
                    () -> Manifest.decode(SealedJson.encode(json), "x.json"),
                    json.toString());
            assertTrue(e.getMessage().contains("disks[0].audit."), e.getMessage());
        }
    }
}
