package io.varve.engine.source;

import io.varve.engine.backup.MemoryDisk;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.range.RangeSet;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One process's way to a {@link MemoryHost}. The state is the mark of the checkpoint, and so is the token. */
public final class MemorySource implements CheckpointSource {
    private final MemoryHost host;
    private final Steps steps;

    public MemorySource(MemoryHost host, Steps steps) {
        this.host = host;
        this.steps = steps;
    }

    @Override
    public Checkpoint take(Previous previous) {
        String committed =
                previous.newest().flatMap(Previous.Night::sourceState).orElse("");
        for (String mark : host.checkpoints()) {
            steps.step();
            if (mark.equals(committed)) {
                host.convert(mark);
            } else {
                host.removeCheckpoint(mark);
            }
        }
        for (String mark : host.referencePoints()) {
            if (!mark.equals(committed)) {
                steps.step();
                host.removeReferencePoint(mark);
            }
        }
        steps.step();
        String mark = "varve-" + UUID.randomUUID();
        byte[] content = host.checkpoint(mark);
        steps.step();
        return new Frozen(mark, content, host.changes());
    }

    private final class Frozen implements Checkpoint {
        private final String mark;
        private final MemoryDisk disk;
        private final Map<String, RangeSet> changes;
        private boolean committed;

        Frozen(String mark, byte[] content, Map<String, RangeSet> changes) {
            this.mark = mark;
            this.disk = new MemoryDisk(content, host.diskGuid).beforeRead(steps::step);
            this.changes = changes;
        }

        @Override
        public List<CheckpointDisk> disks() {
            return List.of(new CheckpointDisk("system", true, disk, new ChangeTracker() {
                @Override
                public Changes changesSince(String token) {
                    steps.step();
                    return changes.containsKey(token)
                            ? new Changes.Known(changes.get(token))
                            : new Changes.Unknown("reference-point-missing", "no reference point " + token);
                }

                @Override
                public Optional<String> token() {
                    return Optional.of(mark);
                }
            }));
        }

        @Override
        public String consistency() {
            return "application";
        }

        @Override
        public Optional<UUID> machine() {
            return Optional.of(MemoryHost.MACHINE);
        }

        @Override
        public List<CheckpointFile> files() {
            return List.of(new CheckpointFile() {
                @Override
                public String name() {
                    return "machine.vmcx";
                }

                @Override
                public InputStream open() {
                    steps.step();
                    return new ByteArrayInputStream(mark.getBytes(StandardCharsets.UTF_8));
                }
            });
        }

        @Override
        public Optional<String> sourceState() {
            return Optional.of(mark);
        }

        @Override
        public void commit(String snapshotId) {
            steps.step();
            host.convert(mark);
            committed = true;
            for (String older : host.referencePoints()) {
                if (!older.equals(mark)) {
                    steps.step();
                    host.removeReferencePoint(older);
                }
            }
        }

        @Override
        public void close() {
            steps.step();
            if (!committed) {
                host.removeCheckpoint(mark);
            }
        }
    }
}
