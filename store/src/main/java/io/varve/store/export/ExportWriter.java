package io.varve.store.export;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A write-only backend: each published object becomes the next member of an export. For one thread. Holds the largest
 * object on the heap.
 */
final class ExportWriter implements Backend {
    private final ExportSink sink;
    private final MessageDigest sha256 = ChunkHasher.newSha256();
    private long members;
    private long bytes;

    ExportWriter(ExportSink sink) {
        this.sink = sink;
    }

    /** Appends a member. */
    void member(String name, byte[] content, int length) throws IOException {
        MemberHeader header = new MemberHeader(name, length);
        write(header.encode(), MemberHeader.BLOCK);
        write(content, length);
        write(new byte[MemberHeader.BLOCK], header.padding());
        members++;
    }

    private void write(byte[] source, int length) throws IOException {
        sha256.update(source, 0, length);
        sink.write(ByteBuffer.wrap(source, 0, length));
        bytes += length;
    }

    /** Ends the export. */
    void finish(SnapshotId snapshot) throws IOException {
        ChunkId digest = ChunkId.read(sha256.digest(), 0);
        byte[] trailer = new ExportTrailer(snapshot, members, bytes, digest).encode();
        member(ExportTrailer.OBJECT, trailer, trailer.length);
        write(new byte[2 * MemberHeader.BLOCK], 2 * MemberHeader.BLOCK);
    }

    /** Bytes written so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public String location() {
        return "an export";
    }

    @Override
    public ObjectWriter create() {
        return new MemberBuffer();
    }

    /** Buffers a member, because its name and size are known only when it is complete. */
    private final class MemberBuffer implements ObjectWriter {
        private byte[] content = new byte[1 << 20];
        private int length;

        @Override
        public void append(ByteBuffer source) {
            int more = source.remaining();
            if (content.length - length < more) {
                content = Arrays.copyOf(content, Math.max(length + more, Math.multiplyExact(content.length, 2)));
            }
            source.get(content, length, more);
            length += more;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void publish(String name) throws IOException {
            member(name, content, length);
        }

        @Override
        public void close() {}
    }

    private static UnsupportedOperationException writeOnly() {
        return new UnsupportedOperationException("an export is written from start to end");
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) {
        throw writeOnly();
    }

    @Override
    public long size(String name) {
        throw writeOnly();
    }

    @Override
    public boolean exists(String name) {
        throw writeOnly();
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) {
        throw writeOnly();
    }

    @Override
    public boolean mayWrite() {
        return true;
    }

    @Override
    public void listTop(NameVisitor visitor) {
        throw writeOnly();
    }

    @Override
    public void delete(String name) {
        throw writeOnly();
    }

    @Override
    public void move(String name, String target) {
        throw writeOnly();
    }

    @Override
    public void deleteUnpublished() {
        throw writeOnly();
    }

    @Override
    public void close() {}
}
