package io.varve.adapters.contract;

import io.varve.engine.port.SourceFolder;
import java.nio.charset.StandardCharsets;

class MemoryFolderTest extends SourceFolderContract {
    private final MemoryFolder folder = new MemoryFolder("vm/home");

    @Override
    protected SourceFolder newFolder() {
        return folder;
    }

    @Override
    protected void make(String path, String content) {
        folder.files().put("vm/" + path, content.getBytes(StandardCharsets.US_ASCII));
    }
}
