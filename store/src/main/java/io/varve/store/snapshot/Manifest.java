package io.varve.store.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A snapshot: one machine's disks and configuration at one moment. Complete in itself.
 *
 * @param machine name of the machine, as the operator calls it
 * @param machineGuid the GUID that the hypervisor gives it, where known
 * @param host computer it was backed up on
 * @param startedAt when the checkpoint was taken; for people and retention, no safety decision rests on it
 * @param consistency {@code application}, {@code crash} or {@code offline}
 * @param files configuration files
 * @param writer version of Varve that wrote it
 * @param parent the snapshot whose maps were used as a hint; not needed for anything
 * @param link digest of the machine's previous manifest file: a chain that reveals a missing or replaced one
 * @param sequence place among the machine's snapshots, independent of clocks; empty in manifests of older builds
 * @param sourceState state that the source needs on later nights, verbatim: ids of its reference points
 * @param labels tags and note of the operator
 */
public record Manifest(
        UUID repositoryId,
        String machine,
        Optional<UUID> machineGuid,
        String host,
        Instant startedAt,
        Instant finishedAt,
        String consistency,
        List<DiskRecord> disks,
        List<FileRecord> files,
        String writer,
        Optional<SnapshotId> parent,
        Optional<ChunkId> link,
        Optional<Long> sequence,
        Optional<String> sourceState,
        Labels labels) {
    static final int FORMAT = 1;
    private static final int MAX_DISKS = 4096;

    /** One configuration file: its pieces, concatenated. */
    public record FileRecord(String name, long size, List<ChunkId> pieces) {}

    /** Of a source that keeps no state, without labels. */
    public Manifest(
            UUID repositoryId,
            String machine,
            Optional<UUID> machineGuid,
            String host,
            Instant startedAt,
            Instant finishedAt,
            String consistency,
            List<DiskRecord> disks,
            List<FileRecord> files,
            String writer,
            Optional<SnapshotId> parent,
            Optional<ChunkId> link,
            Optional<Long> sequence) {
        this(
                repositoryId,
                machine,
                machineGuid,
                host,
                startedAt,
                finishedAt,
                consistency,
                disks,
                files,
                writer,
                parent,
                link,
                sequence,
                Optional.empty(),
                Labels.NONE);
    }

    /** The manifest's file in a plain repository. */
    public byte[] encode() {
        return SealedJson.encode(toJson());
    }

    /** The content of the manifest's file, without the digest and with a {@code null} MAC. */
    ObjectNode toJson() {
        ObjectNode json = SealedJson.newObject()
                .put("format", FORMAT)
                .put("repositoryId", repositoryId.toString())
                .put("machine", machine)
                .put("machineGuid", machineGuid.map(UUID::toString).orElse(null))
                .put("host", host)
                .put("startedAt", startedAt.toString())
                .put("finishedAt", finishedAt.toString())
                .put("consistency", consistency)
                .put("writer", writer)
                .put("parent", parent.map(SnapshotId::toString).orElse(null))
                .put("link", link.map(ChunkId::hex).orElse(null));
        sequence.ifPresent(number -> json.put("sequence", number));
        sourceState.ifPresent(state -> json.put("sourceState", state));
        labels.note().ifPresent(note -> json.put("note", note));
        if (!labels.tags().isEmpty()) {
            ArrayNode tagList = json.putArray("tags");
            labels.tags().forEach(tag -> tagList.addObject().put("tag", tag));
        }
        json.putNull("mac");
        ArrayNode diskList = json.putArray("disks");
        disks.forEach(disk -> diskList.add(disk.encode()));
        ArrayNode fileList = json.putArray("files");
        for (FileRecord file : files) {
            ArrayNode pieces = fileList.addObject()
                    .put("name", file.name)
                    .put("size", file.size)
                    .putArray("pieces");
            file.pieces.forEach(piece -> pieces.addObject().put("id", piece.hex()));
        }
        return json;
    }

    /**
     * Decodes and verifies a manifest's file.
     *
     * @param name of the file, for messages
     */
    public static Manifest decode(byte[] file, String name) throws CorruptDataException {
        return decode(SealedJson.decode(file, name));
    }

    /** Decodes a manifest whose digest was verified. Its MAC is not checked. */
    static Manifest decode(JsonFields json) throws CorruptDataException {
        String name = json.file();
        json.number("format", FORMAT, FORMAT);
        List<DiskRecord> disks = new ArrayList<>();
        for (JsonFields disk : json.objects("disks")) {
            if (disks.size() == MAX_DISKS) {
                throw new CorruptDataException(name, -1, "at most " + MAX_DISKS + " disks", "more");
            }
            disks.add(DiskRecord.decode(disk, disks.size() + 1));
        }
        List<FileRecord> files = new ArrayList<>();
        for (JsonFields entry : json.objects("files")) {
            List<ChunkId> pieces = new ArrayList<>();
            for (JsonFields piece : entry.objects("pieces")) {
                pieces.add(piece.id("id"));
            }
            files.add(new FileRecord(entry.text("name"), entry.number("size", 0, Long.MAX_VALUE), pieces));
        }
        Optional<String> parent = json.optionalText("parent");
        return new Manifest(
                json.uuid("repositoryId"),
                json.text("machine"),
                json.optionalUuid("machineGuid"),
                json.text("host"),
                json.time("startedAt"),
                json.time("finishedAt"),
                json.text("consistency"),
                List.copyOf(disks),
                List.copyOf(files),
                json.text("writer"),
                parent.isPresent() ? Optional.of(SnapshotId.decode(parent.get(), name)) : Optional.empty(),
                json.optionalText("link").isPresent() ? Optional.of(json.id("link")) : Optional.empty(),
                json.isAbsent("sequence")
                        ? Optional.empty()
                        : Optional.of(json.number("sequence", 0, SnapshotHead.MAX_SEQUENCE)),
                json.optionalText("sourceState"),
                labels(json));
    }

    private static Labels labels(JsonFields json) throws CorruptDataException {
        List<String> tags = new ArrayList<>();
        if (!json.isAbsent("tags")) {
            for (JsonFields entry : json.objects("tags")) {
                tags.add(entry.text("tag"));
            }
        }
        return new Labels(tags, json.optionalText("note"));
    }
}
