package io.varve.store.check;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The repository's record of which packs were read, and when: objects below {@code checks/}, each published once and
 * never modified. They are merged by the later time, in any order, so any number of computers may record at once, and
 * duplicates do no harm. While packs are read, new readings are published every minute; at the end all records are
 * merged into one. If the process is killed, at most the last minute of readings is lost.
 *
 * <p>No safety decision depends on it or its times. About 200 bytes of heap a pack. Thread-safe.
 */
final class ReadJournal {
    private static final String DIRECTORY = "checks";
    private static final long PUBLISH_SECONDS = 60;
    private static final long DAY_SECONDS = 24 * 60 * 60;
    private static final int TRIES = 3;

    private final Backend backend;
    private final UUID repositoryId;
    private final Clock clock;
    private final Map<ChunkId, Reading> readings = new TreeMap<>();
    private final Set<String> objects = new TreeSet<>();
    private SortedMap<ChunkId, Reading> unpublished = new TreeMap<>();
    private long publishedAt;

    private ReadJournal(Backend backend, UUID repositoryId, Clock clock) {
        this.backend = backend;
        this.repositoryId = repositoryId;
        this.clock = clock;
        this.publishedAt = clock.instant().getEpochSecond();
    }

    /** Reads all records; failures go to {@code damaged}. */
    static ReadJournal open(Backend backend, UUID repositoryId, Clock clock, List<CorruptDataException> damaged)
            throws IOException {
        ReadJournal journal = new ReadJournal(backend, repositoryId, clock);
        List<String> names = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (isObjectName(name)) {
                names.add(name);
            }
        });
        for (String name : names) {
            try {
                ReadingsFile.decode(WholeObject.read(backend, name, ReadingsFile.MAX_SIZE), repositoryId, name)
                        .forEach((pack, reading) -> journal.readings.merge(
                                pack, reading.believedBefore(journal.publishedAt + DAY_SECONDS), Reading::and));
                journal.objects.add(name);
            } catch (CorruptDataException e) {
                damaged.add(e);
            } catch (NoSuchFileException e) {
                // Merged into another record since it was listed; the next check will see that one.
            }
        }
        return journal;
    }

    /** Whether the name has the form of a record's name. */
    static boolean isObjectName(String name) {
        return name.startsWith(DIRECTORY + "/") && SnapshotId.isId(name.substring(DIRECTORY.length() + 1));
    }

    /** The recorded readings of a pack. */
    synchronized Reading of(ChunkId pack) {
        return readings.getOrDefault(pack, Reading.NEVER);
    }

    /** Records that a pack was read now, and publishes new readings when it is time. */
    synchronized void read(ChunkId pack, FsckOptions.Level level, boolean sound) throws IOException {
        long now = clock.instant().getEpochSecond();
        Reading reading = of(pack).now(now, level, sound);
        readings.merge(pack, reading, Reading::and);
        unpublished.merge(pack, reading, Reading::and);
        if (Math.abs(now - publishedAt) >= PUBLISH_SECONDS || unpublished.size() >= ReadingsFile.MAX_ENTRIES) {
            publish();
        }
    }

    /** Publishes new readings. */
    synchronized void publish() throws IOException {
        if (!unpublished.isEmpty()) {
            objects.add(publish(unpublished));
            unpublished = new TreeMap<>();
        }
        publishedAt = clock.instant().getEpochSecond();
    }

    /** Merges all records into one, without packs that are gone. */
    synchronized void fold(Collection<ChunkId> packs) throws IOException {
        if (unpublished.isEmpty() && objects.size() <= 1) {
            return;
        }
        Set<String> old = Set.copyOf(objects);
        SortedMap<ChunkId, Reading> part = new TreeMap<>();
        for (ChunkId pack : packs) {
            Reading reading = readings.get(pack);
            if (reading != null) {
                part.put(pack, reading);
            }
            if (part.size() == ReadingsFile.MAX_ENTRIES) {
                objects.add(publish(part));
                part.clear();
            }
        }
        if (!part.isEmpty()) {
            objects.add(publish(part));
        }
        unpublished = new TreeMap<>();
        for (String name : old) {
            try {
                backend.delete(name);
            } catch (NoSuchFileException e) {
                // Another check has merged it into its own.
            }
            objects.remove(name);
        }
    }

    private String publish(SortedMap<ChunkId, Reading> entries) throws IOException {
        byte[] file = ReadingsFile.encode(repositoryId, entries);
        String name = DIRECTORY + "/" + SnapshotId.create(clock.instant());
        for (int attempt = 1; ; attempt++) {
            try {
                WholeObject.publish(backend, name, file);
                return name;
            } catch (NoSuchFileException e) {
                // A writer that begins clears tmp/: there is no lock between it and a check.
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
