package io.varve.adapters.contract;

import io.varve.engine.port.ByteSource;

class MemoryByteSourceTest extends ByteSourceContract {
    @Override
    protected ByteSource source(byte[] content) {
        return new MemoryByteSource(content);
    }
}
