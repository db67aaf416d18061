package io.varve.store.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.fault.CorruptDataException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SnapshotIdTest {
    private static final String TEXT = "20261121T020000Z-1f3a9c2e";

    @Test
    void forms() throws CorruptDataException {
        SnapshotId id = new SnapshotId(TEXT);
        assertEquals("1f3a9c2e", id.shortId());
        assertEquals("snapshots/" + TEXT + ".json", id.objectName());
        assertEquals(id, SnapshotId.ofObject(id.objectName()));
        assertEquals(id, SnapshotId.decode(TEXT, "x.json"));
        assertEquals(TEXT, id.toString());
    }

    @Test
    void aNewIdTellsTheUtcSecond() {
        Instant time = Instant.parse("2026-11-21T02:03:04.999Z");
        SnapshotId id = SnapshotId.create(time);
        assertTrue(id.text().startsWith("20261121T020304Z-"), id.text());
        assertNotEquals(id, SnapshotId.create(time));
        assertTrue(id.compareTo(SnapshotId.create(time.plusSeconds(1))) < 0);
    }

    @Test
    void whatIsNoIdIsRefused() {
        for (String text : new String[] {
            "",
            TEXT + "0",
            TEXT.substring(1),
            TEXT.replace("1f3a", "1F3A"),
            TEXT.replace("1f3a", "1g3a"),
            TEXT.replace('T', 't'),
            TEXT.replace("-", ""),
            TEXT + "\n",
            " " + TEXT,
            "../" + TEXT,
            TEXT.replace("2026", "\u0662\u0660\u0662\u0666")
        }) {
            assertThrows(IllegalArgumentException.class, () -> new SnapshotId(text), text);
            CorruptDataException e =
                    assertThrows(CorruptDataException.class, () -> SnapshotId.decode(text, "x.json"), text);
            assertEquals("x.json", e.file());
            assertNull(SnapshotId.ofObject("snapshots/" + text + ".json"), text);
        }
        for (String name : new String[] {
            "", "snapshots/", "snapshots/.json", TEXT + ".json", "snapshots/" + TEXT, "snapshots/x/" + TEXT + ".json"
        }) {
            assertNull(SnapshotId.ofObject(name), name);
        }
    }
}
