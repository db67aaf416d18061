package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.range.RangeSet;
import io.varve.store.chunk.ChunkId;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which disk of last night it is, and what speaks against it. */
class DiskPairingTest {
    private static final UUID A = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final UUID B = UUID.fromString("00000000-0000-0000-0000-00000000000b");

    /** Of the format {@code vhdx-dynamic} or {@code raw} …: the kind of GUID goes with it. */
    private static CheckpointDisk disk(String name, boolean named, String format, UUID guid, String since) {
        MemoryDisk image = new MemoryDisk(new byte[Backups.BLOCK], guid) {
            @Override
            public String format() {
                return format;
            }
        };
        ChangeTracker tracker =
                since == null ? ChangeTracker.none() : TestTracker.known(since, RangeSet.empty(), since + "+");
        return new CheckpointDisk(name, named, image, tracker);
    }

    private static DiskRecord record(int number, String name, boolean named, String format, UUID guid, String token) {
        return new DiskRecord(
                number,
                name,
                named,
                Optional.ofNullable(guid),
                "source",
                format,
                Backups.BLOCK,
                512,
                512,
                Backups.BLOCK,
                ChunkId.ZERO,
                Optional.ofNullable(token),
                "full",
                "first-backup",
                "",
                DiskCounters.NONE);
    }

    private static final String VHDX = "vhdx-dynamic";

    /** Name of the record each is paired with, and why it is in doubt. */
    private static List<String> pair(List<CheckpointDisk> disks, DiskRecord... before) {
        return DiskPairing.pair(disks, List.of(before)).stream()
                .map(pair -> pair.parent().map(DiskRecord::name).orElse("-")
                        + (pair.certain() ? "!" : "")
                        + pair.doubt()
                                .map(doubt -> " " + doubt.code() + (doubt.always() ? " always" : ""))
                                .orElse(""))
                .toList();
    }

    @Test
    void whatAgreesIsCertain() {
        DiskRecord[] before = {
            record(1, "x", true, VHDX, A, "t"),
            record(2, "y", false, VHDX, B, "t"),
            record(3, "z", true, "raw", null, "u")
        };
        assertEquals(
                List.of("z!", "y!", "x!", "-"),
                pair(
                        List.of(
                                disk("z", true, "raw", null, "u"),
                                disk("file7", false, "vhdx-fixed", B, "t"),
                                disk("x", true, VHDX, A, "t"),
                                disk("new", true, "raw", null, null)),
                        before));
        assertEquals(List.of("z!"), pair(List.of(disk("file", false, "raw", null, "u")), before), "by its token");
    }

    /**
     * For want of a better one the only disk is compared with the only one before, unless it is known to be another.
     */
    @Test
    void anOnlyDiskThatIsKnownToBeAnotherIsNotPaired() {
        assertEquals(
                List.of("x"),
                pair(List.of(disk("y", false, "raw", null, null)), record(1, "x", false, "raw", null, null)));
        assertEquals(
                List.of("-"),
                pair(List.of(disk("y", true, "raw", null, null)), record(1, "x", true, "raw", null, null)));
        assertEquals(
                List.of("-"), pair(List.of(disk("y", false, VHDX, B, null)), record(1, "x", false, VHDX, A, null)));
    }

    @Test
    void exchangedNamesAreContradictedByGuids() {
        DiskRecord[] before = {record(1, "x", true, VHDX, A, "t"), record(2, "y", true, VHDX, B, "t")};
        assertEquals(
                List.of("y identity-mismatch always", "x identity-mismatch always"),
                pair(List.of(disk("x", true, VHDX, B, "t"), disk("y", true, VHDX, A, "t")), before),
                "compared with what the disk says it is");
        List<DiskPairing.Pair> pairs = DiskPairing.pair(List.of(disk("x", true, VHDX, B, "t")), List.of(before));
        String message = pairs.get(0).doubt().get().message();
        assertTrue(message.contains("expected the disk 'x'") && message.contains(A.toString()), message);
        assertTrue(message.contains("found disk GUID " + B), message);
    }

    /** A guest can write a new partition table: only a list makes it worth more than a notice. */
    @Test
    void theGptOfARawDiskAndItsName() {
        for (UUID[] guids : new UUID[][] {{A, B}, {A, null}, {null, A}}) {
            assertEquals(
                    List.of("x identity-mismatch"),
                    pair(List.of(disk("x", true, "raw", guids[1], "t")), record(1, "x", true, "raw", guids[0], "t")));
        }
        assertEquals(
                List.of("x identity-mismatch"),
                pair(List.of(disk("y", true, "raw", A, "t")), record(1, "x", true, "raw", A, "t")),
                "the same GUID under another name");
        assertEquals(
                List.of("x identity-mismatch"),
                pair(List.of(disk("x", true, VHDX, A, "t")), record(1, "x", true, "raw", null, "t")),
                "another kind of disk");
        assertEquals(
                List.of("x!"),
                pair(List.of(disk("x", true, VHDX, A, "t")), record(1, "x", true, "raw", A, "t")),
                "restored into another format with its GUID");
    }

    /** The token alone would pair them. */
    @Test
    void aTokenDoesNotBeatAGuid() {
        assertEquals(
                List.of("x identity-mismatch always"),
                pair(List.of(disk("file", false, VHDX, B, "t")), record(1, "x", true, VHDX, A, "t")));
    }

    @Test
    void aCopyBesideItsOriginal() {
        List<CheckpointDisk> both = List.of(disk("x", true, VHDX, A, "t"), disk("copy", true, VHDX, A, null));
        assertEquals(Map.of(A, List.of("x", "copy")), DiskPairing.sharedGuids(both));
        assertEquals(
                List.of("x identity-ambiguous", "-"),
                pair(both, record(1, "x", true, VHDX, A, "t")),
                "which of them was there last night?");
        DiskRecord[] together = {record(1, "copy", true, VHDX, A, "c"), record(2, "x", true, VHDX, A, "t")};
        assertEquals(List.of("x!", "copy!"), pair(both, together), "told apart by their names, as last night");
        assertEquals(
                List.of("x identity-ambiguous"),
                pair(List.of(disk("x", true, VHDX, A, "t")), together),
                "which of them is gone?");
        List<CheckpointDisk> unnamed = List.of(disk("x", false, VHDX, A, "t"), disk("copy", false, VHDX, A, "c"));
        assertEquals(List.of("x identity-ambiguous", "copy identity-ambiguous"), pair(unnamed, together));
        assertTrue(DiskPairing.sharedGuids(List.of(disk("x", true, VHDX, A, "t"), disk("y", true, VHDX, B, "t")))
                .isEmpty());
    }

    @Test
    void oneDiskOfLastNightIsNotTwo() {
        List<CheckpointDisk> rivals = List.of(disk("x", true, "raw", null, "t"), disk("file", false, "raw", null, "t"));
        List<DiskPairing.Pair> pairs = DiskPairing.pair(rivals, List.of(record(1, "x", true, "raw", null, "t")));
        assertFalse(pairs.get(0).certain() || pairs.get(1).certain());
        assertEquals(
                List.of("x identity-ambiguous", "x identity-ambiguous"),
                pair(rivals, record(1, "x", true, "raw", null, "t")));
    }
}
