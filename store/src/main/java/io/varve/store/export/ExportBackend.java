package io.varve.store.export;

import io.varve.store.backend.FailedRead;
import io.varve.store.backend.ReadOnlyBackend;
import io.varve.store.fault.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Presents the members of an export as the objects of a repository, read-only. Thread-safe. */
final class ExportBackend extends ReadOnlyBackend {
    private final Path file;
    private final FileChannel channel;
    private final Map<String, Member> members;

    /**
     * @param offset offset of the content in the file
     * @param size bytes
     */
    record Member(long offset, long size) {}

    /** @param channel closed together with this backend */
    ExportBackend(Path file, FileChannel channel, Map<String, Member> members) {
        this.file = file;
        this.channel = channel;
        this.members = members;
    }

    @Override
    public String location() {
        return file.toString();
    }

    private Member member(String name) throws NoSuchFileException {
        Member member = members.get(name);
        if (member == null) {
            throw new NoSuchFileException(name);
        }
        return member;
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        Member member = member(name);
        if (offset < 0 || target.remaining() > member.size - offset) {
            throw new CorruptDataException(name, offset, target.remaining() + " bytes", "the end at " + member.size);
        }
        int length = target.remaining();
        try {
            fill(channel, member.offset + offset, target, file);
        } catch (IOException e) {
            throw FailedRead.of(file, name, offset, length, e, this::probe);
        }
    }

    private void probe() throws IOException {
        channel.read(ByteBuffer.allocate(1), 0);
    }

    static void fill(FileChannel channel, long offset, ByteBuffer target, Path file) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int read = channel.read(target, position);
            if (read < 0) {
                throw new EOFException(file + " ends at " + position);
            }
            position += read;
        }
    }

    @Override
    public long size(String name) throws IOException {
        return member(name).size;
    }

    @Override
    public boolean exists(String name) {
        return members.containsKey(name);
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        for (Map.Entry<String, Member> member : members.entrySet()) {
            if (member.getKey().startsWith(directory + "/")) {
                visitor.object(member.getKey(), member.getValue().size);
            }
        }
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        Set<String> names = new TreeSet<>();
        members.keySet().forEach(name -> names.add(name.split("/", 2)[0]));
        for (String name : names) {
            visitor.object(name);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
