package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.adapters.raw.RawDisk;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileCheckpointTest {
    private final List<String> closed = new ArrayList<>();

    private CheckpointDisk disk(String name) throws IOException {
        ByteSource source = new ByteSource() {
            @Override
            public long size() {
                return 0;
            }

            @Override
            public String location() {
                return name;
            }

            @Override
            public void read(long offset, ByteBuffer target) {}

            @Override
            public RangeSet dataRanges(Range window) {
                return RangeSet.empty();
            }

            @Override
            public void close() throws IOException {
                closed.add(name);
                if (name.startsWith("bad")) {
                    throw new IOException(name);
                }
            }
        };
        return new CheckpointDisk(name, false, RawDisk.open(source), ChangeTracker.none());
    }

    @Test
    void closeClosesAllDisksAlsoAfterFailure() throws IOException {
        Checkpoint checkpoint = new FileCheckpoint(List.of(disk("a"), disk("bad b"), disk("bad c"), disk("d")));
        assertEquals("offline", checkpoint.consistency());
        assertEquals(4, checkpoint.disks().size());
        checkpoint.commit("20260101T000000Z-00c0ffee");
        assertEquals(List.of(), closed);
        IOException failure = assertThrows(IOException.class, checkpoint::close);
        assertEquals("bad b", failure.getMessage());
        assertEquals("bad c", failure.getSuppressed()[0].getMessage());
        assertEquals(List.of("a", "bad b", "bad c", "d"), closed);
    }
}
