package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Objects in memory, under the same contract as every backend; and the test's hand on them: {@link #put} damages what
 * is there. Remembers the largest read it was asked for, so that a test can prove that no decoder believed a length.
 */
public class MemoryBackend implements Backend {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Set<Staged> staged = ConcurrentHashMap.newKeySet();
    private final Set<Staged> orphaned = ConcurrentHashMap.newKeySet();
    private volatile int largestRead;

    @Override
    public String location() {
        return "memory";
    }

    /** The object's bytes, not a copy. */
    public byte[] get(String name) {
        return objects.get(name);
    }

    /** Puts {@code content} under {@code name}, whatever is there: what no caller of the contract can do. */
    public void put(String name, byte[] content) {
        objects.put(name, content);
    }

    public int unpublished() {
        return staged.size();
    }

    /** Bytes of the largest buffer that a read was to fill. */
    public int largestRead() {
        return largestRead;
    }

    private byte[] content(String name) throws NoSuchFileException {
        byte[] content = objects.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }

    @Override
    public ObjectWriter create() {
        return new Staged();
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        largestRead = Math.max(largestRead, target.remaining());
        byte[] content = content(name);
        if (target.remaining() > content.length - offset) {
            throw new CorruptDataException(name, offset, target.remaining() + " bytes", "the end at " + content.length);
        }
        target.put(content, (int) offset, target.remaining());
    }

    @Override
    public long size(String name) throws IOException {
        return content(name).length;
    }

    @Override
    public boolean exists(String name) {
        return objects.containsKey(name);
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            if (object.getKey().startsWith(directory + "/")) {
                visitor.object(object.getKey(), object.getValue().length);
            }
        }
    }

    @Override
    public boolean mayWrite() {
        return true;
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        Set<String> names = new TreeSet<>();
        objects.keySet().forEach(name -> names.add(name.split("/", 2)[0]));
        for (String name : names) {
            visitor.object(name);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        if (objects.remove(name) == null) {
            throw new NoSuchFileException(name);
        }
    }

    @Override
    public void move(String name, String target) throws IOException {
        byte[] content = content(name);
        if (objects.putIfAbsent(target, content) != null) {
            throw new FileAlreadyExistsException(target);
        }
        objects.remove(name);
    }

    /** Whoever is writing now is taken for dead. */
    public void crash() {
        orphaned.addAll(staged);
    }

    @Override
    public void deleteUnpublished() {
        staged.removeAll(orphaned);
        orphaned.clear();
    }

    @Override
    public void close() {}

    private final class Staged implements ObjectWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Staged() {
            staged.add(this);
        }

        @Override
        public void append(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public long length() {
            return bytes.size();
        }

        @Override
        public void publish(String name) throws IOException {
            if (objects.putIfAbsent(name, bytes.toByteArray()) != null) {
                throw new FileAlreadyExistsException(name);
            }
            staged.remove(this);
        }

        @Override
        public void close() {
            staged.remove(this);
        }
    }
}
