package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Previous;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.CheckpointSourceContract;
import io.varve.engine.source.Steps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A machine whose one disk is a file that nobody has open while it is backed up. It knows what changed since when. */
public abstract class FileMachine implements CheckpointSourceContract.Machine {
    private static final int SIZE = 256 << 10;

    private final Path directory;
    private final Path disk;
    private final byte[] content = new byte[SIZE];
    private final Map<String, RangeSet> changedSince = new LinkedHashMap<>();

    protected FileMachine(Path temp) throws IOException {
        directory = Files.createTempDirectory(temp, "machine");
        disk = Files.write(directory.resolve("disk.raw"), content);
    }

    /** A file that belongs to the source, beside the disk. */
    protected Path beside(String name) {
        return directory.resolve(name);
    }

    protected Path file() {
        return disk;
    }

    /**
     * Takes the checkpoint.
     *
     * @param base token of the newest snapshot; empty on the first night
     * @param now token of this one
     */
    protected abstract Checkpoint take(String base, RangeSet changed, String now) throws IOException;

    /** What the source alone may have left. */
    protected abstract void assertNothingIsOpen();

    /** Names of the files that are there although no backup runs. */
    protected abstract List<String> ownFiles();

    @Override
    public final CheckpointSource source(Steps steps) {
        return previous -> {
            steps.step();
            String base = previous.newest()
                    .map(Previous.Night::disks)
                    .flatMap(disks -> disks.get(0).token())
                    .orElse("");
            String now = "rctX:" + changedSince.size();
            changedSince.put(now, RangeSet.of());
            return new SteppedCheckpoint(take(base, changedSince.getOrDefault(base, RangeSet.of()), now), steps);
        };
    }

    @Override
    public final void write(SplittableRandom random) {
        byte[] written = new byte[1 + random.nextInt(9000)];
        random.nextBytes(written);
        int offset = random.nextInt(SIZE - written.length);
        System.arraycopy(written, 0, content, offset, written.length);
        RangeSet range = RangeSet.of(new Range(offset, written.length));
        changedSince.replaceAll((token, ranges) -> ranges.union(range));
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(offset);
            file.write(written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final byte[] disk() {
        return content.clone();
    }

    @Override
    public final void assertNothingIsLeft(Optional<String> state) {
        assertNothingIsOpen();
        try (Stream<Path> files = Files.list(directory)) {
            TreeSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            assertEquals(new TreeSet<>(ownFiles()), names);
            assertEquals(-1, java.util.Arrays.mismatch(content, Files.readAllBytes(disk)), "written to its source");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
