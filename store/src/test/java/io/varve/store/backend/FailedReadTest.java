package io.varve.store.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailedReadTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.write(directory.resolve("file"), new byte[10_000]);
    }

    private IOException meaning(IOException failure, FailedRead.Probe probe) {
        return FailedRead.of(file, "packs/ab", 4096, 512, failure, probe);
    }

    private IOException meaning(IOException failure) {
        return meaning(failure, () -> StoredFile.probe(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Input/output error",
                "No data available",
                "Structure needs cleaning",
                "Bad message",
                "Data error (cyclic redundancy check).",
                "Data error (cyclic redundancy check)"
            })
    void whatTheMediumRefusesIsDamage(String text) {
        CorruptDataException damage = assertInstanceOf(CorruptDataException.class, meaning(new IOException(text)));
        assertEquals("packs/ab", damage.file());
        assertEquals(4096, damage.offset());
        assertEquals(text, damage.found());
        assertInstanceOf(CorruptDataException.class, meaning(new FileSystemException("file", null, text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection timed out",
                "Stale file handle",
                "Transport endpoint is not connected",
                "Host is down",
                "Too many open files",
                "Cannot allocate memory",
                "The network path was not found",
                "something nobody has seen before"
            })
    void whatSaysNothingAboutTheBytesIsNoDamage(String text) {
        IOException failure = new IOException(text);
        UnavailableException unavailable = assertInstanceOf(UnavailableException.class, meaning(failure));
        assertTrue(unavailable.getMessage().contains("packs/ab at offset 4096"), unavailable.getMessage());
        assertTrue(unavailable.getMessage().contains(text), unavailable.getMessage());
        assertSame(failure, unavailable.getCause());
        assertInstanceOf(UnavailableException.class, meaning(new FileSystemException("file", null, text)));
        assertInstanceOf(UnavailableException.class, meaning(new IOException()));
    }

    @Test
    void aDiskThatAnswersNothingMoreHasNoDamage() {
        IOException failure = new IOException("Input/output error");
        IOException meaning = meaning(failure, () -> {
            throw new IOException("Input/output error");
        });
        assertInstanceOf(UnavailableException.class, meaning);
        assertTrue(meaning.getMessage().contains("does not answer"), meaning.getMessage());
    }

    /** A server that lost its own disk, and a mount that was lost, give the same error as a bad sector. */
    @Test
    void aMediumErrorOfAnotherComputerSaysNothingAboutTheBytes() {
        for (String text : new String[] {"Input/output error", "Remote I/O error", "No data available"}) {
            IOException failure = new IOException(text);
            IOException meaning = FailedRead.of(
                    file,
                    "packs/ab",
                    4096,
                    512,
                    failure,
                    new FailedRead.Surroundings(() -> StoredFile.probe(file), file::equals));
            assertInstanceOf(UnavailableException.class, meaning, text);
            assertTrue(meaning.getMessage().contains("the server or the connection fails"), meaning.getMessage());
        }
        IOException gone = FailedRead.of(
                directory.resolve("a file system that cannot be asked").resolve("file"),
                "packs/ab",
                4096,
                512,
                new IOException("Input/output error"),
                () -> {});
        assertInstanceOf(UnavailableException.class, gone);
    }

    @Test
    void theEndIsDamageAndWhatCallersKnowStaysAsItIs() {
        assertInstanceOf(CorruptDataException.class, meaning(new EOFException()));
        for (IOException known :
                new IOException[] {new NoSuchFileException("file"), new ClosedByInterruptException()}) {
            assertSame(known, meaning(known));
        }
    }

    @Test
    void theTextOfAnIoErrorIsAskedOfTheSystem() throws IOException {
        Path memory = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(memory), "skipped: no /proc/self/mem");
        try (FileChannel channel = FileChannel.open(memory, StandardOpenOption.READ)) {
            channel.read(ByteBuffer.allocate(1), 0);
        } catch (IOException e) {
            assertTrue(MediumErrors.isOne(e.getMessage()), e.getMessage());
            return;
        }
        throw new AssertionError("memory that is not there was read");
    }

    @Test
    void whatComesOverANetworkOrFromAProgramIsRemote() {
        for (String type : new String[] {"nfs4", "cifs", "smb3", "fuse.sshfs", "fuse", "9p", "virtiofs", "NFS"}) {
            assertTrue(RemoteFileSystems.isOne(type), type);
        }
        for (String type : new String[] {"ext4", "xfs", "btrfs", "zfs", "NTFS", "ReFS", "fuseblk", "tmpfs"}) {
            assertFalse(RemoteFileSystems.isOne(type), type);
        }
    }
}
