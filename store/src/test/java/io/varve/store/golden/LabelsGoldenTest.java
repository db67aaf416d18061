package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository that was written once with tags and a note. */
class LabelsGoldenTest {
    @TempDir
    Path root;

    @BeforeEach
    void copy() throws IOException, URISyntaxException {
        Path golden =
                Path.of(LabelsGoldenTest.class.getResource("/golden/v1-labels").toURI());
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                Path target = root.resolve(golden.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }

    @Test
    void theyAreWhatTheyWere() throws IOException {
        try (Repository repository = Repository.open(root)) {
            assertEquals(
                    GoldenWriter.LABELS,
                    repository.snapshots().list().snapshots().get(0).manifest().labels());
            assertEquals(
                    List.of(),
                    GoldenRepositoryTest.fsck(repository).findings().stream()
                            .filter(finding -> !finding.code().equals("index-absent"))
                            .toList());
        }
    }

    @Test
    void aSecondImplementationReadsTheSame() throws IOException {
        try (var manifests = Files.list(root.resolve("snapshots"))) {
            JsonNode manifest = IndependentDecoder.json(manifests.findFirst().orElseThrow());
            List<String> tags = new ArrayList<>();
            manifest.get("tags").forEach(entry -> tags.add(entry.get("tag").textValue()));
            assertEquals(GoldenWriter.LABELS.tags(), tags);
            assertEquals(
                    GoldenWriter.LABELS.note().orElseThrow(),
                    manifest.get("note").textValue());
        }
    }
}
