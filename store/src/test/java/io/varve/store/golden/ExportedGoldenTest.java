package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.FsckReport;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.crypt.Credential;
import io.varve.store.export.ExportFile;
import io.varve.store.export.SnapshotExport;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of the golden repositories, written once: readable for ever, and written the same way for ever. */
class ExportedGoldenTest {
    @TempDir
    Path temp;

    private static Path golden(String name) throws IOException {
        try {
            return Path.of(
                    ExportedGoldenTest.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** The first snapshot of a repository. Without a key, whatever it is. */
    static byte[] export(Path root) throws IOException {
        SnapshotExport.Listener quiet = new SnapshotExport.Listener() {
            @Override
            public void started(int packs) {}

            @Override
            public void packDone() {}

            @Override
            public void check() {}
        };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Repository repository = Repository.open(root);
                ReadSession session = ReadSession.open(repository, notice -> {})) {
            Snapshot first = repository.snapshots().list().snapshots().get(0);
            new SnapshotExport(session, quiet).write(first, piece -> {
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                bytes.writeBytes(copy);
            });
        }
        return bytes.toByteArray();
    }

    private Path copyOf(String name) throws IOException {
        Path golden = golden(name);
        Path root = temp.resolve(name);
        try (var tree = Files.walk(golden)) {
            for (Path path : tree.toList()) {
                Files.copy(path, root.resolve(golden.relativize(path).toString()));
            }
        }
        return root;
    }

    @Test
    void theSameSnapshotGivesTheSameBytes() throws IOException {
        assertArrayEquals(Files.readAllBytes(golden("v1-export.varve")), export(copyOf("v1")));
        assertArrayEquals(Files.readAllBytes(golden("v1-encrypted-export.varve")), export(copyOf("v1-encrypted")));
    }

    /** Unpacked by what {@code docs/format.md} says of it, and nothing of {@code io.varve}. */
    private Path unpack(String name) throws IOException {
        byte[] file = Files.readAllBytes(golden(name));
        Path root = temp.resolve("unpacked");
        int at = 0;
        while (file[at] != 0) {
            String member = new String(file, at, 100, StandardCharsets.US_ASCII).replace("\0", "");
            int size = Integer.parseInt(new String(file, at + 124, 11, StandardCharsets.US_ASCII), 8);
            assertEquals("ustar", new String(file, at + 257, 5, StandardCharsets.US_ASCII));
            Path target = root.resolve(member);
            Files.createDirectories(target.getParent());
            Files.write(target, Arrays.copyOfRange(file, at + 512, at + 512 + size));
            if (member.equals("export.json")) {
                JsonNode trailer = IndependentDecoder.json(target);
                assertEquals(at, trailer.get("bytes").intValue());
                assertEquals(
                        IndependentDecoder.sha256(Arrays.copyOf(file, at)),
                        trailer.get("sha256").textValue());
            }
            at += 512 + (size + 511) / 512 * 512;
        }
        assertEquals(1024, file.length - at);
        return root;
    }

    @Test
    void unpackedItIsARepository() throws IOException {
        Path root = unpack("v1-export.varve");
        IndependentDecoder decoder = new IndependentDecoder(root);
        try (var files = Files.list(root.resolve("snapshots"))) {
            JsonNode manifest = IndependentDecoder.json(files.findFirst().orElseThrow());
            for (JsonNode disk : manifest.get("disks")) {
                String key = GoldenRepositoryTest.key(
                        manifest.get("machine").textValue(),
                        manifest.get("startedAt").textValue(),
                        disk.get("name").textValue());
                assertEquals(GoldenRepositoryTest.DIGESTS.get(key), IndependentDecoder.sha256(decoder.content(disk)));
            }
        }
        try (Repository repository = Repository.open(root)) {
            FsckReport report = GoldenRepositoryTest.fsck(repository);
            assertEquals(0, report.unusedChunks(), "what another snapshot needs is not in it");
            assertEquals(
                    List.of("index-absent"),
                    report.findings().stream().map(Finding::code).toList());
        }
    }

    @Test
    void unpackedAnEncryptedOneOpensWithItsKeys() throws IOException {
        Path root = unpack("v1-encrypted-export.varve");
        try (Repository repository = Repository.open(root)) {
            repository.unlock(Credential.passphrase(EncryptedGoldenTest.PASSPHRASE.toCharArray()));
            assertTrue(GoldenRepositoryTest.fsck(repository).findings().stream()
                    .allMatch(finding -> finding.severity() == Finding.Severity.INFO));
        }
    }

    @Test
    void importedItIsTheSnapshotThatItWas() throws IOException {
        Quiet quiet = new Quiet();
        for (String name : List.of("v1-export.varve", "v1-encrypted-export.varve")) {
            Path scratch = Files.createDirectory(temp.resolve(name));
            Path root = temp.resolve(name + "-imported");
            try (Repository from = ExportFile.open(golden(name), scratch, quiet);
                    Repository to = Repository.init(root, GoldenWriter.config())) {
                if (from.isLocked()) {
                    from.unlock(Credential.keyFile(golden("v1-encrypted.key")));
                }
                Snapshot snapshot = from.snapshots().list().snapshots().get(0);
                try (ReadSession reading = ReadSession.open(from, notice -> {});
                        WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
                    new SnapshotCopy(reading, writing, quiet).copy(snapshot);
                }
                Snapshot copied = to.snapshots().list().snapshots().get(0);
                assertEquals(snapshot.id(), copied.id());
                try (ReadSession session = ReadSession.open(to, notice -> {})) {
                    assertEquals(
                            GoldenRepositoryTest.DIGESTS.get("alpha 2026-01-02T03:04:05Z system"),
                            IndependentDecoder.sha256(GoldenRepositoryTest.read(
                                    session, copied.manifest().disks().get(0))));
                }
                assertEquals(List.of(), GoldenRepositoryTest.fsck(to).findings());
            }
        }
    }

    /** Told of nothing. */
    private static final class Quiet implements SnapshotCopy.Listener, ExportFile.Listener {
        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void bytesRead(long bytes) {}

        @Override
        public void check() {}
    }
}
