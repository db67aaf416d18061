package io.varve.store.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.FsckReport;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Codec;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.export.SnapshotExport;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionListener;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.session.IndexMaintenance;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one reader takes for damage, all do: what fsck calls sound can be restored, exported and copied. */
@Tag("long")
class ReadersAgreeTest {
    private static final int BLOCK = OddRepository.BLOCK;

    @TempDir
    Path temp;

    private static final class Quiet implements SnapshotExport.Listener, SnapshotCopy.Listener {
        @Override
        public void started(int packs) {}

        @Override
        public void packDone() {}

        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void check() {}
    }

    @FunctionalInterface
    private interface Reading {
        void run() throws IOException;
    }

    private static String outcome(Reading reading) throws IOException {
        try {
            reading.run();
            return "accepts";
        } catch (CorruptDataException e) {
            return "refuses";
        }
    }

    private static Snapshot only(Repository repository) throws IOException {
        var listing = repository.snapshots().list();
        if (!listing.damaged().isEmpty()) {
            throw listing.damaged().get(0);
        }
        return listing.snapshots().get(0);
    }

    private final Set<String> codes = new TreeSet<>(); // what fsck called it

    private void expectAll(String expected, OddRepository odd) throws IOException {
        odd.close();
        Map<String, String> found = new TreeMap<>();
        try (Repository repository = Repository.open(temp.resolve("odd"))) {
            if (odd.encrypted) {
                repository.unlock(io.varve.store.crypt.Credential.keyFile(temp.resolve("odd.key")));
            }
            try (ReadSession session = ReadSession.open(repository, notice -> {})) {
                found.put("restore", outcome(() -> {
                    for (DiskRecord disk : only(repository).manifest().disks()) {
                        GoldenRepositoryTest.read(session, disk);
                    }
                }));
                found.put(
                        "export",
                        outcome(() -> new SnapshotExport(session, new Quiet())
                                .write(only(repository), bytes -> bytes.position(bytes.limit()))));
                found.put("copy", outcome(() -> {
                    try (Repository to = OddRepository.init(temp, "to", odd.encrypted);
                            WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
                        new SnapshotCopy(session, writing, new Quiet()).copy(only(repository));
                    }
                }));
            }
            FsckReport report = GoldenRepositoryTest.fsck(repository);
            found.put("fsck", report.hasErrors() ? "refuses" : "accepts");
            codes.clear();
            report.findings().stream()
                    .filter(finding -> finding.severity() != Finding.Severity.INFO)
                    .forEach(finding -> codes.add(finding.code()));
            found.put(
                    "fsck, affected",
                    GoldenRepositoryTest.fsck(repository).affected().isEmpty() ? "accepts" : "refuses");
        }
        Map<String, String> all = new TreeMap<>();
        found.keySet().forEach(reader -> all.put(reader, expected));
        assertEquals(all, found);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void chunksAsLongAsTheirPlacesAreSound(boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        odd.disk(2 * BLOCK + 100, odd.page(0, odd.chunk(BLOCK, 1), odd.chunk(BLOCK, 2), odd.chunk(100, 3)));
        odd.disk(0, ChunkId.ZERO);
        odd.disk(7, odd.page(0, odd.chunk(7, 4)));
        odd.commit();
        expectAll("accepts", odd);
    }

    /** @param first length of the chunk in the place of a whole block */
    @ParameterizedTest
    @CsvSource({
        "4096, 4096, false",
        "4096, 101, false",
        "4096, 99, false",
        "100, 100, false",
        "8208, 100, false",
        "9000, 100, false",
        "4096, 4096, true",
        "4096, 101, true",
        "4096, 99, true",
        "100, 100, true",
        "9000, 100, true"
    })
    void chunksOfOtherLengthsThanTheirPlacesAreNot(int first, int last, boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        odd.disk(BLOCK + 100, odd.page(0, odd.chunk(first, 1), odd.chunk(last, 2)));
        odd.commit();
        expectAll("refuses", odd);
        assertEquals(Set.of("chunk-length"), codes);
    }

    /** A map page, or a short block, is a chunk like any other: but not one of a block's length. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChunkThatIsRightElsewhereIsNotRightHere(boolean lastOfAnother) throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        ChunkId sound = odd.page(0, odd.chunk(100, 1));
        odd.disk(100, sound);
        odd.disk(2 * BLOCK, odd.page(0, lastOfAnother ? odd.chunk(100, 1) : sound));
        odd.commit();
        expectAll("refuses", odd);
    }

    /** The target has the chunk already, rightly: as the last block of another disk. */
    @Test
    void aCopyLooksAtTheLengthOfWhatTheTargetHas() throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        odd.disk(100, odd.page(0, odd.chunk(100, 1)));
        Snapshot small = odd.commit();
        odd.disk(2 * BLOCK, odd.page(0, odd.chunk(100, 1), odd.chunk(BLOCK, 2)));
        Snapshot large = odd.commit();
        odd.close();
        try (Repository from = Repository.open(temp.resolve("odd"));
                Repository to = OddRepository.init(temp, "to", false);
                ReadSession reading = ReadSession.open(from, notice -> {})) {
            for (Snapshot snapshot : List.of(small, large)) {
                try (WriteSession writing = WriteSession.open(to, "test", Duration.ZERO, notice -> {})) {
                    SnapshotCopy copy = new SnapshotCopy(reading, writing, new Quiet());
                    assertEquals(snapshot.equals(small) ? "accepts" : "refuses", outcome(() -> copy.copy(snapshot)));
                }
            }
            assertEquals(small.id(), only(to).id());
            assertEquals(1, to.snapshots().list().snapshots().size());
        }
    }

