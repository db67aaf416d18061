package io.varve.adapters.file;

import io.varve.adapters.DiskImages;
import io.varve.adapters.contract.FileMachine;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files with change lists that somebody else makes. */
class FileSourceTest extends CheckpointSourceContract {
    /** There is no list before the first snapshot, only the token for the next one. */
    private static ChangeTracker first(String token) {
        return new ChangeTracker() {
            @Override
            public Changes changesSince(String since) {
                throw new IllegalStateException("asked for changes since " + since);
            }

            @Override
            public Optional<String> token() {
                return Optional.of(token);
            }
        };
    }

    @Override
    protected Machine newMachine() throws IOException {
        return new FileMachine(temp) {
            @Override
            protected Checkpoint take(String base, RangeSet changed, String now) throws IOException {
                Path list = beside("changes.json");
                List<String> ranges = new ArrayList<>();
                for (Range range : changed) {
                    ranges.add("{\"offset\": " + range.offset() + ", \"length\": " + range.length() + "}");
                }
                Files.writeString(list, ranges.toString());
                DiskImage image = DiskImages.open(file(), Reader.AUTO);
                ChangeTracker tracker =
                        base.isEmpty() ? first(now) : new ChangeListTracker(list, image.size(), base, Optional.of(now));
                return new FileCheckpoint(List.of(new CheckpointDisk("system", true, image, tracker)));
            }

            @Override
            protected void assertNothingIsOpen() {
                // Nothing outlives the process but files, which are listed.
            }

            @Override
            protected List<String> ownFiles() {
                return List.of("disk.raw", "changes.json");
            }
        };
    }
}
