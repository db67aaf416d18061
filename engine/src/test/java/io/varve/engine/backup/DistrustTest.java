package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.WindowsGuid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Change lists that come with a reason for distrust: another disk's content, a crashed host, another machine. */
class DistrustTest {
    private static final UUID DISK_ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final UUID GPT = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
    private static final UUID OTHER_GPT = UUID.fromString("6d1a3f6e-0f4b-4a3c-8a2e-3b2f9d9d7a11");

    @TempDir
    Path folder;

    private final Backups.Log log = new Backups.Log();
    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        repository = Backups.init(folder.resolve("repo"));
    }

    private static byte[] withGpt(long seed, UUID id) {
        byte[] content = Backups.content(10 * Backups.BLOCK, seed);
        if (id != null) {
            ByteBuffer disk = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            disk.position(512);
            disk.put("EFI PART".getBytes(StandardCharsets.US_ASCII)).putInt(0x10000);
            disk.putInt(92).putInt(0);
            WindowsGuid.put(disk, 512 + 56, id);
            CRC32 crc = new CRC32();
            crc.update(content, 512, 92);
            disk.putInt(512 + 16, (int) crc.getValue());
        }
        return content;
    }

    private DiskRecord night(byte[] content, TestTracker tracker, String unclean, UUID machine) throws IOException {
        MemoryDisk disk = new MemoryDisk(content, DISK_ID) {
            @Override
            public String format() {
                return "vhdx-dynamic";
            }

            @Override
            public Optional<String> unclean() {
                return Optional.ofNullable(unclean);
            }
        };
        Checkpoint checkpoint = new Backups.TestCheckpoint(List.of(Backups.disk("disk", disk, tracker))) {
            @Override
            public Optional<UUID> machine() {
                return Optional.ofNullable(machine);
            }
        };
        return Backups.backUp(repository, 0, log, checkpoint).manifest().disks().get(0);
    }

    /** Same name, same GUID of the file, a list that names the right token: only the content says otherwise. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDiskWithAnotherPartitionTableIsReadInFull(boolean hasGpt) throws IOException {
        night(withGpt(1, GPT), TestTracker.tokenOnly("1"), null, null);
        byte[] other = withGpt(2, hasGpt ? OTHER_GPT : null);
        DiskRecord record =
                night(other, TestTracker.known("1", RangeSet.of(new Range(0, Backups.BLOCK)), "2"), null, null);
        assertEquals("demoted", record.mode());
        assertEquals(Doubt.MISMATCH, record.reasonCode());
        assertTrue(record.reason().contains(GPT.toString()), record.reason());
        assertTrue(record.reason().contains(hasGpt ? OTHER_GPT.toString() : "none"), record.reason());
        assertArrayEquals(other, Backups.restore(repository, record));
    }

    @Test
    void theSamePartitionTableIsNoReason() throws IOException {
        byte[] content = withGpt(1, GPT);
        assertEquals(
                Optional.of(GPT),
                night(content, TestTracker.tokenOnly("1"), null, null).gptGuid());
        DiskRecord record = night(content, TestTracker.known("1", RangeSet.empty(), "2"), null, null);
        assertEquals("incremental", record.mode());
        assertEquals(List.of(), log.warnings);
    }

    /** Older builds recorded none, and a guest may begin to use a disk after it was first backed up. */
    @Test
    void aPartitionTableWhereNoneWasKnownIsNoReason() throws IOException {
        night(withGpt(1, null), TestTracker.tokenOnly("1"), null, null);
        byte[] now = withGpt(1, GPT);
        DiskRecord record =
                night(now, TestTracker.known("1", RangeSet.of(new Range(0, Backups.BLOCK)), "2"), null, null);
        assertEquals("incremental", record.mode());
        assertArrayEquals(now, Backups.restore(repository, record));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDiskThatWasNotClosedProperlyIsAuditedTenfold(boolean unclean) throws IOException {
        byte[] content = withGpt(1, GPT);
        night(content, TestTracker.tokenOnly("1"), null, null);
        DiskRecord record = night(
                content, TestTracker.known("1", RangeSet.empty(), "2"), unclean ? "its log was replayed" : null, null);
        assertEquals("incremental", record.mode());
        assertEquals(unclean, record.audit().orElseThrow().tenfold());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theDisksOfAMachineThatWasReplacedAreAuditedTenfold(long machine) throws IOException {
        byte[] content = withGpt(1, GPT);
        night(content, TestTracker.tokenOnly("1"), null, new UUID(0, 1));
        DiskRecord record = night(content, TestTracker.known("1", RangeSet.empty(), "2"), null, new UUID(0, machine));
        assertEquals(machine == 2, record.audit().orElseThrow().tenfold());
    }
}
