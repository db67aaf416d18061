package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.snapshot.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository that was written once with the state of a source and files of several pieces. */
class StateGoldenTest {
    @TempDir
    Path root;

    @BeforeEach
    void copy() throws IOException, URISyntaxException {
        Path golden =
                Path.of(StateGoldenTest.class.getResource("/golden/v1-state").toURI());
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                Path target = root.resolve(golden.relativize(path).toString());
                Files.createDirectories(target.getParent());
                Files.copy(path, target);
            }
        }
    }

    @Test
    void itIsWhatItWas() throws IOException {
        try (Repository repository = Repository.open(root)) {
            Manifest manifest = repository.snapshots().list().snapshots().get(0).manifest();
            assertEquals(Optional.of(GoldenWriter.STATE), manifest.sourceState());
            assertEquals(
                    List.of("memory/state", "nothing"),
                    manifest.files().stream().map(Manifest.FileRecord::name).toList());
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
            assertEquals(GoldenWriter.STATE, manifest.get("sourceState").textValue());
            IndependentDecoder decoder = new IndependentDecoder(root);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (JsonNode piece : manifest.get("files").get(0).get("pieces")) {
                content.writeBytes(decoder.chunk(piece.get("id").textValue()));
            }
            assertArrayEquals(GoldenWriter.threePieces(), content.toByteArray());
        }
    }
}
