package io.varve.adapters.raw;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.NewFileTargetContract;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class RawTargetTest extends NewFileTargetContract {
    @Override
    protected DiskTarget create(Path name, long size, boolean replace) throws IOException {
        return RawTarget.create(name, size, replace);
    }

    @Override
    protected DiskImage written() throws IOException {
        return RawDisk.open(ByteSources.open(folder.resolve("disk"), Reader.DIRECT));
    }

    @Test
    void hugeDiskTakesNoSpace() throws IOException {
        long size = (8L << 40) + 123;
        try (DiskTarget target = target(size)) {
            target.zero(new Range(0, size));
            target.write(size - 3, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            target.commit();
        }
        try (DiskImage image = written()) {
            assertTrue(image.size() == size);
            long data = image.allocated(new Range(0, size)).totalLength();
            Assumptions.assumeTrue(data < size, "this file system or system tells no holes");
            assertTrue(data < 1 << 20, "data " + data);
        }
    }
}