    /** Nothing is inherited from a map in which something takes more room than a block. */
    @ParameterizedTest
    @CsvSource({"9000, false", "4096, true"})
    void aMapWithAChunkThatIsTooLongIsNotComplete(int length, boolean complete) throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        odd.disk(2 * BLOCK, odd.page(0, odd.chunk(length, 1), odd.chunk(BLOCK, 2)));
        Snapshot snapshot = odd.commit();
        odd.close();
        try (Repository repository = Repository.open(temp.resolve("odd"))) {
            // Which forgets what was proven.
            IndexMaintenance.rebuild(repository, Duration.ZERO, (done, total) -> {}, notice -> {});
            try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
                assertEquals(
                        complete,
                        session.isComplete(
                                session.map(snapshot.manifest().disks().get(0))));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void entriesBehindTheEndAreRefusedAlsoInAPageSeenElsewhere(boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        ChunkId[] blocks = new ChunkId[256];
        Arrays.fill(blocks, odd.chunk(BLOCK, 1));
        ChunkId leaf = odd.page(0, blocks);
        odd.disk(512L * BLOCK, odd.page(1, leaf, leaf));
        odd.disk(10L * BLOCK, leaf);
        odd.commit();
        expectAll("refuses", odd);
    }

    /** What lies behind a disk's end is needed by nobody, and whether the page is right nobody knows: so it stops. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void collectionStopsAtEntriesBehindTheEnd(boolean behind) throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        ChunkId[] blocks = new ChunkId[behind ? 11 : 10];
        Arrays.fill(blocks, odd.chunk(BLOCK, 1));
        odd.disk(10L * BLOCK, odd.page(0, blocks));
        odd.chunk(BLOCK, 2); // which nothing needs
        odd.commit();
        odd.close();
        CollectionListener quiet = new CollectionListener() {
            @Override
            public void phase(String name, long steps) {}

            @Override
            public void advanced(long steps) {}

            @Override
            public void notice(String message) {}

            @Override
            public void warning(String code, String message) {}
        };
        try (Repository repository = Repository.open(temp.resolve("odd"));
                WriteSession session =
                        WriteSession.openForCollection(repository, "test", Duration.ZERO, notice -> {})) {
            CollectionOptions options = new CollectionOptions(0, 100, false);
            assertEquals(behind ? "refuses" : "accepts", outcome(() -> Collection.run(session, options, quiet, 1)));
            try (var condemned = java.nio.file.Files.walk(temp.resolve("odd"))) {
                assertEquals(
                        behind ? 0 : 1,
                        condemned
                                .filter(file -> file.getFileName().toString().startsWith("condemned-"))
                                .count());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pagesBehindTheEndAreRefused(boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        ChunkId leaf = odd.page(0, odd.chunk(BLOCK, 1));
        odd.disk(257L * BLOCK, odd.page(1, leaf, leaf, leaf));
        odd.commit();
        expectAll("refuses", odd);
    }

    /** The same page, and the disks end in the same block, which is longer in one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneRootForTwoSizesIsRefused(boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        ChunkId root = odd.page(0, odd.chunk(BLOCK, 1), odd.chunk(BLOCK, 2));
        odd.disk(2 * BLOCK, root);
        odd.disk(2 * BLOCK - 1, root);
        odd.commit();
        expectAll("refuses", odd);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"blockSize\": 4096', '\"blockSize\": 8192'",
        "'\"repositoryId\": \"', '\"repositoryId\": \"00000000-0000-4000-8000-000000000000#'",
        "'\"mapRoot\": \"', '\"mapRoot\": \"UPPER#'",
        "'\"size\": 8192', '\"size\": 0'"
    })
    void manifestsThatCannotBeOfThisRepositoryAreRefused(String what, String instead) throws IOException {
        for (boolean encrypted : new boolean[] {false, true}) {
            Path home = java.nio.file.Files.createDirectory(temp.resolve("" + encrypted));
            Path before = temp;
            temp = home;
            OddRepository odd = new OddRepository(temp, encrypted);
            odd.disk(2 * BLOCK, odd.page(0, odd.chunk(BLOCK, 1), odd.chunk(BLOCK, 2)));
            Snapshot snapshot = odd.commit();
            odd.rewrite(snapshot, text -> changed(text, what, instead));
            expectAll("refuses", odd);
            temp = before;
        }
    }

    /** A {@code #} stands for: and leave out as much of what was there. */
    private static String changed(String text, String what, String instead) {
        int at = text.indexOf(what) + what.length();
        int end = text.indexOf('"', at);
        if (instead.endsWith("UPPER#")) {
            String id = text.substring(at, end);
            return text.replace(id, id.toUpperCase(java.util.Locale.ROOT));
        }
        return instead.endsWith("#")
                ? text.replace(what + text.substring(at, end), instead.substring(0, instead.length() - 1))
                : text.replace(what, instead);
    }

    private static ChunkId id(byte[] content) {
        return new ChunkHasher().id(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one frame", "and an empty frame", "and a frame to be skipped", "and a byte"})
    void aPayloadIsOneZstdFrame(String what) throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        byte[] content = new byte[BLOCK];
        Arrays.fill(content, (byte) 5);
        byte[] frame = Zstd.compress(content);
        byte[] more = switch (what) {
            case "one frame" -> new byte[0];
            case "and an empty frame" -> Zstd.compress(new byte[0]);
            case "and a frame to be skipped" -> new byte[] {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
            default -> new byte[1];
        };
        byte[] payload = Arrays.copyOf(frame, frame.length + more.length);
        System.arraycopy(more, 0, payload, frame.length, more.length);
        odd.frame(Codec.ZSTD, id(content), BLOCK, payload);
        odd.disk(BLOCK, odd.page(0, id(content)));
        odd.commit();
        expectAll(what.equals("one frame") ? "accepts" : "refuses", odd);
    }

    /** Sealed where nothing is, and in the clear where all is sealed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void codecsOfTheOtherKindOfRepositoryAreRefused(boolean encrypted) throws IOException {
        OddRepository odd = new OddRepository(temp, encrypted);
        byte[] content = OddRepository.content(BLOCK, 1);
        ChunkId id = encrypted ? odd.repository.protection().newHasher().id(content) : id(content);
        odd.frame(
                encrypted ? Codec.RAW : Codec.SEALED_RAW,
                id,
                BLOCK,
                encrypted ? content : Arrays.copyOf(content, BLOCK + Codec.SEAL_LENGTH));
        odd.disk(BLOCK, odd.page(0, id));
        odd.commit();
        expectAll("refuses", odd);
    }

    /** Wasteful, and right. A frame named ZERO beside them serves nothing and harms nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void storedZerosAreReadAsAnyChunk(boolean named) throws IOException {
        OddRepository odd = new OddRepository(temp, false);
        byte[] zeros = new byte[BLOCK];
        odd.frame(Codec.RAW, named ? ChunkId.ZERO : id(zeros), BLOCK, zeros);
        odd.disk(2 * BLOCK, odd.page(0, odd.chunk(BLOCK, 1), named ? ChunkId.ZERO : id(zeros)));
        odd.commit();
        expectAll("accepts", odd);
        assertEquals(named ? Set.of("zero-stored") : Set.of(), codes);
    }
}
