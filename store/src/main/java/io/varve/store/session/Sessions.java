package io.varve.store.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.coordination.Coordination.Life;
import io.varve.store.coordination.HostName;
import io.varve.store.coordination.LockCoordination;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.home.LocalHome;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import io.varve.store.trash.CondemnedLists;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The sessions in a repository. A session's record is in {@code sessions/} from before it bases any decision on the
 * repository's content until its work is committed or abandoned. A lock beside the record shows whether its process is
 * alive. Collection relies only on this ({@code docs/protocol.md}), never on times.
 */
public final class Sessions {
    private static final String DIRECTORY = "sessions";
    private static final String RECORD = ".json";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Sessions() {}

    /**
     * A session.
     *
     * @param name of its record
     * @param tag in the header of every pack that it writes
     * @param honours lists of condemned packs that existed before the session began; it treats packs on them as absent
     * @param description for people
     */
    public record Entry(String name, int tag, Set<String> honours, String description) {
        /** The id of its life. */
        public String id() {
            return name.substring(DIRECTORY.length() + 1, name.length() - RECORD.length());
        }
    }

    /** A registered session; closing it removes its record. */
    static final class Registration implements Closeable {
        private final Entry entry;
        private final Announcements announcements;
        private final Closeable end;

        private Registration(Entry entry, Announcements announcements, Closeable end) {
            this.entry = entry;
            this.announcements = announcements;
            this.end = end;
        }

        Entry entry() {
            return entry;
        }

        /** The commits that this session is about to make. */
        Announcements announcements() {
            return announcements;
        }

        @Override
        public void close() throws IOException {
            end.close();
        }
    }

    /** An unregistered session, which only looks into a repository that it cannot write to. */
    static Registration unregistered(Repository repository, String purpose, Set<String> honours) {
        Entry entry = new Entry(
                DIRECTORY + "/" + UUID.randomUUID() + RECORD, 1, Set.copyOf(honours), description(here(), purpose));
        return new Registration(entry, new Announcements(repository.backend(), entry.id()), () -> {});
    }

    /**
     * Registers a session.
     *
     * @param honours names of the lists of condemned packs, read before
     */
    static Registration register(Repository repository, String purpose, Set<String> honours) throws IOException {
        Life life = repository.coordination().begin();
        try {
            Entry entry = new Entry(
                    DIRECTORY + "/" + life.id() + RECORD,
                    tag(UUID.fromString(life.id())),
                    Set.copyOf(honours),
                    description(here(), purpose));
            publish(repository.backend(), entry, purpose);
            Announcements announcements = new Announcements(repository.backend(), entry.id());
            return new Registration(entry, announcements, () -> end(repository, life, entry, announcements));
        } catch (IOException | RuntimeException e) {
            life.close();
            throw e;
        }
    }

    private static void end(Repository repository, Life life, Entry entry, Announcements announcements)
            throws IOException {
        try {
            if (repository.coordination().deadMayGoOn()) {
                announcements.settleOwn(); // a commit whose answer got lost; the record stays until that is decided
            }
            repository.backend().delete(entry.name);
        } catch (NoSuchFileException e) {
            // The record was deleted by hand: there is nothing left to do.
        } finally {
            life.close(); // or this process, if it continues, would appear to be at work forever
        }
    }

    private static int tag(UUID id) {
        int tag = (int) id.getMostSignificantBits();
        return tag == 0 ? 1 : tag;
    }

    private static String here() {
        return ProcessHandle.current().pid() + "@" + HostName.get();
    }

    private static String description(String process, String purpose) {
        return "process " + process + ", " + purpose;
    }

    private static void publish(Backend backend, Entry entry, String purpose) throws IOException {
        ObjectNode json = SealedJson.newObject()
                .put("format", 1)
                .put("host", HostName.get())
                .put("pid", ProcessHandle.current().pid())
                .put("purpose", purpose)
                .put("tag", Integer.toUnsignedLong(entry.tag))
                .put("startedAt", Instant.now().toString());
        ArrayNode honours = json.putArray("honours");
        new TreeSet<>(entry.honours).forEach(list -> honours.addObject().put("list", list));
        WholeObject.publish(backend, entry.name, SealedJson.encode(json));
    }

    /**
     * Registers a session that only reads but needs everything to stay in its place: until it is closed, no pack that
     * it may see is deleted or moved. Waits for an exclusive writer, and exclusive writers wait for it. Does nothing in
     * a read-only repository.
     *
     * @param patience how long to wait
     * @param notices receives, once, a message about whom it is waiting for
     * @throws RepositoryBusyException when {@code patience} is over
     */
    public static Closeable hold(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        if (!repository.mayWrite()) {
            return () -> {};
        }
        WriterLock together = WriterLock.together(repository, patience, notices);
        try {
            Registration registration = register(repository, purpose, new CondemnedLists(repository.backend()).names());
            return () -> {
                try (together) {
                    registration.close();
                }
            };
        } catch (IOException | RuntimeException e) {
            together.close();
            throw e;
        }
    }

