package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.job.Job;
import io.varve.store.json.SealedJson;
import io.varve.store.map.BlockMap;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.Generation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page and the code agree: {@code docs/format-vectors.md} is what the code writes, and the code reads it. After a
 * change of the format it is written anew with {@code -Dvarve.vectors=write}.
 */
class FormatVectorsTest {
    private static final Path PAGE = Path.of("..", "docs", "format-vectors.md");
    private static final int LINE = 32;

    @TempDir
    Path temp;

    private byte[] exportTrailer = {}; // of the page

    private static String page() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Test vectors of repository format 1

                The smallest repository with one object of each kind that a plain one has, as `FormatVectorsTest`
                makes and reads it; `format.md` says what the bytes mean. Objects of text are given as text: the
                lines between the fences, each with a line feed behind it. Others are given in hexadecimal, 32
                bytes a line; `00 × n` stands for n zero bytes. *SHA-256* is that of the whole file. The last
                object, `export.json`, is not in the repository: it is the last member of an export of the
                snapshot. What encrypted repositories have besides (`keys/`, another `repository.json`, sealed
                frames), and frames of LZ4 and Zstandard, are in `store/src/test/resources/golden/`; a record in
                `countersigned/` is in neither.

                Disk 1 of the snapshot holds %d bytes: `varve: all of a short disk` and a line feed. Its only block
                is short; the chunk's id is the SHA-256 of these bytes, `%s`. Disk 2 is all zeros, disk 3 has no
                bytes.
                """.formatted(
                        FormatVectors.CONTENT.length,
                        new ChunkHasher().id(FormatVectors.CONTENT).hex()));
        for (Map.Entry<String, byte[]> object : FormatVectors.all().entrySet()) {
            byte[] bytes = object.getValue();
            page.append("\n## `").append(object.getKey()).append("`\n\n");
            page.append(bytes.length).append(" bytes, SHA-256 `");
            page.append(new ChunkHasher().id(bytes).hex()).append("`\n\n```\n");
            page.append(isText(object.getKey()) ? new String(bytes, StandardCharsets.UTF_8) : hex(bytes));
            page.append("```\n");
        }
        return page.toString();
    }

    private static boolean isText(String name) {
        return name.endsWith(".json") || name.startsWith("trash/generation-");
    }

    private static String hex(byte[] bytes) {
        StringBuilder lines = new StringBuilder();
        int at = 0;
        while (at < bytes.length) {
            int zeros = at;
            while (zeros < bytes.length && bytes[zeros] == 0) {
                zeros++;
            }
            int end = zeros - at >= 2 * LINE ? zeros : Math.min(bytes.length, at + LINE);
            lines.append(
                            zeros - at >= 2 * LINE
                                    ? "00 × " + (zeros - at)
                                    : HexFormat.of().formatHex(bytes, at, end))
                    .append('\n');
            at = end;
        }
        return lines.toString();
    }

    @Test
    void thePageIsWhatTheCodeWrites() throws IOException {
        if ("write".equals(System.getProperty("varve.vectors"))) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE));
    }

    /** Reads the page as a second implementer would, and puts its objects where they belong. */
    private Path repositoryOfThePage() throws IOException {
        Path root = temp.resolve("repository");
        List<String> lines = Files.readAllLines(PAGE);
        int objects = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("## `")) {
                continue;
            }
            String name = lines.get(i).substring(4, lines.get(i).length() - 1);
            int from = i + 5;
            int to = from;
            while (!lines.get(to).equals("```")) {
                to++;
            }
            byte[] bytes = isText(name)
                    ? (String.join("\n", lines.subList(from, to)) + "\n").getBytes(StandardCharsets.UTF_8)
                    : bytes(lines.subList(from, to));
            assertTrue(
                    lines.get(i + 2)
                            .equals(bytes.length + " bytes, SHA-256 `"
                                    + new ChunkHasher().id(bytes).hex() + "`"),
                    name);
            objects++;
            if (name.equals(FormatVectors.EXPORT_TRAILER)) {
                exportTrailer = bytes;
                continue;
            }
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), bytes);
        }
        assertEquals(FormatVectors.all().size(), objects);
        return root;
    }

    private static byte[] bytes(List<String> lines) {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
        for (String line : lines) {
            bytes.put(
                    line.startsWith("00 × ")
                            ? new byte[Integer.parseInt(line.substring(5))]
                            : HexFormat.of().parseHex(line));
        }
        byte[] used = new byte[bytes.position()];
        bytes.flip().get(used);
        return used;
    }

    @Test
    void theCodeReadsThePage() throws IOException {
        Path root = repositoryOfThePage();
        try (Repository repository = Repository.open(root)) {
            Set<String> findings = new TreeSet<>();
            FsckListener listener = new FsckListener() {
                @Override
                public void phase(String name, long total) {}

                @Override
                public void advanced(long units) {}

                @Override
                public void found(Finding finding) {
                    if (finding.severity() != Finding.Severity.INFO) {
                        findings.add(finding.toString());
                    }
                }
            };
            new Fsck(repository, FsckOptions.of(FsckOptions.Level.DEEP, 1), listener).run();
            assertEquals(Set.of(), findings);
            List<CorruptDataException> damaged = new ArrayList<>();
            assertEquals(1, repository.shelf().forgotten(damaged).size());
            assertEquals(1, repository.holds().list().holds().size());
            assertEquals(
                    1, new CondemnedLists(repository.backend()).list(damaged).size());
            assertEquals(
                    Set.of(ChunkId.parse("88".repeat(32))), // the other one was rescued
                    new CondemnedLists(repository.backend()).allWithProposed());
            assertEquals(1, Generation.current(repository.backend()));
            Job job = repository.jobs().newest(Optional.empty(), 9).get(0);
            assertEquals("every night", job.start().orElseThrow().job().orElseThrow());
            assertEquals(1, job.end().orElseThrow().warningCount());
            assertEquals(
                    FormatVectors.SNAPSHOT, job.end().orElseThrow().snapshot().orElseThrow());
            assertEquals(List.of(), damaged);
            Snapshot snapshot = repository.snapshots().list().snapshots().get(0);
            assertEquals(FormatVectors.SNAPSHOT, snapshot.id().text());
            assertTrue(repository.shelf().isProtected(snapshot.id()));
            try (ReadSession session = ReadSession.open(repository, notice -> {})) {
                BlockMap map = session.map(snapshot.manifest().disks().get(0));
                ByteBuffer content = ByteBuffer.allocateDirect(FormatVectors.CONTENT.length);
                session.newChunkReader().read(map.blockId(0), content);
                byte[] bytes = new byte[content.capacity()];
                content.get(bytes);
                assertArrayEquals(FormatVectors.CONTENT, bytes);
                assertEquals(ChunkId.ZERO, snapshot.manifest().disks().get(1).mapRoot());
            }
        }
    }

    @Test
    void anExportOfThePageEndsAsItSays() throws IOException {
        byte[] trailer = FormatVectors.trailer(repositoryOfThePage());
        assertEquals(new String(exportTrailer, StandardCharsets.UTF_8), new String(trailer, StandardCharsets.UTF_8));
    }

    /** What section 2 of the format says of strings, said by bytes. */
    @Test
    void stringsAreEscapedAsTheFormatSays() throws IOException {
        String record = new String(
                FormatVectors.all().get("forgotten/" + FormatVectors.FORGOTTEN + ".json"), StandardCharsets.UTF_8);
        assertTrue(record.contains(
                "quote \\\" backslash \\\\ slash / bell \\u0007 escape \\u001B tab \\t line\\ndelete \u007f"));
        assertTrue(record.contains("e-acute \u00e9 line separator \u2028 grin \ud83d\ude00\""), record);
        for (String other : new String[] {
            record.replace("\\u001B", "\\u001b"),
            record.replace("slash /", "slash \\/"),
            record.replace("\u00e9", "\\u00E9")
        }) {
            String code = "";
            try {
                SealedJson.decode(other.getBytes(StandardCharsets.UTF_8), "x");
            } catch (CorruptDataException e) {
                code = e.expected();
            }
            assertTrue(code.startsWith("canonical JSON"), code);
        }
    }
}
