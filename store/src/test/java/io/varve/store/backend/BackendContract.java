package io.varve.store.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Backend} promises. One subclass for each. */
public abstract class BackendContract {
    private Backend backend;

    /** A backend without objects. */
    protected abstract Backend newBackend() throws IOException;

    /** How many objects were begun and neither published nor discarded. */
    protected abstract int unpublished() throws IOException;

    /** Two unpublished objects of writers that crashed. */
    protected abstract void leaveUnpublished() throws IOException;

    @BeforeEach
    void open() throws IOException {
        backend = newBackend();
    }

    @AfterEach
    void close() throws IOException {
        backend.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void publish(String name, String... parts) throws IOException {
        try (ObjectWriter object = backend.create()) {
            for (String part : parts) {
                object.append(ByteBuffer.wrap(bytes(part)));
            }
            object.publish(name);
        }
    }

    private byte[] read(String name) throws IOException {
        byte[] content = new byte[(int) backend.size(name)];
        backend.read(name, 0, ByteBuffer.wrap(content));
        return content;
    }

    private Map<String, Long> list(String directory) throws IOException {
        Map<String, Long> names = new TreeMap<>();
        backend.list(directory, (name, size) -> assertEquals(null, names.put(name, size), name + " listed twice"));
        return names;
    }

    @Test
    void namesAreThoseOfObjectsTwoLevelsBelow() throws IOException {
        assertEquals(Set.of(), listNames("a"));
        for (String name : List.of("a/b", "a/b1/c", "a/b1/d", "a/b2/e", "a/b3/e/f", "aa/b/c", "b/b/c")) {
            publish(name, name);
        }
        Set<String> names = listNames("a");
        names.remove("a/b3/e"); // a directory: who lists knows what the names of his objects look like
        assertEquals(Set.of("a/b1/c", "a/b1/d", "a/b2/e"), names);
        backend.delete("a/b1/d");
        backend.delete("a/b2/e");
        assertEquals(Set.of("a/b1/c"), new TreeSet<>(listNames("a")).headSet("a/b3"));
        assertEquals(Set.of(), listNames("nowhere"));
    }

    @Test
    void lengthsAreThoseOfTheSameObjects() throws IOException {
        for (String name : List.of("a/b", "a/b1/c", "a/b1/second", "a/b2/ee", "a/b3/e/f", "aa/b/c", "b/b/c")) {
            publish(name, name);
        }
        Map<String, Long> lengths = new TreeMap<>();
        backend.listLengths("a", (name, length) -> assertEquals(null, lengths.put(name, length), name));
        lengths.remove("a/b3/e");
        assertEquals(Map.of("a/b1/c", 6L, "a/b1/second", 11L, "a/b2/ee", 7L), lengths);
        backend.listLengths("nowhere", (name, length) -> fail(name));
    }

    private Set<String> listNames(String directory) throws IOException {
        Set<String> names = new TreeSet<>();
        backend.listNames(directory, name -> assertTrue(names.add(name), name + " listed twice"));
        return names;
    }

    @Test
    void moveGivesAnObjectAnotherNameAndReplacesNothing() throws IOException {
        publish("a/b", "one");
        publish("c/d", "two");
        assertThrows(FileAlreadyExistsException.class, () -> backend.move("a/b", "c/d"));
        assertArrayEquals(bytes("one"), read("a/b"));
        assertArrayEquals(bytes("two"), read("c/d"));
        backend.move("a/b", "e/f");
        assertFalse(backend.exists("a/b"));
        assertArrayEquals(bytes("one"), read("e/f"));
        assertThrows(NoSuchFileException.class, () -> backend.move("a/b", "g/h"));
        assertFalse(backend.exists("g/h"));
    }

    @Test
    void whatWasAppendedIsTheObject() throws IOException {
        publish("a/b", "one", "", "two");
        assertArrayEquals(bytes("onetwo"), read("a/b"));
        assertEquals(6, backend.size("a/b"));
        assertTrue(backend.exists("a/b"));
    }

    @Test
    void appendTakesTheBufferFromPositionToLimitAndDoesNotKeepIt() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(6).put(bytes("xabcdx")).flip();
        try (ObjectWriter object = backend.create()) {
            buffer.position(1).limit(5);
            object.append(buffer);
            assertEquals(0, buffer.remaining());
            assertEquals(4, object.length());
            buffer.clear().put(bytes("XXXXXX")).flip();
            object.publish("a");
        }
        assertArrayEquals(bytes("abcd"), read("a"));
    }

    @Test
    void anObjectMayBeEmpty() throws IOException {
        publish("empty");
        assertEquals(0, backend.size("empty"));
        backend.read("empty", 0, ByteBuffer.allocate(0));
    }

