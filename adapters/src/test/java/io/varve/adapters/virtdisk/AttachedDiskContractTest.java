package io.varve.adapters.virtdisk;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.ForwardingImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** A disk that the stand-in has attached, held to what every disk promises. */
class AttachedDiskContractTest extends DiskImageContract {
    @TempDir
    Path temp;

    @Override
    protected DiskImage image(byte[] content) throws IOException {
        Path file = Files.write(temp.resolve("disk.raw"), content);
        StandIn standIn = StandIn.build(temp);
        StandIn.describe(
                file, "size " + content.length, "id " + StandIn.hex(new UUID(1, 2)), "async 1", "content " + file);
        VirtualDisk opened = standIn.virtdisk().openToAsk(file);
        AttachedDisk attached = opened.attach(text -> {});
        return new ForwardingImage(attached) {
            @Override
            public void read(long offset, ByteBuffer target) throws IOException {
                attached.read(offset, target);
            }

            @Override
            public RangeSet allocated(Range window) throws IOException {
                return attached.allocated(window);
            }

            @Override
            public void close() throws IOException {
                try (opened) {
                    attached.close();
                }
            }
        };
    }

    @Override
    protected String format() {
        return "virtdisk";
    }
}
