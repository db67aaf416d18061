package io.varve.adapters.rsvd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shared disk over a real connection, signed, with a server that is not ours but for the disk itself. */
class SharedDiskServerTest {
    private static final int SIZE = 4 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final byte[] content = new byte[SIZE];
    private SharedDiskServer shared;
    private SmbServer client;

    @BeforeEach
    void start() throws Exception {
        new SplittableRandom(7).nextBytes(content);
        shared = SharedDiskServer.start(folder, content);
        client = shared.client();
    }

    @AfterEach
    void stop() throws IOException {
        if (shared != null) {
            client.close();
            shared.close();
        }
    }

    private SharedDisk open() throws IOException {
        return SharedDisk.open(client, SmbPath.parse(shared.url()), "host");
    }

    private byte[] read(SharedImage image) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SIZE);
        image.read(0, all);
        return all.array();
    }

    private SharedImage at(SharedDisk disk, UUID snapshot) throws IOException {
        DiskInfo.Initial initial = disk.initial();
        return SharedImage.at(disk, snapshot, initial, disk.facts().diskId());
    }

    @Test
    void factsOfTheDisk() throws IOException {
        try (SharedDisk disk = open()) {
            assertEquals(new DiskInfo.Initial(2, 512, 4096, SIZE), disk.initial());
            assertTrue(disk.facts().isSet());
            assertEquals(new DiskInfo.Support(true, true), disk.support());
            assertEquals(List.of(), disk.snapshots());
        }
    }

    @Test
    void aSnapshotIsReadAsTheDiskWasThen() throws IOException {
        UUID foreign = shared.foreignSnapshot();
        UUID own = UUID.randomUUID();
        try (SharedDisk disk = open()) {
            disk.takeSnapshot(own, LIMIT);
            assertEquals(Set.of(foreign, own), Set.copyOf(disk.snapshots()));
            Files.write(shared.disk(), new byte[SIZE]);
            SharedImage frozen = at(disk, own);
            assertArrayEquals(content, read(frozen));
            byte[] part = new byte[1000];
            frozen.read(70_001, ByteBuffer.wrap(part));
            assertArrayEquals(java.util.Arrays.copyOfRange(content, 70_001, 71_001), part);
            // It is in use, and a server says so.
            assertThrows(RsvdException.class, () -> disk.deleteSnapshot(own, false));
            frozen.close();
            disk.deleteSnapshot(own, false);
            assertEquals(Set.of(foreign), shared.snapshots());
        }
    }

    @Test
    void changesComeInPages() throws IOException {
        UUID older = UUID.randomUUID();
        UUID newer = UUID.randomUUID();
        try (SharedDisk disk = open()) {
            disk.takeSnapshot(older, LIMIT);
            RangeSet.Builder expected = new RangeSet.Builder();
            for (int at = 0; at < SIZE; at += 8192) {
                content[at]++;
                expected.add(at, at + 4096);
            }
            Files.write(shared.disk(), content);
            disk.takeSnapshot(newer, LIMIT);
            disk.deleteSnapshot(older, true);
            shared.settings("ranges 40");
            shared.done();
            assertEquals(expected.build(), disk.changes(older, newer));
            assertTrue(shared.done().size() >= SIZE / 8192 / 40, "one page");
        }
    }

    @Test
    void theListOfSnapshotsGrowsPastItsRoom() throws IOException {
        for (int i = 0; i < 300; i++) {
            shared.foreignSnapshot();
            if (i == 0) {
                Files.write(shared.disk(), new byte[512]); // small copies do
            }
        }
        try (SharedDisk disk = open()) {
            assertEquals(shared.snapshots(), Set.copyOf(disk.snapshots()));
        }
    }

    @Test
    void whatTheServerRefusesHasItsReason() throws IOException {
        try (SharedDisk disk = open()) {
            shared.settings("fail 200200C C03A0022");
            RsvdException changed =
                    assertThrows(RsvdException.class, () -> disk.changes(UUID.randomUUID(), UUID.randomUUID()));
            assertTrue(changed.getMessage().contains("changed while tracking was off"), changed.getMessage());
            shared.settings("fail 2002101 C05CFF09");
            RsvdException version =
                    assertThrows(RsvdException.class, () -> disk.takeSnapshot(UUID.randomUUID(), LIMIT));
            assertTrue(version.getMessage().contains("Windows Server 2016"), version.getMessage());
            shared.settings();
            assertThrows(IOException.class, () -> disk.openAt(UUID.randomUUID()));
        }
    }

    /** Only what the disk itself calls a bad medium is damage. */
    @Test
    void whyAReadFailedIsAskedFor() throws IOException {
        UUID own = UUID.randomUUID();
        try (SharedDisk disk = open()) {
            disk.takeSnapshot(own, LIMIT);
            SharedImage frozen = at(disk, own);
            shared.settings("read C05C0001", "sense f00003000000000a0000000011000000");
            ByteBuffer target = ByteBuffer.allocate(4096);
            CorruptDataException damage =
                    assertThrows(CorruptDataException.class, () -> frozen.read(8192, target.clear()));
            assertEquals(8192, damage.offset());
            assertTrue(damage.found().contains("sense 3/11/00"), damage.found());
            shared.settings("read C05C0001", "sense f00002000000000a0000000004000000");
            IOException failure = assertThrows(IOException.class, () -> frozen.read(8192, target.clear()));
            assertFalse(failure instanceof CorruptDataException, failure.toString());
            shared.settings("read C05CFF07");
            IOException reserved = assertThrows(IOException.class, () -> frozen.read(8192, target.clear()));
            assertTrue(reserved.getMessage().contains("reservation"), reserved.getMessage());
            shared.settings();
            frozen.read(8192, target.clear());
            assertEquals(content[8192], target.get(0));
            frozen.close();
        }
    }

    @Test
    void aServerWithoutSharedDisksIsNamed() throws IOException {
        shared.settings("support 0");
        RsvdException refused = assertThrows(RsvdException.class, this::open);
        assertTrue(refused.getMessage().contains("Scale-Out File Server"), refused.getMessage());
        SmbPath other = SmbPath.parse(shared.url().replace("cluster", "none"));
        RsvdException none = assertThrows(RsvdException.class, () -> SharedDisk.open(client, other, "host"));
        assertTrue(none.getMessage().contains("no such disk"), none.getMessage());
    }

    /** As when a Kerberos ticket runs out: the server says so, and a new session goes on. */
    @Test
    void anExpiredSessionInTheMiddleOfAReadIsFollowedByANewOne() throws IOException {
        UUID own = UUID.randomUUID();
        try (SharedDisk disk = open()) {
            disk.takeSnapshot(own, LIMIT);
            SharedImage frozen = at(disk, own);
            shared.settings("expire 20");
            shared.done();
            assertArrayEquals(content, read(frozen));
            List<List<String>> done = shared.done();
            assertTrue(done.contains(List.of("expired")), "the session did not expire");
            assertTrue(done.contains(List.of("open", own.toString())), "no new open");
            frozen.close();
        }
    }
}