    @Test
    void unpublishedIsInvisible() throws IOException {
        publish("a/b", "old");
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(bytes("new")));
            assertEquals(Map.of("a/b", 3L), list("a"));
            assertFalse(backend.exists("a/c"));
            assertEquals(1, unpublished());
            object.publish("a/c");
            assertEquals(Map.of("a/b", 3L, "a/c", 3L), list("a"));
            assertEquals(0, unpublished());
        }
        assertTrue(backend.exists("a/c"), "closing does not take back");
    }

    @Test
    void closeDiscards() throws IOException {
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(bytes("never")));
        }
        assertEquals(0, unpublished());
    }

    @Test
    void aNameIsGivenOnce() throws IOException {
        publish("a/b", "first");
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(bytes("second")));
            assertThrows(FileAlreadyExistsException.class, () -> object.publish("a/b"));
        }
        assertArrayEquals(bytes("first"), read("a/b"));
        assertEquals(0, unpublished());
        backend.delete("a/b");
        publish("a/b", "third");
        assertArrayEquals(bytes("third"), read("a/b"), "a reader that had it open sees the new one");
    }

    /** However many try at once, one wins, and its object is whole. */
    @Test
    void ofManyPublishersOneWins() throws Exception {
        int writers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Callable<Boolean>> attempts = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String content = "writer " + i;
                attempts.add(() -> {
                    try {
                        publish("race/object", content);
                        return true;
                    } catch (FileAlreadyExistsException e) {
                        return false;
                    }
                });
            }
            int winners = 0;
            int winner = -1;
            List<Future<Boolean>> results = threads.invokeAll(attempts);
            for (int i = 0; i < writers; i++) {
                if (results.get(i).get()) {
                    winners++;
                    winner = i;
                }
            }
            assertEquals(1, winners);
            assertArrayEquals(bytes("writer " + winner), read("race/object"));
            assertEquals(0, unpublished());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void readsRanges() throws IOException {
        publish("a", "0123456789");
        ByteBuffer target =
                ByteBuffer.allocateDirect(8).put(bytes("--------")).position(2).limit(6);
        backend.read("a", 5, target);
        assertEquals(6, target.position());
        assertEquals("--5678--", StandardCharsets.UTF_8.decode(target.clear()).toString());
        backend.read("a", 0, ByteBuffer.allocate(10));
        backend.read("a", 10, ByteBuffer.allocate(0));
    }

    @Test
    void aRangeBehindTheEndIsTheEndOfTheFile() throws IOException {
        publish("a", "0123456789");
        assertThrows(CorruptDataException.class, () -> backend.read("a", 0, ByteBuffer.allocate(11)));
        assertThrows(CorruptDataException.class, () -> backend.read("a", 9, ByteBuffer.allocate(2)));
        assertThrows(CorruptDataException.class, () -> backend.read("a", 10, ByteBuffer.allocate(1)));
        assertThrows(CorruptDataException.class, () -> backend.read("a", 1L << 40, ByteBuffer.allocate(1)));
    }

    @Test
    void whatIsNotThereIsNoSuchFile() throws IOException {
        publish("a/b", "x");
        for (String name : new String[] {"c", "a/c", "d/e/f"}) {
            assertThrows(NoSuchFileException.class, () -> backend.read(name, 0, ByteBuffer.allocate(1)), name);
            assertThrows(NoSuchFileException.class, () -> backend.size(name), name);
            assertThrows(NoSuchFileException.class, () -> backend.delete(name), name);
            assertFalse(backend.exists(name), name);
        }
        assertEquals(Map.of(), list("nothing"));
    }

    @Test
    void listsWhatIsBelowADirectoryAtAnyDepth() throws IOException {
        publish("packs/ab/1", "x");
        publish("packs/ab/2", "xy");
        publish("packs/cd/3", "xyz");
        publish("packs2/ab/4", "no");
        publish("packsx", "no");
        assertEquals(Map.of("packs/ab/1", 1L, "packs/ab/2", 2L, "packs/cd/3", 3L), list("packs"));
        assertEquals(Map.of("packs/ab/1", 1L, "packs/ab/2", 2L), list("packs/ab"));
    }

    @Test
    void aDeletedObjectIsGone() throws IOException {
        publish("a/b", "x");
        publish("a/c", "y");
        assertArrayEquals(bytes("x"), read("a/b"));
        backend.delete("a/b");
        assertFalse(backend.exists("a/b"));
        assertEquals(Map.of("a/c", 1L), list("a"));
        assertThrows(NoSuchFileException.class, () -> backend.read("a/b", 0, ByteBuffer.allocate(1)));
        assertArrayEquals(bytes("y"), read("a/c"));
    }

    @Test
    protected void theUnpublishedOfACrashedWriterIsClearedAndThatOfALivingOneIsNot() throws IOException {
        publish("a/b", "kept");
        leaveUnpublished();
        assertEquals(2, unpublished());
        try (ObjectWriter living = backend.create()) {
            living.append(ByteBuffer.wrap(bytes("on ")));
            backend.deleteUnpublished();
            assertEquals(1, unpublished());
            living.append(ByteBuffer.wrap(bytes("its way")));
            living.publish("a/c");
        }
        assertEquals(0, unpublished());
        assertArrayEquals(bytes("kept"), read("a/b"));
        assertArrayEquals(bytes("on its way"), read("a/c"));
        backend.deleteUnpublished();
    }
}
