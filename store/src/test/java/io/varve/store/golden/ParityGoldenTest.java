package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.store.backend.Backend;
import io.varve.store.backend.LocalBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackListing;
import io.varve.store.parity.MendedPack;
import io.varve.store.parity.Parity;
import io.varve.store.parity.ParityWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parity of the golden repository's packs, written once, mends them for ever. */
class ParityGoldenTest {
    static final int PERCENT = 20;

    @TempDir
    Path root;

    private Path golden;

    @BeforeEach
    void copyGolden() throws IOException, URISyntaxException {
        Path packs =
                Path.of(ParityGoldenTest.class.getResource("/golden/v1/packs").toURI());
        golden = packs.getParent().resolveSibling("v1-parity");
        try (var tree = Files.walk(packs)) {
            for (Path path : tree.toList()) {
                Path copy = root.resolve(packs.getParent().relativize(path).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy);
            }
        }
    }

    static void write(Path root) throws IOException {
        try (Backend backend = new LocalBackend(root)) {
            for (ChunkId pack : PackListing.all(backend)) {
                new ParityWriter(backend, PERCENT).write(pack);
            }
        }
    }

    @Test
    void theSamePackGivesTheSameParity() throws IOException {
        write(root);
        int compared = 0;
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.filter(Files::isRegularFile).toList()) {
                Path written =
                        root.resolve("parity").resolve(golden.relativize(path).toString());
                assertArrayEquals(Files.readAllBytes(path), Files.readAllBytes(written), path.toString());
                compared++;
            }
        }
        try (Backend backend = new LocalBackend(root)) {
            assertEquals(PackListing.all(backend).size(), compared);
        }
    }

    @Test
    void whatWasWrittenThenMendsNow() throws IOException {
        try (Backend backend = new LocalBackend(root)) {
            for (ChunkId pack : new TreeSet<>(PackListing.all(backend))) {
                Path file = root.resolve(PackFormat.objectName(pack));
                Path parity = root.resolve(Parity.objectName(pack));
                Files.createDirectories(parity.getParent());
                Files.copy(
                        golden.resolve(root.resolve("parity").relativize(parity).toString()), parity);
                byte[] sound = Files.readAllBytes(file);
                byte[] damaged = sound.clone();
                for (int sector = 0; sector < 4 && sector * 4096 < sound.length; sector++) {
                    damaged[sector * 4096] ^= 1;
                }
                Files.write(file, damaged);
                MendedPack mended = MendedPack.of(backend, PackFormat.objectName(pack), pack);
                ByteBuffer content = ByteBuffer.allocate(sound.length);
                mended.read("", 0, content);
                assertArrayEquals(sound, content.array());
                MendedPack.checkParity(backend, pack);
            }
        }
    }
}
