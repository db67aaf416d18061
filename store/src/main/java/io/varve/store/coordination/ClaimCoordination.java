package io.varve.store.coordination;

import io.varve.store.backend.Backend;
import io.varve.store.backend.PlainFile;
import io.varve.store.backend.ProcessLock;
import io.varve.store.backend.WholeObject;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Coordination where no operating system holds locks for all: by objects beside the repository's own. Who wants a right
 * first puts a claim, under a name that is never used twice, then lists the claims. Of two who exclude each other at
 * least one sees the other and withdraws. This needs a storage that lists an object as soon as it was put, and nothing
 * else.
 *
 * <p>Each claim has a lock file on the computer of its owner. So a crash is detected on that computer alone. For all
 * others the claim stands until its owner's computer, or a person's word ({@link #declareDead}), removes it: that costs
 * waiting, never data. Neither does a wrong word, since the dead are expected to go on ({@link #deadMayGoOn}).
 */
public final class ClaimCoordination implements Coordination {
    /** First part of the claims' names. */
    public static final String DIRECTORY = "claims";

    private static final String LIFE = "life";
    private static final Map<Right, String> KINDS = Map.of(
            Right.WRITE, "write",
            Right.WRITE_ALONE, "alone",
            Right.COLLECT, "collect",
            Right.REMOVE_KEYS, "keys");
    private static final Map<String, Set<String>> EXCLUDED = Map.of(
            "write", Set.of("alone"),
            "alone", Set.of("write", "alone"),
            "collect", Set.of("collect"),
            "keys", Set.of("keys"));
    private static final Pattern NAME = Pattern.compile(
            DIRECTORY + "/(life|write|alone|collect|keys)\\.([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final int LONGEST_TEXT = 1 << 10;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final String PROCESS = UUID.randomUUID().toString();
    private static final Pattern TEXT =
            Pattern.compile("([0-9a-f-]{36}) (process ([0-9]{1,9})@([^,]*), .*)", Pattern.DOTALL);

    private final Backend objects;
    private final Path locks;

    /**
     * @param objects of the repository; owned by the caller
     * @param locks directory on this computer, for this repository alone; created when it is needed
     */
    public ClaimCoordination(Backend objects, Path locks) {
        this.objects = objects;
        this.locks = locks;
    }

    /** Whether an object of this name is a claim. */
    public static boolean isClaimName(String name) {
        return NAME.matcher(name).matches();
    }

    private record Claim(String kind, String id) {
        String name() {
            return DIRECTORY + "/" + kind + "." + id;
        }
    }

    private List<Claim> claims() throws IOException {
        List<Claim> claims = new ArrayList<>();
        objects.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                claims.add(new Claim(matcher.group(1), matcher.group(2)));
            }
        });
        return claims;
    }

    private Path file(String id) {
        return locks.resolve(id + ProcessLock.SUFFIX);
    }

    private void deleteIfThere(String name) throws IOException {
        try {
            objects.delete(name);
        } catch (NoSuchFileException e) {
            // Somebody removed it on a person's word.
        }
    }

    /**
     * Removes a claim that is one's own or a dead owner's. If that fails its lock stays, free, for the next attempt.
     */
    private void remove(Claim claim, ProcessLock lock) throws IOException {
        try (lock) {
            deleteIfThere(claim.name());
            lock.closeAndDelete();
        }
    }

    /** An own claim, from the moment its object may exist. */
    private final class Own implements Life, Grant {
        private final Claim claim;
        private final ProcessLock lock;
        private boolean open = true;

        Own(String kind, String purpose) throws IOException {
            lock = ProcessLock.onNewFile(locks);
            claim = new Claim(kind, lock.id());
            String text = PROCESS + " process " + ProcessHandle.current().pid() + "@" + HostName.get() + ", " + purpose;
            try {
                WholeObject.publish(objects, claim.name(), text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException | RuntimeException e) {
                // The lock stays behind, free: should the object exist, the next one here knows that nobody owns it.
                lock.close();
                throw e;
            }
        }

        @Override
        public String id() {
            return claim.id();
        }

        @Override
        public synchronized void close() throws IOException {
            if (open) {
                open = false;
                remove(claim, lock);
            }
        }
    }

    @Override
    public Optional<Grant> tryTake(Right right, String purpose) throws IOException {
        String kind = KINDS.get(right);
        if (isExcluded(kind, "")) {
            return Optional.empty(); // who only waits must be in nobody's way
        }
        Own own = new Own(kind, purpose);
        boolean granted = false;
        try {
            granted = !isExcluded(kind, own.id());
            return granted ? Optional.of(own) : Optional.empty();
        } finally {
            if (!granted) {
                own.close();
            }
        }
    }

    private boolean isExcluded(String kind, String own) throws IOException {
        Set<String> excluded = EXCLUDED.get(kind);
        for (Claim claim : claims()) {
            if (excluded.contains(claim.kind()) && !claim.id().equals(own) && !clear(claim)) {
                return true;
            }
        }
        return false;
    }

    /** Removes a claim whose owner has crashed on this computer; returns whether it did. */
    private boolean clear(Claim claim) throws IOException {
        ProcessLock lock = ProcessLock.tryExclusiveIfThere(file(claim.id()));
        if (lock == null) {
            return false;
        }
        remove(claim, lock);
        return true;
    }

    @Override
    public String holder(Right right) throws IOException {
        Set<String> excluded = EXCLUDED.get(KINDS.get(right));
        for (Claim claim : claims()) {
            if (excluded.contains(claim.kind())) {
                return owner(text(claim)) + "; claim " + claim.id() + ", see 'varve sessions'";
            }
        }
        return "";
    }

    /** What a claim says; empty if it has just ended. */
    private String text(Claim claim) throws IOException {
        try {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(objects.size(claim.name()), LONGEST_TEXT));
            objects.read(claim.name(), 0, bytes);
            return new String(bytes.array(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String owner(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ? matcher.group(2) : "unknown process";
    }

    @Override
    public long longestPauseMillis() {
        return LONGEST_PAUSE_MILLIS;
    }

    @Override
    public boolean namesHolders() {
        return true;
    }

    @Override
    public boolean deadMayGoOn() {
        return true;
    }

    @Override
    public boolean isRecognized(String id) throws IOException {
        return objects.exists(new Claim(LIFE, id).name());
    }

    @Override
    public List<Standing> standing() throws IOException {
        List<Standing> standing = new ArrayList<>();
        for (Claim claim : claims()) {
            standing.add(new Standing(claim.id(), claim.kind(), owner(text(claim))));
        }
        return standing;
    }

    @Override
    public Life begin() throws IOException {
        return new Own(LIFE, "a session");
    }

    @Override
    public boolean isAlive(String id) throws IOException {
        Path file = file(id);
        return PlainFile.whatHas(file) == null
                ? objects.exists(new Claim(LIFE, id).name()) // of another computer, or ended
                : ProcessLock.isHeld(file);
    }

    @Override
    public boolean isOwn(String id) throws IOException {
        return ProcessLock.isHeldHere(file(id));
    }

    @Override
    public Optional<Closeable> takeOver(String id) throws IOException {
        Claim life = new Claim(LIFE, id);
        ProcessLock lock = ProcessLock.tryExclusiveIfThere(file(id));
        if (lock != null) {
            return Optional.of(() -> remove(life, lock));
        }
        // Its owner put the life before anything that refers to it, so without it the owner is dead.
        return PlainFile.whatHas(file(id)) == null && !objects.exists(life.name())
                ? Optional.of(() -> {})
                : Optional.empty();
    }

    @Override
    public void clearDead() throws IOException {
        for (Claim claim : claims()) {
            clear(claim);
        }
    }

    @Override
    public boolean declareDead(String id) throws IOException {
        Map<Claim, String> texts = new LinkedHashMap<>();
        for (Claim claim : claims()) {
            texts.put(claim, text(claim));
        }
        Optional<String> named = texts.entrySet().stream()
                .filter(entry -> entry.getKey().id().equals(id))
                .map(Map.Entry::getValue)
                .findFirst();
        if (named.isEmpty() || ProcessLock.isHeld(file(id)) || runsHere(named.get())) {
            return false;
        }
        // Lives first: sessions that are to stop must not seem alive when their rights are given to others.
        List<Map.Entry<Claim, String>> livesFirst = new ArrayList<>(texts.entrySet());
        livesFirst.sort(Comparator.comparing(entry -> !entry.getKey().kind().equals(LIFE)));
        for (Map.Entry<Claim, String> entry : livesFirst) {
            if (entry.getKey().id().equals(id) || isOfSameProcess(entry.getValue(), named.get())) {
                deleteIfThere(entry.getKey().name());
            }
        }
        return true;
    }

    private static boolean isOfSameProcess(String text, String other) {
        Matcher one = TEXT.matcher(text);
        Matcher two = TEXT.matcher(other);
        return one.matches() && two.matches() && one.group(1).equals(two.group(1));
    }

    /** Whether a process of this computer, perhaps with another cache directory, may be the owner. */
    private static boolean runsHere(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                && matcher.group(4).equals(HostName.get())
                && ProcessHandle.of(Long.parseLong(matcher.group(3)))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }
}
