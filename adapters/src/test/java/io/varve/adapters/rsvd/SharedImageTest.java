package io.varve.adapters.rsvd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The content of a snapshot, which stays while the disk is written to. */
class SharedImageTest extends DiskImageContract {
    private final SetServer server = new SetServer(new byte[0]);

    @Override
    protected DiskImage image(byte[] content) throws IOException {
        server.content = content.clone();
        SharedDisk disk = SharedDisk.open("smb://sofs/vms/quorum.vhds", server, "host");
        UUID snapshot = UUID.randomUUID();
        disk.takeSnapshot(snapshot, Duration.ofSeconds(5));
        SharedImage image =
                SharedImage.at(disk, snapshot, disk.initial(), disk.facts().diskId());
        server.content = new byte[content.length]; // what the machines wrote since
        return new ForwardingImage(image) {
            @Override
            public void close() throws IOException {
                try (disk) {
                    image.close();
                }
            }
        };
    }

    @Override
    protected String format() {
        return "rsvd";
    }

    @Test
    void partsOfSectorsAreReadToo() throws IOException {
        byte[] content = new byte[8192];
        content[700] = 7;
        try (DiskImage image = image(content)) {
            ByteBuffer target = ByteBuffer.allocate(3);
            image.read(699, target);
            assertEquals(7, target.get(1));
            assertEquals(512, server.bytesRead);
        }
        assertEquals(0, server.opens);
    }

    /** Every status that a read may end with: only the disk's own word that its medium is bad is damage. */
    @ParameterizedTest
    @EnumSource(RsvdStatus.class)
    void noStatusOfAReadIsDamage(RsvdStatus status) throws IOException {
        try (DiskImage image = image(new byte[8192])) {
            server.readStatus = status.code();
            ByteBuffer target = ByteBuffer.allocate(512);
            if (status.outcome() == RsvdStatus.Outcome.ONCE_MORE) {
                image.read(0, target);
                assertFalse(target.hasRemaining());
            } else {
                IOException e = assertThrows(IOException.class, () -> image.read(0, target));
                assertFalse(e instanceof CorruptDataException);
                assertTrue(e.getMessage().contains(String.format("0x%08X", status.code())), e.getMessage());
            }
        }
    }

    @Test
    void theSenseOfAStoredErrorDecides() throws IOException {
        try (DiskImage image = image(new byte[8192])) {
            server.readStatus = 0xC05C0007;
            server.sense = new byte[] {0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0};
            CorruptDataException bad =
                    assertThrows(CorruptDataException.class, () -> image.read(512, ByteBuffer.allocate(512)));
            assertTrue(bad.getMessage().contains("sense 3/11/00"), bad.getMessage());
            server.readStatus = 0xC05C0007;
            server.sense[2] = 2; // not ready
            IOException notReady = assertThrows(IOException.class, () -> image.read(512, ByteBuffer.allocate(512)));
            assertFalse(notReady instanceof CorruptDataException);
        }
    }
}
