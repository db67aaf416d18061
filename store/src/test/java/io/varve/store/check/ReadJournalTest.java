package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.Backend;
import io.varve.store.backend.MemoryBackend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.check.FsckOptions.Level;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Killed between any two operations, two at once, by a clock that is wrong. */
class ReadJournalTest {
    private static final UUID REPOSITORY = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    private static final Instant START = Instant.parse("2026-11-21T02:00:00Z");

    private final MemoryBackend memory = new MemoryBackend();
    private Instant now = START;
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private static ChunkId pack(int number) {
        return new ChunkHasher().id(ByteBuffer.allocate(4).putInt(number).array());
    }

    private static List<ChunkId> packs(int count) {
        List<ChunkId> packs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packs.add(pack(i));
        }
        return packs;
    }

    private ReadJournal open(Backend backend) throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        ReadJournal journal = ReadJournal.open(backend, REPOSITORY, clock, damaged);
        assertEquals(List.of(), damaged);
        return journal;
    }

    private int objects() throws IOException {
        int[] count = new int[1];
        memory.list("checks", (name, size) -> count[0]++);
        return count[0];
    }

    /** Lets so many publications and deletions through, and then nothing: the process was killed. */
    private class Killed implements Backend {
        private int left;

        Killed(int operations) {
            left = operations;
        }

        private void operation() throws IOException {
            if (left-- <= 0) {
                throw new IOException("killed");
            }
        }

        @Override
        public String location() {
            return "memory";
        }

        @Override
        public ObjectWriter create() {
            ObjectWriter object = memory.create();
            return new ObjectWriter() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    object.append(bytes);
                }

                @Override
                public long length() {
                    return object.length();
                }

                @Override
                public void publish(String name) throws IOException {
                    operation();
                    object.publish(name);
                }

                @Override
                public void close() throws IOException {
                    object.close();
                }
            };
        }

        @Override
        public void read(String name, long offset, ByteBuffer target) throws IOException {
            memory.read(name, offset, target);
        }

        @Override
        public long size(String name) throws IOException {
            return memory.size(name);
        }

        @Override
        public boolean exists(String name) {
            return memory.exists(name);
        }

        @Override
        public void list(String directory, ObjectVisitor visitor) throws IOException {
            memory.list(directory, visitor);
        }

        @Override
        public void delete(String name) throws IOException {
            operation();
            memory.delete(name);
        }

        @Override
        public void move(String name, String target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean mayWrite() {
            return true;
        }

        @Override
        public void listTop(NameVisitor visitor) {}

        @Override
        public void deleteUnpublished() {}

        @Override
        public void close() {}
    }

    /** Reads ten packs, one every 20 seconds, over a journal of three records, and joins all. */
    private void checkTenPacks(Backend backend) throws IOException {
        ReadJournal journal = open(backend);
        for (int i = 0; i < 10; i++) {
            now = now.plusSeconds(20);
            journal.read(pack(i), Level.READ_DATA, true);
        }
        journal.fold(packs(20));
    }

    @Test
    void killedAnywhereItForgetsAMinuteAtMost() throws IOException {
        int operations = 0;
        boolean ended = false;
        while (!ended) {
            memory.list("checks", (name, size) -> memory.delete(name));
            now = START;
            ReadJournal before = open(memory);
            for (int i = 10; i < 13; i++) {
                before.read(pack(i), Level.DEEP, true);
                before.publish();
            }
            Instant from = now;
            try {
                checkTenPacks(new Killed(operations));
                ended = true;
            } catch (IOException e) {
                assertEquals("killed", e.getMessage());
            }
            ReadJournal after = open(memory);
            for (int i = 10; i < 13; i++) {
                assertEquals(from.getEpochSecond(), after.of(pack(i)).soundAt(Level.DEEP), "after " + operations);
            }
            long readUntil = Duration.between(from, now).toSeconds();
            for (int i = 0; i < 10; i++) {
                boolean known = after.of(pack(i)).soundAt(Level.READ_DATA) > 0;
                boolean old = 20L * (i + 1) <= readUntil - 80;
                assertTrue(known || !old, "pack " + i + " after " + operations + " operations");
            }
            operations++;
        }
        assertTrue(operations > 7, "operations: " + operations);
        assertEquals(1, objects());
    }

    @Test
    void twoAtOnceLoseNothing() throws IOException {
        ReadJournal first = open(memory);
        first.read(pack(0), Level.READ_DATA, true);
        first.publish();
        ReadJournal one = open(memory);
        ReadJournal other = open(memory);
        one.read(pack(1), Level.READ_DATA, true);
        other.read(pack(2), Level.READ_DATA, true);
        one.fold(packs(20));
        other.fold(packs(20));
        ReadJournal after = open(memory);
        for (int i = 0; i < 3; i++) {
            assertEquals(START.getEpochSecond(), after.of(pack(i)).soundAt(Level.READ_DATA), "pack " + i);
        }
        assertEquals(2, objects());
        after.fold(packs(20));
        assertEquals(1, objects());
    }

    @Test
    void packsThatAreGoneAreForgotten() throws IOException {
        ReadJournal journal = open(memory);
        journal.read(pack(0), Level.READ_DATA, true);
        journal.read(pack(1), Level.READ_DATA, true);
        journal.fold(packs(1));
        ReadJournal after = open(memory);
        assertEquals(Reading.NEVER, after.of(pack(1)));
        assertTrue(after.of(pack(0)).soundAt(Level.READ_DATA) > 0);
    }

    @Test
    void theLastReadingCountsWhateverTheClockSays() throws IOException {
        ReadJournal journal = open(memory);
        journal.read(pack(0), Level.DEEP, true);
        assertEquals(START.getEpochSecond(), journal.of(pack(0)).soundAt(Level.READ_DATA));
        now = START.minusSeconds(86_400);
        journal.read(pack(0), Level.READ_DATA, false);
        assertTrue(journal.of(pack(0)).isDamaged(), "a clock set back must not hide damage");
        assertEquals(0, journal.of(pack(0)).soundAt(Level.READ_DATA));
        journal.read(pack(0), Level.READ_DATA, true);
        assertTrue(journal.of(pack(0)).soundAt(Level.READ_DATA) > 0);
        journal.fold(packs(1));

        now = START.plus(Duration.ofDays(36_500));
        ReadJournal later = open(memory);
        later.read(pack(0), Level.READ_DATA, true);
        later.fold(packs(1));
        now = START.plusSeconds(60);
        assertEquals(0, open(memory).of(pack(0)).readAt(), "what the next century is to bring is not believed");
    }

    @Test
    void aWriterThatClearsUnpublishedObjectsIsOutlived() throws IOException {
        int[] tries = new int[1];
        Backend cleared = new Killed(100) {
            @Override
            public ObjectWriter create() {
                ObjectWriter object = super.create();
                return new ObjectWriter() {
                    @Override
                    public void append(ByteBuffer bytes) throws IOException {
                        object.append(bytes);
                    }

                    @Override
                    public long length() {
                        return object.length();
                    }

                    @Override
                    public void publish(String name) throws IOException {
                        if (tries[0]++ == 0) {
                            throw new NoSuchFileException("tmp/x");
                        }
                        object.publish(name);
                    }

                    @Override
                    public void close() throws IOException {
                        object.close();
                    }
                };
            }
        };
        ReadJournal journal = open(cleared);
        journal.read(pack(0), Level.READ_DATA, true);
        journal.publish();
        assertEquals(2, tries[0]);
        assertEquals(1, objects());
    }

    @Test
    void theLongestUnreadFirst() throws IOException {
        ReadJournal journal = open(memory);
        List<CheckedPack> packs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            packs.add(new CheckedPack(pack(i), 100));
        }
        // 0 to 3 never, 4 to 8 one a day, 9 damaged today.
        for (int i = 4; i < 9; i++) {
            journal.read(pack(i), Level.READ_DATA, true);
            now = now.plus(Duration.ofDays(1));
        }
        journal.read(pack(9), Level.READ_DATA, false);
        List<ChunkId> chosen = new PackChoice(65, false, Optional.empty())
                .choose(packs, journal, Level.READ_DATA, now).stream()
                        .map(pack -> pack.id)
                        .toList();
        assertEquals(7, chosen.size());
        assertTrue(chosen.subList(0, 5).containsAll(List.of(pack(0), pack(1), pack(2), pack(3), pack(9))));
        assertEquals(List.of(pack(4), pack(5)), chosen.subList(5, 7));
        assertEquals(
                7,
                new PackChoice(100, false, Optional.of(Duration.ofDays(3)))
                        .choose(packs, journal, Level.READ_DATA, now)
                        .size());
        assertEquals(
                5,
                new PackChoice(100, true, Optional.empty())
                        .choose(packs, journal, Level.READ_DATA, now)
                        .size());
        assertEquals(10, PackChoice.ALL.choose(packs, journal, Level.DEEP, now).size());
        assertThrows(IllegalArgumentException.class, () -> new PackChoice(0, false, Optional.empty()));
    }
}
