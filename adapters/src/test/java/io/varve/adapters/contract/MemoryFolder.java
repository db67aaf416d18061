package io.varve.adapters.contract;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder of files in memory, which have paths with slashes: on a share of a host of its own, whose names lead to it.
 *
 * @param files by path, shared by all folders of the tree
 * @param path of the folder, without slash at the end
 */
public record MemoryFolder(Map<String, byte[]> files, String path) implements SourceFolder {
    static final String HOST = "memory";
    static final String SHARE = "share";

    public MemoryFolder(String path) {
        this(new TreeMap<>(), path);
    }

    /** @param file by path */
    public SourceFile file(String file) {
        return new MemoryFile(this, file);
    }

    @Override
    public String location() {
        return path;
    }

    @Override
    public Lookup find(List<String> names, boolean inside) {
        return look(path, names, inside);
    }

    @Override
    public Lookup findOnShare(String host, String share, List<String> names, boolean inside) {
        return host.equalsIgnoreCase(HOST) && share.equalsIgnoreCase(SHARE)
                ? look("", names, inside)
                : SourceFolder.super.findOnShare(host, share, names, inside);
    }

    private Lookup look(String from, List<String> names, boolean inside) {
        List<String> parts = new ArrayList<>(from.isEmpty() ? List.of() : List.of(from.split("/")));
        for (String name : names) {
            if (!name.equals("..")) {
                parts.add(name);
            } else if (!parts.isEmpty()) {
                parts.remove(parts.size() - 1);
            }
        }
        String wanted = String.join("/", parts);
        if (inside && !wanted.startsWith(path + "/")) {
            return new Lookup.Refused("refused because it leads out of the folder");
        }
        if (files.containsKey(wanted)) {
            return new Lookup.Found(file(wanted));
        }
        List<String> alike = files.keySet().stream()
                .filter(file -> file.equalsIgnoreCase(wanted))
                .toList();
        return alike.size() == 1 ? new Lookup.Found(file(alike.get(0))) : new Lookup.Missing(wanted + ": no such file");
    }

    @Override
    public List<SourceFile> list() {
        return files.keySet().stream()
                .filter(file -> file.startsWith(path + "/") && file.indexOf('/', path.length() + 1) < 0)
                .map(this::file)
                .toList();
    }

    private record MemoryFile(MemoryFolder root, String path) implements SourceFile {
        @Override
        public String location() {
            return path;
        }

        @Override
        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        public ByteSource open() throws IOException {
            byte[] content = root.files.get(path);
            if (content == null) {
                throw new FileNotFoundException(path + ": no such file");
            }
            return new MemoryByteSource(content) {
                @Override
                public String location() {
                    return path;
                }
            };
        }

        @Override
        public SourceFolder folder() {
            return new MemoryFolder(root.files, path.substring(0, path.lastIndexOf('/')));
        }

        @Override
        public Object identity() {
            return path;
        }
    }
}
