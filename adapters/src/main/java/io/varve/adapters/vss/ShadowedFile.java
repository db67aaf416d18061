package io.varve.adapters.vss;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A configuration file in a shadow copy. */
record ShadowedFile(String name, SourceFile file) implements CheckpointFile {
    @Override
    public InputStream open() throws IOException {
        ByteSource source = file.open();
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = (int) Math.min(length, source.size() - position);
                if (count <= 0) {
                    return length == 0 ? 0 : -1;
                }
                source.read(position, ByteBuffer.wrap(target, offset, count));
                position += count;
                return count;
            }

            @Override
            public void close() throws IOException {
                source.close();
            }
        };
    }
}
