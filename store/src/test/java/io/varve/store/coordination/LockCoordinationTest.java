package io.varve.store.coordination;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.coordination.Coordination.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockCoordinationTest extends CoordinationContract {
    @TempDir
    Path directory;

    private LockCoordination coordination;

    @BeforeEach
    void open() {
        coordination = new LockCoordination(directory.resolve("sessions"));
    }

    @Override
    Coordination coordination() {
        return coordination;
    }

    /** What a dead process leaves: the file without the lock. */
    @Override
    void crash(Life life) throws IOException {
        life.close();
        Files.createFile(directory.resolve("sessions").resolve(life.id() + ".lock"));
    }

    @Test
    void locksOfTheDeadAreClearedAndNothingElse() throws IOException {
        coordination.clearDead(); // before anything was made
        Life dead = coordination.begin();
        crash(dead);
        Path foreign = Files.createFile(directory.resolve("sessions").resolve("notes.lock"));
        coordination.clearDead();
        assertFalse(Files.exists(directory.resolve("sessions").resolve(dead.id() + ".lock")));
        assertTrue(Files.exists(foreign));
        assertTrue(LockCoordination.isLockName("writer.lock"));
        assertTrue(LockCoordination.isLockName(dead.id() + ".lock"));
        assertFalse(LockCoordination.isLockName("notes.lock"));
    }
}
