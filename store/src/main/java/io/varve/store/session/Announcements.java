package io.varve.store.session;

import io.varve.store.backend.Backend;
import io.varve.store.backend.WholeObject;
import io.varve.store.snapshot.Refusal;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commits that a session is about to make, where somebody who is taken for dead may go on ({@code docs/protocol.md},
 * section 7). A session announces a commit, then looks whether it is still taken for alive, then commits. Who takes it
 * for dead refuses what it announced before its record goes.
 */
final class Announcements {
    private static final String DIRECTORY = "sessions";
    private static final Pattern NAME = Pattern.compile(
            DIRECTORY + "/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(\\d{8}T\\d{6}Z-[0-9a-f]{8})\\.commit");

    private final Backend backend;
    private final String session;
    private final Set<SnapshotId> own = ConcurrentHashMap.newKeySet();

    Announcements(Backend backend, String session) {
        this.backend = backend;
        this.session = session;
    }

    static boolean isObjectName(String name) {
        return NAME.matcher(name).matches();
    }

    private String name(SnapshotId id) {
        return DIRECTORY + "/" + session + "." + id + ".commit";
    }

    void announce(SnapshotId id) throws IOException {
        own.add(id); // before it may be there
        WholeObject.publish(backend, name(id), session.getBytes(StandardCharsets.UTF_8));
    }

    /** For a commit that is done, or that cannot take effect any more. */
    void withdraw(SnapshotId id) throws IOException {
        try {
            backend.delete(name(id));
        } catch (NoSuchFileException e) {
            // Somebody has settled it.
        }
        own.remove(id);
    }

    /** Settles what this session announced and could not withdraw: it does not know whether a commit took effect. */
    void settleOwn() throws IOException {
        for (SnapshotId id : Set.copyOf(own)) {
            settle(id);
        }
    }

    /** Refuses every announced commit that has not taken effect. Only when the session is taken for dead. */
    void settle() throws IOException {
        for (SnapshotId id : all(backend).getOrDefault(session, List.of())) {
            settle(id);
        }
    }

    private void settle(SnapshotId id) throws IOException {
        Refusal.publish(backend, id, session);
        withdraw(id);
    }

    /** What all sessions announced, by the sessions' ids. */
    static Map<String, List<SnapshotId>> all(Backend backend) throws IOException {
        Map<String, List<SnapshotId>> all = new TreeMap<>();
        backend.list(DIRECTORY, (name, size) -> {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                all.computeIfAbsent(matcher.group(1), session -> new ArrayList<>())
                        .add(new SnapshotId(matcher.group(2)));
            }
        });
        return all;
    }
}
