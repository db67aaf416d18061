package io.varve.adapters;

import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/** A small disk for trying out a host. */
public final class ScratchDisk {
    private ScratchDisk() {}

    /**
     * Makes a dynamic VHDX.
     *
     * @param size bytes of the disk
     * @param content of its beginning
     * @return its virtual disk id
     * @throws java.nio.file.FileAlreadyExistsException when there is a file of that name
     */
    public static UUID make(Path file, long size, byte[] content) throws IOException {
        try (DiskTarget target = VhdxTarget.create(file, NewVhdx.ofSize(size), false)) {
            target.write(0, ByteBuffer.wrap(content));
            target.commit();
        }
        try (DiskImage image = DiskImages.open(file, Reader.DIRECT)) {
            return image.guid().orElseThrow(() -> new IOException(file + ": was made without a virtual disk id"));
        }
    }
}
