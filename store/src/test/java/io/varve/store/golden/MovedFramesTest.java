package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.index.ChunkIndex;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackBuffers;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackListing;
import io.varve.store.pack.PackReader;
import io.varve.store.pack.PackWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What collection and copying rely on: frames go to another pack, in another order, by a hand that has no key. */
class MovedFramesTest {
    @TempDir
    Path temp;

    @Test
    void framesMoveWithoutTheKey() throws IOException {
        Path root = temp.resolve("repository");
        Path key = temp.resolve("key");
        GoldenWriter.writeEncrypted(
                root, Credential.newKeyFile(key), Credential.passphrase(new char[] {'x'}), new Argon2(64, 1, 1));
        List<ChunkId> before;
        try (Repository locked = Repository.open(root)) {
            assertTrue(locked.isLocked());
            before = List.copyOf(new TreeSet<>(PackListing.all(locked.backend())));
            moveAll(locked, before);
            ChunkIndex.delete(locked.home().index());
        }
        try (Repository open = Repository.open(root)) {
            open.unlock(Credential.keyFile(key));
            assertNotEquals(before, List.copyOf(new TreeSet<>(PackListing.all(open.backend()))));
            FsckReport report = GoldenRepositoryTest.fsck(open);
            assertEquals(1, report.packs());
            assertEquals(
                    List.of("index-absent"),
                    report.findings().stream().map(finding -> finding.code()).toList());
        }
    }

    private static void moveAll(Repository repository, List<ChunkId> packs) throws IOException {
        Backend backend = repository.backend();
        try (PackWriter writer =
                new PackWriter(backend, repository.config().repositoryId(), 0, Set.of(), PackBuffers.atOnce())) {
            for (ChunkId pack : packs) {
                PackFooter footer = PackReader.footer(backend, pack);
                for (int frame = footer.frameCount() - 1; frame >= 0; frame--) {
                    FrameHeader header = footer.header(frame);
                    ByteBuffer bytes = ByteBuffer.allocateDirect(header.frameLength());
                    String object = PackFormat.objectName(pack);
                    backend.read(object, footer.offset(frame), bytes);
                    writer.append(
                            header, PackReader.checkedPayload(bytes.flip(), header, object, footer.offset(frame)));
                }
            }
            writer.publish();
        }
        for (ChunkId pack : packs) {
            backend.delete(PackFormat.objectName(pack));
        }
    }
}
