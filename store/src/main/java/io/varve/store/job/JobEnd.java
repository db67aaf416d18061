package io.varve.store.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of a job.
 *
 * @param exitCode exit code of the command
 * @param error why it failed; empty if it did not
 * @param snapshot id of the snapshot that it committed, as text
 * @param disks the disks that were done, by number, even if the job failed later
 * @param warnings the first {@link #MOST_WARNINGS} warnings, as the operator saw them
 * @param warningCount total number of warnings
 * @param night what else a nightly job did; older builds ignore it
 * @param consistency of the snapshot: {@code application}, {@code crash} or {@code offline}; empty without one, and in
 *     records of older builds
 * @param times of the source; empty without a snapshot, and in records of older builds
 */
public record JobEnd(
        Instant endedAt,
        int exitCode,
        Optional<String> error,
        Optional<String> snapshot,
        List<JobDisk> disks,
        List<Warning> warnings,
        long warningCount,
        Optional<NightRecord> night,
        Optional<String> consistency,
        Optional<SourceTimes> times) {
    /**
     * Most warnings in a record. A job that warns about every block must not write a record that is too large to read.
     */
    public static final int MOST_WARNINGS = 100;

    private static final int MOST_TEXT = 2_000;

    /** The end of a job that is not a whole night. */
    public JobEnd(
            Instant endedAt,
            int exitCode,
            Optional<String> error,
            Optional<String> snapshot,
            List<JobDisk> disks,
            List<Warning> warnings,
            long warningCount) {
        this(endedAt, exitCode, error, snapshot, disks, warnings, warningCount, Optional.empty());
    }

    /** The end of a job of which no consistency is known. */
    public JobEnd(
            Instant endedAt,
            int exitCode,
            Optional<String> error,
            Optional<String> snapshot,
            List<JobDisk> disks,
            List<Warning> warnings,
            long warningCount,
            Optional<NightRecord> night) {
        this(
                endedAt,
                exitCode,
                error,
                snapshot,
                disks,
                warnings,
                warningCount,
                night,
                Optional.empty(),
                Optional.empty());
    }

    public JobEnd {
        disks = List.copyOf(disks);
        warnings =
                warnings.stream().limit(MOST_WARNINGS).map(Warning::shortened).toList();
        error = error.map(JobEnd::shortened);
    }

    static String shortened(String text) {
        return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
    }

    /**
     * A disk of a job.
     *
     * @param mode {@code full}, {@code incremental}, {@code demoted}
     * @param reason code of the reason for that mode
     * @param size bytes of the disk
     * @param changed bytes in blocks whose content differs from the previous snapshot
     * @param read bytes read from the disk
     * @param stored bytes added to packs
     * @param millis how long it took, in milliseconds
     * @param added bytes of content that the repository did not have, before compression; empty in records of older
     *     builds
     * @param zero bytes of {@code changed} that are zeros now; empty in records of older builds
     */
    public record JobDisk(
            String name,
            String mode,
            String reason,
            long size,
            long changed,
            long read,
            long stored,
            long millis,
            OptionalLong added,
            OptionalLong zero) {}

    byte[] encode() {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("endedAt", endedAt.toString())
                .put("exitCode", exitCode)
                .put("error", error.orElse(null))
                .put("snapshot", snapshot.orElse(null))
                .put("warningCount", warningCount);
        consistency.ifPresent(word -> json.put("consistency", word));
        times.ifPresent(
                took -> json.put("freezeMillis", took.freezeMillis()).put("releaseMillis", took.releaseMillis()));
        ArrayNode list = json.putArray("disks");
        for (JobDisk disk : disks) {
            ObjectNode entry = list.addObject()
                    .put("name", disk.name)
                    .put("mode", disk.mode)
                    .put("reason", disk.reason)
                    .put("size", disk.size)
                    .put("changed", disk.changed)
                    .put("read", disk.read)
                    .put("stored", disk.stored)
                    .put("millis", disk.millis);
            disk.added.ifPresent(bytes -> entry.put("added", bytes));
            disk.zero.ifPresent(bytes -> entry.put("zero", bytes));
        }
        ArrayNode told = json.putArray("warnings");
        warnings.forEach(warning -> warning.encode(told.addObject()));
        night.ifPresent(record -> record.encode(json.putObject("night")));
        return SealedJson.encode(json);
    }

    static JobEnd decode(byte[] file, String name) throws CorruptDataException {
        JsonFields json = SealedJson.decode(file, name);
        json.number("format", 1, 1);
        List<JobDisk> disks = new ArrayList<>();
        for (JsonFields disk : json.objects("disks")) {
            disks.add(new JobDisk(
                    disk.text("name"),
                    disk.text("mode"),
                    disk.text("reason"),
                    bytes(disk, "size"),
                    bytes(disk, "changed"),
                    bytes(disk, "read"),
                    bytes(disk, "stored"),
                    bytes(disk, "millis"),
                    optionalBytes(disk, "added"),
                    optionalBytes(disk, "zero")));
        }
        List<Warning> warnings = new ArrayList<>();
        for (JsonFields warning : json.objects("warnings")) {
            warnings.add(Warning.decode(warning));
        }
        Optional<JsonFields> night = json.optionalObject("night");
        return new JobEnd(
                json.time("endedAt"),
                (int) json.number("exitCode", 0, 255),
                json.optionalText("error"),
                json.optionalText("snapshot"),
                disks,
                warnings,
                bytes(json, "warningCount"),
                night.isEmpty() ? Optional.empty() : Optional.of(NightRecord.decode(night.get())),
                json.optionalText("consistency"),
                times(json));
    }

    private static Optional<SourceTimes> times(JsonFields json) throws CorruptDataException {
        OptionalLong freeze = optionalBytes(json, "freezeMillis");
        OptionalLong release = optionalBytes(json, "releaseMillis");
        return freeze.isPresent() && release.isPresent()
                ? Optional.of(new SourceTimes(freeze.getAsLong(), release.getAsLong()))
                : Optional.empty();
    }

    private static long bytes(JsonFields json, String field) throws CorruptDataException {
        return json.number(field, 0, Long.MAX_VALUE);
    }

    private static OptionalLong optionalBytes(JsonFields json, String field) throws CorruptDataException {
        return json.isAbsent(field) ? OptionalLong.empty() : OptionalLong.of(bytes(json, field));
    }
}
