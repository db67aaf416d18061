package io.varve.adapters.rsvd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.Changes;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.Previous;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.source.CheckpointSourceContract;
import io.varve.engine.source.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Nights of a VHD set, against a server in memory. */
class SharedDiskSourceTest extends CheckpointSourceContract {
    private static final int SIZE = 1 << 20;

    private final List<String> notices = new ArrayList<>();
    private int machines;

    private SharedDiskSource source(DiskOpen.Opener opener, boolean allowLive, String machine) {
        return new SharedDiskSource(
                List.of(new SharedDiskSource.Disk("quorum", true, "smb://sofs/vms/quorum.vhds", opener)),
                new SharedDiskSource.Options(allowLive, Duration.ofSeconds(5), "host"),
                new SnapshotJournal(temp.resolve("journals"), machine),
                notices::add);
    }

    private static SetServer server() {
        byte[] content = new byte[SIZE];
        new SplittableRandom(1).nextBytes(content);
        return new SetServer(content);
    }

    @Override
    protected Machine newMachine() {
        SetServer server = server();
        UUID foreign = UUID.randomUUID();
        server.snapshots.put(foreign, server.content.clone());
        String name = "machine" + machines++;
        return new Machine() {
            @Override
            public CheckpointSource source(Steps steps) {
                server.opens = 0; // those of a process that died ended with it
                server.step = what -> steps.step();
                return SharedDiskSourceTest.this.source(server, false, name);
            }

            @Override
            public void write(SplittableRandom random) {
                for (int i = 0; i < 5; i++) {
                    server.content[random.nextInt(SIZE)]++;
                }
            }

            @Override
            public byte[] disk() {
                return server.content.clone();
            }

            @Override
            public void assertNothingIsLeft(Optional<String> state) {
                UUID own = SetState.decode(state.orElseThrow())
                        .orElseThrow()
                        .of(server.diskId)
                        .orElseThrow()
                        .snapshot();
                assertEquals(Set.of(foreign), server.snapshots.keySet(), "the reference is kept, no snapshot");
                assertTrue(server.references.containsKey(own));
                assertEquals(0, server.opens);
                try (var files = Files.list(temp.resolve("journals"))) {
                    assertEquals(
                            List.of(),
                            files.map(Path::toString)
                                    .filter(file -> file.endsWith(".snapshots"))
                                    .toList());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private static Previous previous(String... states) {
        List<Previous.Night> nights = new ArrayList<>();
        for (String state : states) {
            nights.add(new Previous.Night("id", Instant.EPOCH, Optional.of(state), List.of()));
        }
        return new Previous(nights);
    }

    private record Night(String state, String token, Changes changes) {}

    private Night night(SetServer server, Previous previous, Optional<String> since) throws IOException {
        try (Checkpoint checkpoint = source(server, false, "m").take(previous)) {
            CheckpointDisk disk = checkpoint.disks().get(0);
            Changes changes = since.isEmpty() ? null : disk.tracker().changesSince(since.get());
            checkpoint.finishReading();
            Night night = new Night(
                    checkpoint.sourceState().orElseThrow(),
                    disk.tracker().token().orElseThrow(),
                    changes);
            checkpoint.commit("snapshot");
            return night;
        }
    }

    @Test
    void changesComeInPagesAndAreThoseBetweenTheSnapshots() throws IOException {
        SetServer server = server();
        Night first = night(server, Previous.NONE, Optional.empty());
        RangeSet.Builder expected = new RangeSet.Builder();
        for (int at = 0; at < SIZE; at += 40_000) {
            server.content[at]++;
            expected.add(at / 4096 * 4096L, at / 4096 * 4096L + 4096);
        }
        Night second = night(server, previous(first.state()), Optional.of(first.token()));
        assertEquals(new Changes.Known(expected.build()), second.changes());
    }

    /** A server that keeps no references: the newest snapshot stays as the base, and only that one. */
    @Test
    void withoutReferencesTheNewestSnapshotIsTheBase() throws IOException {
        SetServer server = server();
        server.keepsReferences = false;
        Night first = night(server, Previous.NONE, Optional.empty());
        assertEquals(Set.of(UUID.fromString(first.token())), server.snapshots.keySet());
        assertTrue(notices.get(0).contains("stays until the next backup"), notices.get(0));
        server.content[5]++;
        Night second = night(server, previous(first.state()), Optional.of(first.token()));
        assertEquals(new Changes.Known(RangeSet.of(new Range(0, 4096))), second.changes());
        assertEquals(Set.of(UUID.fromString(second.token())), server.snapshots.keySet());
    }

    /** A server that keeps references and then does not answer from them costs one full read, not one each night. */
    @Test
    void referencesThatDoNotWorkAreGivenUp() throws IOException {
        SetServer server = server();
        server.answersFromReferences = false;
        Night first = night(server, Previous.NONE, Optional.empty());
        Night second = night(server, previous(first.state()), Optional.of(first.token()));
        assertEquals(
                "change-tracking-failed",
                assertInstanceOf(Changes.Unknown.class, second.changes()).code());
        assertEquals(Set.of(UUID.fromString(second.token())), server.snapshots.keySet());
        server.content[5]++;
        Night third = night(server, previous(second.state(), first.state()), Optional.of(second.token()));
        assertEquals(new Changes.Known(RangeSet.of(new Range(0, 4096))), third.changes());
        assertEquals(Set.of(UUID.fromString(third.token())), server.snapshots.keySet());
    }

    @Test
    void aSnapshotThatSomebodyDeletedIsReadInFull() throws IOException {
        SetServer server = server();
        server.keepsReferences = false;
        Night first = night(server, Previous.NONE, Optional.empty());
        String failing = first.state().replace("untried", "fail");
        server.snapshots.clear();
        Night second = night(server, previous(failing), Optional.of(first.token()));
        assertEquals(
                "snapshot-gone",
                assertInstanceOf(Changes.Unknown.class, second.changes()).code());
        Night third = night(server, previous(second.state()), Optional.of("rctX:1"));
        assertEquals(
                "token-mismatch",
                assertInstanceOf(Changes.Unknown.class, third.changes()).code());
    }

    @Test
    void aBackupThatFailsLeavesNoSnapshot() throws IOException {
        SetServer server = server();
        UUID foreign = UUID.randomUUID();
        server.snapshots.put(foreign, server.content);
        source(server, false, "m").take(Previous.NONE).close();
        assertEquals(Set.of(foreign), server.snapshots.keySet());
        assertEquals(0, server.opens);
        server.step = what -> {
            if (what.equals("2002005") && server.snapshots.size() > 1) {
                throw new IOException("lost");
            }
        };
        assertThrows(IOException.class, () -> source(server, false, "m").take(Previous.NONE));
        assertEquals(2, server.snapshots.size(), "it could not be deleted either");
        assertTrue(notices.get(0).contains("the next backup of the machine tries again"), "" + notices);
        server.step = what -> {};
        source(server, false, "m").take(Previous.NONE).close();
        assertEquals(Set.of(foreign), server.snapshots.keySet());
    }

    @Test
    void aDiskWithoutSnapshotsIsReadLiveOnlyIfThatIsAllowed() throws IOException {
        SetServer server = server();
        server.isSet = false;
        IOException refused =
                assertThrows(IOException.class, () -> source(server, false, "m").take(Previous.NONE));
        assertTrue(refused.getMessage().contains("--allow-live"), refused.getMessage());
        assertEquals(0, server.opens);
        try (Checkpoint checkpoint = source(server, true, "m").take(Previous.NONE)) {
            CheckpointDisk disk = checkpoint.disks().get(0);
            assertEquals(Disturbance.IN_USE, disk.image().disturbances().get(0).code());
            assertEquals(Optional.empty(), checkpoint.sourceState());
            assertEquals(Optional.empty(), disk.tracker().token());
        }
        assertEquals(0, server.opens);
    }

    @Test
    void twoBackupsOfOneMachineExcludeEachOther() throws IOException {
        SetServer server = server();
        try (Checkpoint checkpoint = source(server, false, "m").take(Previous.NONE)) {
            assertEquals(1, checkpoint.disks().size());
            IOException busy = assertThrows(
                    IOException.class, () -> source(server, false, "m").take(Previous.NONE));
            assertTrue(busy.getMessage().contains("another backup of this machine"), busy.getMessage());
        }
    }
}