    /**
     * Visits the sessions of other processes.
     *
     * @param visitor receives the record's name and whether the process is alive
     */
    public static void ofOthers(Repository repository, SessionVisitor visitor) throws IOException {
        for (String id : ids(repository.backend())) {
            if (!repository.coordination().isOwn(id)) {
                visitor.session(
                        DIRECTORY + "/" + id + RECORD, repository.coordination().isAlive(id));
            }
        }
    }

    /** @see #ofOthers */
    @FunctionalInterface
    public interface SessionVisitor {
        void session(String name, boolean alive);
    }

    /** All sessions, also of processes that have crashed. One with an unreadable record honours no list. */
    public static List<Entry> all(Repository repository) throws IOException {
        return entries(repository, false);
    }

    /**
     * The sessions of live processes. One with an unreadable record honours no list and may have written any pack.
     * Where the dead may go on, a session counts until its record is gone: until then what it announced is not settled.
     */
    public static List<Entry> living(Repository repository) throws IOException {
        return entries(repository, !repository.coordination().deadMayGoOn());
    }

    private static List<Entry> entries(Repository repository, boolean onlyLiving) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String id : ids(repository.backend())) {
            if (onlyLiving && !repository.coordination().isAlive(id)) {
                continue;
            }
            try {
                entries.add(read(repository.backend(), DIRECTORY + "/" + id + RECORD));
            } catch (NoSuchFileException e) {
                // Ended between listing and reading.
            }
        }
        return entries;
    }

    private static Entry read(Backend backend, String name) throws IOException {
        try {
            JsonFields json = SealedJson.decode(WholeObject.read(backend, name, SealedJson.MAX_SIZE), name);
            json.number("format", 1, 1);
            Set<String> honours = new HashSet<>();
            for (JsonFields list : json.objects("honours")) {
                honours.add(list.text("list"));
            }
            String process = json.number("pid", 0, Long.MAX_VALUE) + "@" + json.text("host");
            return new Entry(
                    name,
                    (int) json.number("tag", 0, 0xFFFF_FFFFL),
                    honours,
                    description(process, json.text("purpose")));
        } catch (CorruptDataException e) {
            return new Entry(name, 0, Set.of(), "a session whose record is damaged (" + name + ")");
        }
    }

    private static List<String> ids(Backend backend) throws IOException {
        List<String> ids = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            if (isRecord(name)) {
                ids.add(name.substring(DIRECTORY.length() + 1, name.length() - RECORD.length()));
            }
        });
        return ids;
    }

    /** Removes the records and unpublished objects of sessions whose processes have ended. */
    static void clearCrashed(Repository repository, Consumer<String> notices) throws IOException {
        Backend backend = repository.backend();
        boolean deadMayGoOn = repository.coordination().deadMayGoOn();
        Set<String> ids = new TreeSet<>(ids(backend));
        if (deadMayGoOn) {
            ids.addAll(Announcements.all(backend).keySet()); // put by a request that came after its record had gone
        }
        for (String id : ids) {
            Optional<Closeable> remains = repository.coordination().takeOver(id);
            if (remains.isEmpty()) {
                continue; // alive, or somebody else is clearing it
            }
            String name = DIRECTORY + "/" + id + RECORD;
            Closeable taken = remains.get();
            try (taken) {
                if (deadMayGoOn) {
                    new Announcements(backend, id).settle();
                }
                if (backend.exists(name)) {
                    backend.delete(name);
                    notices.accept("cleared a session left by a crash (" + name + ")");
                }
            } catch (NoSuchFileException e) {
                // It has just ended.
            }
        }
        repository.coordination().clearDead(); // sessions that crashed before they were entered
        backend.deleteUnpublished();
    }

    private static boolean isRecord(String name) {
        return isOf(name.substring(DIRECTORY.length() + 1), RECORD);
    }

    private static boolean isOf(String file, String suffix) {
        return file.endsWith(suffix)
                && ID.matcher(file.substring(0, file.length() - suffix.length()))
                        .matches();
    }

    /** Whether the name has the form of a record, an announcement or a lock in {@code sessions/}. */
    public static boolean isObjectName(String name) {
        String file = name.substring(name.indexOf('/') + 1);
        return isOf(file, RECORD)
                || Announcements.isObjectName(name)
                || LockCoordination.isLockName(file)
                || file.equals(LocalHome.LOCK_NAME);
    }
}
