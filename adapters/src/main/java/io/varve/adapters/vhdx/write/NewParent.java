package io.varve.adapters.vhdx.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a new differencing disk records about its parent (MS-VHDX 2.6.2.6).
 *
 * @param dataWriteGuid the state of the parent that the child is a difference to
 * @param paths paths of the parent by key of the parent locator, in the order to try them
 */
public record NewParent(UUID dataWriteGuid, Map<String, String> paths) {
    public NewParent {
        paths = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(paths));
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("a parent without a path");
        }
    }

    /**
     * Returns a parent with its present path, relative to the child and, on Windows, also absolute.
     *
     * @throws IOException if {@code parent} does not exist
     */
    public static NewParent at(Path parent, Path child, UUID dataWriteGuid) throws IOException {
        Path real = parent.toRealPath();
        Path folder = child.toAbsolutePath().getParent().toRealPath();
        Map<String, String> paths = new LinkedHashMap<>();
        if (real.toString().indexOf('\\') > 0) {
            paths.put("absolute_win32_path", real.toString());
        }
        if (real.getRoot().equals(folder.getRoot())) {
            String relative = folder.relativize(real).toString().replace('/', '\\');
            paths.put("relative_path", relative.startsWith("..") ? relative : ".\\" + relative);
        }
        return new NewParent(dataWriteGuid, paths);
    }
}
