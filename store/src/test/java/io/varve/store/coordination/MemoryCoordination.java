package io.varve.store.coordination;

import java.io.Closeable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Coordination of those who have one object in common, under the same contract as every other; and the test's hand on
 * it: {@link #kill} lets an owner die without closing anything.
 */
public final class MemoryCoordination implements Coordination {
    private final Map<Right, Integer> granted = new EnumMap<>(Right.class);
    private final Map<Right, String> holders = new EnumMap<>(Right.class);
    private final Set<String> alive = new HashSet<>();
    private final Map<String, Boolean> remains = new HashMap<>(); // of the dead: whether somebody clears them

    private boolean stands(Right right) {
        return granted.getOrDefault(right, 0) > 0;
    }

    @Override
    public synchronized Optional<Grant> tryTake(Right right, String purpose) {
        boolean free = switch (right) {
            case WRITE -> !stands(Right.WRITE_ALONE);
            case WRITE_ALONE -> !stands(Right.WRITE) && !stands(Right.WRITE_ALONE);
            case COLLECT, REMOVE_KEYS -> !stands(right);
        };
        if (!free) {
            return Optional.empty();
        }
        granted.merge(right, 1, Integer::sum);
        holders.put(right, purpose);
        return Optional.of(new Grant() {
            private boolean open = true;

            @Override
            public void close() {
                synchronized (MemoryCoordination.this) {
                    if (open) {
                        granted.merge(right, -1, Integer::sum);
                        open = false;
                    }
                }
            }
        });
    }

    @Override
    public synchronized String holder(Right right) {
        Right other = right == Right.WRITE ? Right.WRITE_ALONE : right;
        return stands(other) ? holders.get(other) : "";
    }

    @Override
    public synchronized Life begin() {
        String id = UUID.randomUUID().toString();
        alive.add(id);
        return new Life() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public void close() {
                synchronized (MemoryCoordination.this) {
                    alive.remove(id);
                }
            }
        };
    }

    /** Lets the owner of a life die. */
    public synchronized void kill(String id) {
        alive.remove(id);
        remains.put(id, false);
    }

    @Override
    public synchronized boolean isAlive(String id) {
        return alive.contains(id);
    }

    @Override
    public synchronized boolean isOwn(String id) {
        return alive.contains(id);
    }

    @Override
    public synchronized Optional<Closeable> takeOver(String id) {
        if (alive.contains(id) || remains.getOrDefault(id, false)) {
            return Optional.empty();
        }
        remains.computeIfPresent(id, (dead, cleared) -> true);
        return Optional.of(() -> {
            synchronized (MemoryCoordination.this) {
                remains.remove(id);
            }
        });
    }

    @Override
    public synchronized void clearDead() {
        remains.values().removeIf(cleared -> !cleared);
    }
}
