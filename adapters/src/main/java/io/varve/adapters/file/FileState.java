package io.varve.adapters.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The attributes of a file at one moment, in full precision, which change whenever the file is written to. A writer can
 * reset the modification time, but not the change time.
 *
 * @param changed change time of content or attributes; null if the system has none (Windows)
 * @param key identity of the file; null if the system has none (Windows)
 */
record FileState(long size, FileTime modified, FileTime changed, Object key) {
    static FileState of(Path path) throws IOException {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class);
        FileTime changed = null;
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Map<String, Object> more = Files.readAttributes(path, "unix:ctime");
            changed = (FileTime) more.get("ctime");
        }
        return new FileState(basic.size(), basic.lastModifiedTime(), changed, basic.fileKey());
    }

    /** Returns what is different in {@code now}, in words; empty if nothing is. */
    List<String> differences(FileState now) {
        List<String> differences = new ArrayList<>();
        if (!Objects.equals(key, now.key)) {
            differences.add("it was replaced by another file");
            return differences;
        }
        if (size != now.size) {
            differences.add("its length went from " + size + " to " + now.size + " bytes");
        }
        if (!modified.equals(now.modified)) {
            differences.add("it was modified at " + now.modified);
        } else if (!Objects.equals(changed, now.changed)) {
            differences.add("it was changed at " + now.changed + " (content, name, links or permissions)");
        }
        return differences;
    }
}
