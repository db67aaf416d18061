package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.DiskImages;
import io.varve.adapters.contract.FileMachine;
import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** Offline disks of which Windows, here its stand-in, is asked what changed. */
class RctSourceTest extends CheckpointSourceContract {
    private StandIn standIn;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
    }

    @Override
    protected Machine newMachine() throws IOException {
        return new FileMachine(temp) {
            @Override
            protected Checkpoint take(String base, RangeSet changed, String now) throws IOException {
                DiskImage image = DiskImages.open(file(), Reader.AUTO);
                List<String> lines = new ArrayList<>(List.of(
                        "size " + image.size(),
                        "id " + StandIn.hex(UUID.randomUUID()),
                        "recent " + now,
                        "since " + base,
                        "content " + file()));
                for (Range range : changed) {
                    lines.add("range " + range.offset() + " " + range.length());
                }
                StandIn.describe(file(), lines.toArray(String[]::new));
                RctDisk disk = RctDisk.over(image, file(), standIn.virtdisk(), warning -> {}, notice -> {});
                return new FileCheckpoint(List.of(new CheckpointDisk("system", true, disk, disk.tracker())));
            }

            @Override
            protected void assertNothingIsOpen() {
                assertEquals(0, standIn.open());
                assertEquals(0, standIn.attached());
                assertEquals(0, standIn.events());
            }

            @Override
            protected List<String> ownFiles() {
                return List.of("disk.raw", "disk.raw.standin");
            }
        };
    }
}
