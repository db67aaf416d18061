package io.varve.adapters.hyperv;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** A configuration file of the host that is read over the network. */
record SharedFile(SourceFile file) implements CheckpointFile {
    @Override
    public String name() {
        return file.name();
    }

    @Override
    public InputStream open() throws IOException {
        return new Content(file.open());
    }

    /** The bytes, one after the other; closing it fails if they changed meanwhile. */
    private static final class Content extends InputStream {
        private final ByteSource source;
        private long at;

        Content(ByteSource source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            int some = (int) Math.min(length, source.size() - at);
            if (length == 0) {
                return 0;
            }
            if (some == 0) {
                return -1;
            }
            source.read(at, ByteBuffer.wrap(target, offset, some));
            at += some;
            return some;
        }

        @Override
        public void close() throws IOException {
            try (source) {
                List<Disturbance> changed = source.disturbances().stream()
                        .filter(found -> found.code().equals(Disturbance.CHANGED))
                        .toList();
                if (!changed.isEmpty()) {
                    throw new IOException(changed.get(0) + "; run the backup again");
                }
            }
        }
    }
}
