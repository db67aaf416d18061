package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckOptions.Level;
import io.varve.store.check.FsckReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check with hardly any memory comes to the same as one with plenty. */
@Tag("long")
class CheckMemoryTest {
    private static final int SIZE = 32 << 20;

    @TempDir
    Path root;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** Notes whether the references were gone through more than once. */
    private static final class Passes implements FsckListener {
        final List<String> phases = new ArrayList<>();

        @Override
        public void phase(String name, long total) {
            phases.add(name);
        }

        @Override
        public void advanced(long units) {}

        @Override
        public void found(Finding finding) {}
    }

    private static FsckReport check(Repository repository, FsckOptions options, Passes passes) throws IOException {
        return new Fsck(repository, options, passes).run();
    }

    private void compare(Repository repository, Level level) throws IOException {
        Passes one = new Passes();
        Passes many = new Passes();
        FsckReport plenty = check(repository, FsckOptions.of(level, 2), one);
        FsckReport hardly = check(repository, FsckOptions.of(level, 3).memory(40_000), many);
        assertTrue(one.phases.stream().noneMatch(phase -> phase.contains("pass")), one.phases.toString());
        assertTrue(many.phases.stream().anyMatch(phase -> phase.contains("pass 2 of")), many.phases.toString());
        assertEquals(sorted(plenty.findings()), sorted(hardly.findings()), "seed " + seed);
        assertEquals(plenty.affected(), hardly.affected(), "seed " + seed);
        assertEquals(plenty.chunks(), hardly.chunks(), "seed " + seed);
        assertEquals(plenty.mapPages(), hardly.mapPages(), "seed " + seed);
        assertEquals(plenty.unusedChunks(), hardly.unusedChunks(), "seed " + seed);
        assertEquals(plenty.unusedBytes(), hardly.unusedBytes(), "seed " + seed);
    }

    private static List<String> sorted(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.code() + " " + finding.file() + " " + finding.offset())
                .sorted()
                .toList();
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> tree = Files.walk(root.resolve("packs"))) {
            return new ArrayList<>(tree.filter(Files::isRegularFile).sorted().toList());
        }
    }

    @Test
    void comesToTheSame() throws IOException {
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), Backups.BLOCK, 1 << 20, Instant.now());
        try (Repository repository = Repository.init(root, config)) {
            byte[] content = Backups.content(SIZE, seed);
            Backups.backUp(repository, Backups.disk("a", content));
            for (int night = 0; night < 3; night++) {
                for (int change = 0; change < 20; change++) {
                    content[random.nextInt(SIZE)]++;
                }
                Backups.backUp(repository, Backups.disk("a", content), Backups.disk("b", content));
            }
            compare(repository, Level.STRUCTURE);
            compare(repository, Level.DEEP);

            Files.delete(packs().remove(random.nextInt(packs().size())));
            Path flipped = packs().get(random.nextInt(packs().size()));
            byte[] bytes = Files.readAllBytes(flipped);
            for (int i = 0; i < 5; i++) {
                bytes[random.nextInt(bytes.length)] ^= 1;
            }
            Files.write(flipped, bytes);
            compare(repository, Level.STRUCTURE);
            compare(repository, Level.READ_DATA);
            assertTrue(Backups.fsck(repository, Level.READ_DATA).hasErrors(), "seed " + seed);
        }
    }
}
