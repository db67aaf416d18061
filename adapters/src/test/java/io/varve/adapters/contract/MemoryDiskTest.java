package io.varve.adapters.contract;

import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import org.junit.jupiter.api.Nested;

class MemoryDiskTest {
    @Nested
    class Image extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) {
            return new MemoryDisk(content);
        }

        @Override
        protected String format() {
            return "memory";
        }
    }

    @Nested
    class Target extends DiskTargetContract {
        private MemoryDisk last;

        @Override
        protected DiskTarget target(long size) {
            last = new MemoryDisk(new byte[(int) size]);
            return last;
        }

        @Override
        protected DiskImage written() {
            return last;
        }
    }
}
