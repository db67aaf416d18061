package io.varve.adapters.vhdx.write;

import io.varve.adapters.file.Transfer;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a file that is read and written at the same time. Threads may share it. */
interface OpenVhdx extends ByteSource {
    /** Writes {@code source} from position to limit, also behind the end of the file. */
    void write(long offset, ByteBuffer source) throws IOException;

    /** Makes everything written durable. */
    void force() throws IOException;

    /** One of the file system. */
    record OfChannel(String location, FileChannel channel) implements OpenVhdx {
        @Override
        public long size() {
            try {
                return channel.size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            checkInside(offset, target.remaining());
            Transfer.read(channel, offset, target);
        }

        @Override
        public RangeSet dataRanges(Range window) {
            return RangeSet.of(window);
        }

        @Override
        public void write(long offset, ByteBuffer source) throws IOException {
            Transfer.write(channel, offset, source);
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
