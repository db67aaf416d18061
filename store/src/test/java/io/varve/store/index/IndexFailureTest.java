package io.varve.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** RocksDB's errors as it words them, with each message of the operating system at the end. */
class IndexFailureTest {
    @TempDir
    Path temp;

    private Path directory;

    @BeforeAll
    static void load() throws IOException {
        RocksLibrary.load();
    }

    @BeforeEach
    void make() throws IOException {
        directory = temp.resolve("a clock: Input/output error").resolve("index");
        ChunkIndex.openForWriting(directory, Packs.REPOSITORY).close();
        Files.write(directory.resolve("000042.sst"), new byte[1]);
    }

    private RocksDBException error(Status.Code code, String message) {
        return new RocksDBException(message, new Status(code, Status.SubCode.None, message));
    }

    private RocksDBException reading(String reason) {
        return error(
                Status.Code.IOError, "While pread offset 0 len 53: " + directory.resolve("000042.sst") + ": " + reason);
    }

    private RocksDBException checking(String... reasons) {
        StringBuilder message = new StringBuilder();
        for (String reason : reasons) {
            message.append("Can't access /000042.sst: IO error: While stat a file for size: ")
                    .append(directory.resolve("000042.sst"))
                    .append(": ")
                    .append(reason)
                    .append("\n");
        }
        return error(Status.Code.Corruption, message.toString());
    }

    private IOException meaning(RocksDBException e) {
        return IndexFailure.of(directory, "cannot be read", e);
    }

    /** The system speaks the user's language; whether the file is there, it says in none. */
    @Test
    void aMissingFileIsDamageInEveryLanguage() throws IOException {
        String german = "Datei oder Verzeichnis nicht gefunden";
        assertInstanceOf(IndexUnavailableException.class, meaning(reading("Der Server antwortet nicht")));
        Files.delete(directory.resolve("000042.sst"));
        assertInstanceOf(DamagedIndexException.class, meaning(reading(german)));
    }

    /** A writer may delete a file in the moment in which a reader opens the index. */
    @Test
    void aFileThatIsGoneIsDamageWhateverElseIsBlamed() {
        String missing = "IO error: No such file or directory: While open a file for random read: "
                + directory.resolve("000038.sst") + ": No such file or directory  The file "
                + directory.resolve("MANIFEST-000005") + " may be corrupted.";
        assertInstanceOf(DamagedIndexException.class, meaning(error(Status.Code.Corruption, missing)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection timed out",
                "Stale file handle",
                "Transport endpoint is not connected",
                "Host is down",
                "Too many open files",
                "Disk quota exceeded",
                "The specified network name is no longer available.\r\n",
                "something nobody has seen before"
            })
    void whatSaysNothingAboutTheIndexLeavesItAsItIs(String reason) {
        for (RocksDBException e : new RocksDBException[] {reading(reason), checking(reason)}) {
            IOException meaning = assertInstanceOf(IndexUnavailableException.class, meaning(e));
            assertTrue(meaning.getMessage().contains("cannot be read (" + reason.strip() + ")"), meaning.getMessage());
            assertTrue(meaning.getMessage().contains("index " + directory), meaning.getMessage());
        }
    }

    @Test
    void oneFileThatDoesNotAnswerAmongMissingOnesIsEnough() {
        assertInstanceOf(DamagedIndexException.class, meaning(checking("No such file or directory")));
        assertInstanceOf(
                IndexUnavailableException.class, meaning(checking("No such file or directory", "Stale file handle")));
    }

    @Test
    void aBadSectorOfALocalDiskIsDamageAndIsMarked() throws IOException {
        assertInstanceOf(DamagedIndexException.class, meaning(reading("Input/output error")));
        assertTrue(IndexFailure.isOfContent(directory, reading("Input/output error")));
    }

    @Test
    void aDiskThatAnswersNothingMoreIsNot() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.createFile(directory.resolve("LOCK")); // an empty file asks the disk nothing
        assertInstanceOf(IndexUnavailableException.class, meaning(reading("Input/output error")));
        Files.delete(directory.resolve("LOCK"));
        Files.delete(directory);
        assertInstanceOf(IndexUnavailableException.class, meaning(reading("Input/output error")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"No such file or directory", "Is a directory", "Permission denied", "Access is denied.\r\n"})
    void whatIsWrongWithAFileByNameIsCuredByARebuild(String reason) {
        assertInstanceOf(DamagedIndexException.class, meaning(reading(reason)));
        assertInstanceOf(DamagedIndexException.class, meaning(checking(reason)));
        assertFalse(IndexFailure.isOfContent(directory, reading(reason)), "the next process sees it too");
    }

    @Test
    void whatRocksDbItselfRefusesIsDamage() {
        RocksDBException checksum = error(Status.Code.Corruption, "block checksum mismatch: stored = 1, computed = 2");
        assertInstanceOf(DamagedIndexException.class, meaning(checksum));
        assertTrue(IndexFailure.isOfContent(directory, checksum));
        assertInstanceOf(
                DamagedIndexException.class, meaning(error(Status.Code.InvalidArgument, "comparator mismatch: x")));
        assertInstanceOf(DamagedIndexException.class, meaning(new RocksDBException("no status")));
        assertInstanceOf(IndexUnavailableException.class, meaning(error(Status.Code.TimedOut, "")));
    }

    @Test
    void aLockFileThatDoesNotAnswerIsNotHeldByAnother() {
        String file = directory.resolve("LOCK").toString();
        assertTrue(IndexFailure.isLocked(
                directory,
                error(Status.Code.IOError, "While lock file: " + file + ": Resource temporarily unavailable")));
        assertTrue(IndexFailure.isLocked(
                directory,
                error(
                        Status.Code.IOError,
                        "lock hold by current process, acquire time 1 acquiring thread 2: " + file
                                + ": No locks available")));
        for (String reason : new String[] {"Connection timed out", "Stale file handle", "No locks available"}) {
            RocksDBException e = error(Status.Code.IOError, "While lock file: " + file + ": " + reason);
            assertFalse(IndexFailure.isLocked(directory, e), reason);
            assertInstanceOf(IndexUnavailableException.class, meaning(e));
        }
        assertFalse(IndexFailure.isLocked(directory, reading("Stale file handle")), "the path says clock");
    }

    @Test
    void aFullDiskIsNoDamage() {
        RocksDBException full = new RocksDBException(
                "No space left on device",
                new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device"));
        assertEquals(
                "index " + directory + ": no space left on device",
                meaning(full).getMessage());
    }

    @Test
    void aMissingTableIsSeenAndTheIndexCanBeDeleted() throws IOException {
        Files.delete(directory.resolve("CURRENT"));
        assertFalse(ChunkIndex.exists(directory));
        Files.writeString(directory.resolve("CURRENT"), "MANIFEST-999999\n");
        assertThrows(DamagedIndexException.class, () -> ChunkIndex.openForReading(directory, Packs.REPOSITORY));
        assertThrows(DamagedIndexException.class, () -> ChunkIndex.openForWriting(directory, Packs.REPOSITORY));
    }
}
