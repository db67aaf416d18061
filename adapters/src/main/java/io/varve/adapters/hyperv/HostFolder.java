package io.varve.adapters.hyperv;

import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.RealPath;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder of the host as this computer sees it. Paths of the host's drives and shares are followed only into folders
 * that the operator mounted here.
 */
record HostFolder(SourceFolder folder, Reader reader, HostPaths paths) implements SourceFolder {
    @Override
    public String location() {
        return folder.location();
    }

    @Override
    public Lookup find(List<String> names, boolean inside) {
        return ours(folder.find(names, inside));
    }

    @Override
    public Lookup findOnDrive(String drive, List<String> names, boolean inside) {
        return mounted(drive + ":\\" + String.join("\\", names), inside);
    }

    @Override
    public Lookup findOnShare(String host, String share, List<String> names, boolean inside) {
        return mounted("\\\\" + host + "\\" + share + "\\" + String.join("\\", names), inside);
    }

    private Lookup mounted(String path, boolean inside) {
        try {
            Optional<Path> here = paths.find(path);
            if (here.isEmpty()) {
                Optional<Lookup> onShare = paths.look(path);
                if (onShare.isPresent()) {
                    return ours(onShare.get());
                }
                return new Lookup.Refused("is in none of the host's folders that are mounted here (--map)");
            }
            Path file = here.get();
            SourceFolder there = new LocalFolder(RealPath.of(file.getParent()), reader);
            return ours(there.find(List.of(file.getFileName().toString()), inside));
        } catch (IOException e) {
            return new Lookup.Missing(path + ": " + Reason.of(e));
        }
    }

    private Lookup ours(Lookup lookup) {
        return lookup instanceof Lookup.Found found
                ? new Lookup.Found(new HostFile(found.file(), reader, paths))
                : lookup;
    }

    @Override
    public List<SourceFile> list() throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (SourceFile file : folder.list()) {
            files.add(new HostFile(file, reader, paths));
        }
        return files;
    }
}
