package io.varve.store.hold;

import io.varve.store.backend.Backend;
import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.WholeObject;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.json.SealedJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The holds of a repository. The name of a hold's object begins with a digest of the machine's name, so a damaged hold
 * still holds its machine. No lock is needed: each hold is created once, and deleted when it is released.
 */
public final class Holds {
    static final String DIRECTORY = "holds";
    private static final Pattern NAME = Pattern.compile(DIRECTORY + "/([0-9a-f]{16}-[0-9a-f]{8})\\.json");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Backend backend;

    public Holds(Backend backend) {
        this.backend = backend;
    }

    /** Whether an object of this name is a hold. */
    public static boolean isObjectName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The holds, oldest first, and what is wrong with those that cannot be read. Damaged ones hold as well. */
    public record Listing(List<Hold> holds, Map<String, CorruptDataException> damaged) {
        /** Returns why no snapshot of {@code machine} may be forgotten, in words; empty if they may. */
        public Optional<String> of(String machine) {
            for (Hold hold : holds) {
                if (hold.machine().equals(machine)) {
                    return Optional.of(hold.id() + ": " + hold.reason());
                }
            }
            return damaged.keySet().stream()
                    .filter(id -> id.startsWith(prefix(machine)))
                    .findFirst()
                    .map(id -> id + ", which cannot be read");
        }

        public boolean isEmpty() {
            return holds.isEmpty() && damaged.isEmpty();
        }
    }

    public Listing list() throws IOException {
        List<String> ids = new ArrayList<>();
        backend.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                ids.add(matcher.group(1));
            }
        });
        List<Hold> holds = new ArrayList<>();
        Map<String, CorruptDataException> damaged = new HashMap<>();
        for (String id : ids) {
            try {
                byte[] file = WholeObject.read(backend, objectName(id), SealedJson.MAX_SIZE);
                holds.add(Hold.decode(file, objectName(id), id));
            } catch (CorruptDataException e) {
                damaged.put(id, e);
            } catch (NoSuchFileException e) {
                // Released between listing and reading.
            }
        }
        holds.sort(Comparator.comparing(Hold::since).thenComparing(Hold::id));
        return new Listing(holds, damaged);
    }

    /**
     * Places a hold, unless there is one with the same machine, disk and code.
     *
     * @return the new hold, or the existing one
     */
    public Hold place(
            String machine,
            Optional<String> disk,
            String code,
            String reason,
            Optional<String> snapshot,
            String host,
            Instant since)
            throws IOException {
        for (Hold hold : list().holds()) {
            if (hold.machine().equals(machine)
                    && hold.disk().equals(disk)
                    && hold.code().equals(code)) {
                return hold;
            }
        }
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        String id = prefix(machine) + HexFormat.of().formatHex(random);
        Hold hold = new Hold(id, machine, disk, code, reason, snapshot, host, since);
        try {
            WholeObject.publish(backend, objectName(id), hold.encode());
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    "the hold on machine " + machine + " may or may not have been placed: " + e.getMessage()
                            + "; check with 'varve hold list'",
                    e);
        }
        return hold;
    }

    /**
     * Releases a hold.
     *
     * @throws NoSuchFileException if there is no hold with this id
     * @throws UnknownOutcomeException if it may have been released
     */
    public void release(String id) throws IOException {
        String name = objectName(id);
        if (!NAME.matcher(name).matches()) {
            throw new NoSuchFileException(name);
        }
        try {
            backend.delete(name);
        } catch (InDoubtException e) {
            throw new UnknownOutcomeException(
                    "hold " + id + " may or may not have been" + " released: " + e.getMessage()
                            + "; check with 'varve hold list'",
                    e);
        }
    }

    private static String objectName(String id) {
        return DIRECTORY + "/" + id + ".json";
    }

    static String prefix(String machine) {
        String digest =
                new ChunkHasher().id(machine.getBytes(StandardCharsets.UTF_8)).hex();
        return digest.substring(0, 16) + "-";
    }
}
