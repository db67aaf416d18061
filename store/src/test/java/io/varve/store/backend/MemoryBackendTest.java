package io.varve.store.backend;

/** The tests' own backend keeps the contract, or what they prove with it would mean little. */
class MemoryBackendTest extends BackendContract {
    private final MemoryBackend backend = new MemoryBackend();

    @Override
    protected Backend newBackend() {
        return backend;
    }

    @Override
    protected int unpublished() {
        return backend.unpublished();
    }

    @Override
    protected void leaveUnpublished() {
        backend.create();
        backend.create();
        backend.crash();
    }
}
