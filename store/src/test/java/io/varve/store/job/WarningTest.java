package io.varve.store.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.SealedJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Warnings in the records of jobs. */
class WarningTest {
    private static JobEnd end(Warning... warnings) {
        return new JobEnd(
                Instant.EPOCH, 1, Optional.empty(), Optional.empty(), List.of(), List.of(warnings), warnings.length);
    }

    private static List<Warning> decoded(byte[] record) throws CorruptDataException {
        return JobEnd.decode(record, "record").warnings();
    }

    @Test
    void theyComeBackAsTheyWere() throws CorruptDataException {
        Warning told = new Warning("rct-lost", Warning.Severity.WARNING, "the id is gone", "once is no harm");
        Warning bare = new Warning("disk-empty", Warning.Severity.ERROR, "it is empty", "");
        assertEquals(List.of(told, bare), decoded(end(told, bare).encode()));
    }

    /** Older builds read the text and nothing else, so each must have one. */
    @Test
    void olderBuildsFindTheirText() {
        byte[] record = end(new Warning("x", Warning.Severity.ERROR, "the text", "advice"))
                .encode();
        String json = new String(record, StandardCharsets.UTF_8);
        assertTrue(json.replace(" ", "").contains("\"text\":\"thetext\""), json);
    }

    @Test
    void recordsOfOlderAndNewerBuildsAreRead() throws CorruptDataException {
        var json = SealedJson.newObject()
                .put("format", 1)
                .put("endedAt", Instant.EPOCH.toString())
                .put("exitCode", 1)
                .put("warningCount", 2);
        json.putNull("error").putNull("snapshot").putArray("disks");
        json.putArray("warnings")
                .add(SealedJson.newObject().put("text", "old"))
                .add(SealedJson.newObject().put("text", "new").put("code", "x").put("severity", "worse than ever"));
        assertEquals(
                List.of(
                        new Warning("", Warning.Severity.WARNING, "old", ""),
                        new Warning("x", Warning.Severity.WARNING, "new", "")),
                decoded(SealedJson.encode(json)));
    }

    @Test
    void aLongTextIsCut() throws CorruptDataException {
        Warning lengthy = new Warning("x", Warning.Severity.WARNING, "y".repeat(5000), "advice");
        Warning found = decoded(end(lengthy).encode()).get(0);
        assertTrue(found.text().length() < 2100, "" + found.text().length());
        assertEquals("advice", found.advice());
    }
}
