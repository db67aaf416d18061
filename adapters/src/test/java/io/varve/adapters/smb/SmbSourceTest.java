package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.ByteSourceContract;
import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bytes of files on a real Samba, SMB 3.1.1. */
class SmbSourceTest extends ByteSourceContract {
    private static SambaServer samba;
    private static SmbServer server;

    @BeforeAll
    static void start() throws Exception {
        samba = SambaServer.start(
                List.of(),
                List.of(
                        "[locked]",
                        "path = HOME/vm",
                        "force user = nobody",
                        "[sealed]",
                        "path = HOME/vm",
                        "server smb encrypt = required"));
        server = SmbTests.server(samba);
    }

    @AfterAll
    static void stop() throws IOException {
        if (samba != null) {
            server.close();
            samba.close();
        }
    }

    private static SmbPath path(String share, String name) {
        return new SmbPath(server.address(), share, List.of(name));
    }

    @Override
    protected ByteSource source(byte[] content) throws IOException {
        Files.write(samba.folder().resolve("content"), content);
        return SmbSource.open(server, path("vm", "content"));
    }

    private static final int SET_SPARSE = 0x000900C4; // MS-FSCC 2.3.80

    /** A server looks for holes only in files that are marked. */
    private static void markSparse(Path file) throws IOException {
        Files.write(file, new byte[0]);
        try (RemoteFile open =
                SmbTests.openToWrite(server, path("vm", file.getFileName().toString()))) {
            assertEquals(0, open.control(SET_SPARSE, new byte[0], 0).status());
        }
    }

    @Test
    void holesAreFoundWithoutReading() throws IOException {
        Path file = samba.folder().resolve("sparse");
        markSparse(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(64 << 20);
            for (int i = 0; i < 5; i++) {
                sparse.seek((long) i * (8 << 20) + 4096);
                sparse.write(1);
            }
        }
        try (SmbSource source = SmbSource.open(server, path("vm", "sparse"))) {
            RangeSet found = source.dataRanges(new Range(0, 64 << 20));
            assertTrue(found.totalLength() < 1 << 20, found.toString());
            for (int i = 0; i < 5; i++) {
                assertTrue(found.contains((long) i * (8 << 20) + 4096), found.toString());
            }
        }
    }

    @Test
    void moreRangesThanOneAnswerHolds() throws IOException {
        Path file = samba.folder().resolve("many");
        int count = 5000;
        markSparse(file);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(count * 8192L);
            for (int i = 0; i < count; i++) {
                sparse.seek(i * 8192L);
                sparse.write(1);
            }
        }
        try (SmbSource source = SmbSource.open(server, path("vm", "many"))) {
            RangeSet found = source.dataRanges(new Range(0, count * 8192L));
            for (int i = 0; i < count; i++) {
                assertTrue(found.contains(i * 8192L), "range " + i);
            }
            assertTrue(found.totalLength() < count * 8192L, "nothing was left out");
        }
    }

    @Test
    void aWriterIsSeenAndKeptAway() throws IOException {
        Files.write(samba.folder().resolve("used"), new byte[8192]);
        try (SmbSource first = SmbSource.open(server, path("vm", "used"))) {
            assertEquals(List.of(), first.disturbances());
            StatusException refused =
                    assertThrows(StatusException.class, () -> SmbTests.openToWrite(server, path("vm", "used")));
            assertTrue(refused.is(NtStatus.SHARING_VIOLATION), refused.getMessage());
        }
        try (RemoteFile writer = SmbTests.openToWrite(server, path("vm", "used"));
                SmbSource second = SmbSource.open(server, path("vm", "used"))) {
            List<Disturbance> seen = second.disturbances();
            assertEquals(1, seen.size(), seen.toString());
            assertEquals(Disturbance.IN_USE, seen.get(0).code());
            assertTrue(writer.path().toString().endsWith("used"));
        }
    }

    @Test
    void changesAreSeen() throws Exception {
        Path file = Files.write(samba.folder().resolve("grows"), new byte[8192]);
        try (SmbSource source = SmbSource.open(server, path("vm", "grows"))) {
            Thread.sleep(20);
            Files.write(file, new byte[9000]);
            List<Disturbance> seen = source.disturbances();
            assertEquals(Disturbance.CHANGED, seen.get(0).code());
            assertTrue(seen.get(0).toString().contains("8192 to 9000"), seen.toString());
            Files.write(file, new byte[10]);
            IOException cut = assertThrows(IOException.class, source::disturbances);
            assertTrue(cut.getMessage().contains("cut off"), cut.getMessage());
        }
    }

    private static StatusException refusal(String share, String name) {
        return assertThrows(StatusException.class, () -> SmbSource.open(server, path(share, name)));
    }

    @Test
    void refusals() throws IOException {
        assertTrue(refusal("vm", "none").is(NtStatus.OBJECT_NAME_NOT_FOUND));
        Files.createDirectories(samba.folder().resolve("folder"));
        assertTrue(refusal("vm", "folder").is(NtStatus.FILE_IS_A_DIRECTORY));
        Path secret = Files.write(samba.folder().resolve("secret"), new byte[1]);
        Files.setPosixFilePermissions(secret, java.util.Set.of());
        samba.folder().toFile().setExecutable(true, false);
        samba.home().toFile().setExecutable(true, false);
        StatusException denied = refusal("locked", "secret");
        assertTrue(denied.is(NtStatus.ACCESS_DENIED) && denied.getMessage().contains("/locked/secret"), "" + denied);
        StatusException sealed = refusal("sealed", "none");
        assertTrue(sealed.getMessage().contains("wants encryption"), sealed.getMessage());
        assertTrue(refusal("nowhere", "none").is(NtStatus.BAD_NETWORK_NAME));
    }
}
