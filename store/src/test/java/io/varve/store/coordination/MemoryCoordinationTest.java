package io.varve.store.coordination;

import io.varve.store.coordination.Coordination.Life;

/** The tests' own coordination keeps the contract, or what they prove with it would mean little. */
class MemoryCoordinationTest extends CoordinationContract {
    private final MemoryCoordination coordination = new MemoryCoordination();

    @Override
    Coordination coordination() {
        return coordination;
    }

    @Override
    void crash(Life life) {
        coordination.kill(life.id());
    }
}
