package io.varve.tools.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A machine's own disks and its VHD sets, each frozen by its own source. The sets' state is kept in a field of the
 * machine's, which the machine's source ignores. When the sets cannot be frozen the night goes on without them, unless
 * the machine has no other disks.
 */
final class SourceWithSets implements CheckpointSource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIELD = "sets";

    private final Optional<CheckpointSource> own;
    private final CheckpointSource sets;
    private final UUID machine;
    private final Consumer<String> warnings;

    /** @param own of the machine's own disks; empty for the sets alone, whose failure is that of the night */
    SourceWithSets(Optional<CheckpointSource> own, CheckpointSource sets, UUID machine, Consumer<String> warnings) {
        this.own = own;
        this.sets = sets;
        this.machine = machine;
        this.warnings = warnings;
    }

    /** What the sets' source left in a state; the state itself if there is nothing else in it. */
    private static Optional<String> ofSets(String state) {
        try {
            JsonNode field = JSON.readTree(state).path(FIELD);
            return field.isTextual() ? Optional.of(field.asText()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(state); // the night was one of the sets alone
        }
    }

    private static Optional<String> together(Optional<String> own, Optional<String> sets) {
        if (own.isEmpty() || sets.isEmpty()) {
            return own.or(() -> sets);
        }
        try {
            ObjectNode state = (ObjectNode) JSON.readTree(own.get());
            return Optional.of(JSON.writeValueAsString(state.put(FIELD, sets.get())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the state of a Hyper-V machine is JSON", e);
        }
    }

    @Override
    public Checkpoint take(Previous previous) throws IOException {
        List<Previous.Night> nights = new ArrayList<>();
        for (Previous.Night night : previous.nights()) {
            nights.add(new Previous.Night(
                    night.snapshotId(),
                    night.startedAt(),
                    night.sourceState().flatMap(SourceWithSets::ofSets),
                    night.disks()));
        }
        if (own.isEmpty()) {
            return new Both(Optional.empty(), Optional.of(sets.take(new Previous(nights))), machine);
        }
        Checkpoint first = own.get().take(previous);
        try {
            return new Both(Optional.of(first), Optional.of(sets.take(new Previous(nights))), machine);
        } catch (IOException e) {
            if (first.disks().isEmpty()) { // a snapshot of nothing is none
                try (first) {
                    throw e;
                }
            }
            warnings.accept("the machine's VHD sets are not in the snapshot: " + Reason.of(e));
            return new Both(Optional.of(first), Optional.empty(), machine);
        } catch (RuntimeException | Error e) {
            try (first) {
                throw e;
            }
        }
    }

    private record Both(Optional<Checkpoint> own, Optional<Checkpoint> sets, UUID id) implements Checkpoint {
        private List<Checkpoint> all() {
            List<Checkpoint> all = new ArrayList<>();
            own.ifPresent(all::add);
            sets.ifPresent(all::add);
            return all;
        }

        @Override
        public List<CheckpointDisk> disks() {
            List<CheckpointDisk> disks = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (Checkpoint checkpoint : all()) {
                for (CheckpointDisk disk : checkpoint.disks()) {
                    String name = disk.name();
                    for (int i = 2; !names.add(name); i++) {
                        name = disk.name() + "-" + i;
                    }
                    disks.add(new CheckpointDisk(name, disk.named(), disk.image(), disk.tracker()));
                }
            }
            return disks;
        }

        /** No more than each of them. */
        @Override
        public String consistency() {
            return own.isPresent() && sets.isEmpty() ? own.get().consistency() : "crash";
        }

        @Override
        public Optional<UUID> machine() {
            return Optional.of(id);
        }

        @Override
        public List<CheckpointFile> files() {
            return own.map(Checkpoint::files).orElse(List.of());
        }

        @Override
        public Optional<String> sourceState() {
            return together(own.flatMap(Checkpoint::sourceState), sets.flatMap(Checkpoint::sourceState));
        }

        @Override
        public void finishReading() throws IOException {
            for (Checkpoint checkpoint : all()) {
                checkpoint.finishReading();
            }
        }

        private interface Step {
            void take(Checkpoint checkpoint) throws IOException;
        }

        /** Of each, also when one fails. */
        private void each(Step step) throws IOException {
            List<Exception> failures = new ArrayList<>();
            for (Checkpoint checkpoint : all()) {
                try {
                    step.take(checkpoint);
                } catch (IOException | RuntimeException e) {
                    failures.add(e);
                }
            }
            if (failures.isEmpty()) {
                return;
            }
            Exception first = failures.get(0);
            failures.subList(1, failures.size()).forEach(first::addSuppressed);
            if (first instanceof RuntimeException fault) {
                throw fault;
            }
            throw (IOException) first;
        }

        @Override
        public void commit(String snapshotId) throws IOException {
            each(checkpoint -> checkpoint.commit(snapshotId));
        }

        @Override
        public void close() throws IOException {
            each(Checkpoint::close);
        }
    }
}
