package io.varve.adapters.smb;

import io.varve.adapters.smb.wire.FolderEntry;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.engine.port.TransportFailure;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A folder on a share. Names of the same server are followed, on any of its shares; links never.
 *
 * @param path of the folder
 */
public record SmbFolder(SmbServer server, SmbPath path) implements SourceFolder {
    private static final String OUTSIDE = "refused because it leads outside the disk's folder (--allow-parent-outside)";

    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public Lookup find(List<String> wanted, boolean inside) {
        List<String> all = new ArrayList<>(path.names());
        for (String name : wanted) {
            if (!name.equals("..")) {
                all.add(name);
            } else if (all.isEmpty()) {
                return inside
                        ? new Lookup.Refused(OUTSIDE)
                        : new Lookup.Missing(String.join("/", wanted) + ": leads above the share of " + path);
            } else {
                all.remove(all.size() - 1);
            }
        }
        boolean isInside = all.size() > path.names().size()
                && all.subList(0, path.names().size()).equals(path.names());
        if (inside && !isInside) {
            return new Lookup.Refused(OUTSIDE);
        }
        return below(new SmbPath(path.server(), path.share(), all));
    }

    /** Follows names from the share on, each of which must be a real folder, the last one a file. */
    private Lookup below(SmbPath wanted) {
        SmbPath real = new SmbPath(wanted.server(), wanted.share(), List.of());
        try {
            for (int i = 0; i < wanted.names().size(); i++) {
                String name = wanted.names().get(i);
                List<FolderEntry> found = SmbPath.isName(name) ? matching(real, name) : List.of();
                if (found.size() != 1) {
                    return new Lookup.Missing(wanted + ": no such file");
                }
                FolderEntry entry = found.get(0);
                real = real.resolve(entry.name());
                if (entry.facts().isLink()) {
                    return new Lookup.Missing(real + ": refused because it is a link or a mount point");
                }
                boolean isLast = i == wanted.names().size() - 1;
                if (entry.facts().isFolder() == isLast) {
                    return new Lookup.Missing(wanted + ": no such file");
                }
            }
            return real.names().isEmpty()
                    ? new Lookup.Missing(wanted + ": no such file")
                    : new Lookup.Found(new SmbFile(server, real));
        } catch (IOException e) {
            return e instanceof TransportFailure
                    ? new Lookup.Failed(e)
                    : new Lookup.Missing(wanted + ": " + Reason.of(e));
        }
    }

    /** The entry of exactly that name; otherwise those that differ only in case. */
    private List<FolderEntry> matching(SmbPath folder, String name) throws IOException {
        List<FolderEntry> alike = new ArrayList<>();
        for (FolderEntry entry : SmbShare.list(server, folder, name)) {
            if (entry.name().equals(name)) {
                return List.of(entry);
            }
            // A server also finds a file by its short name, which is not what was asked for.
            if (entry.name().equalsIgnoreCase(name)) {
                alike.add(entry);
            }
        }
        return alike;
    }

    @Override
    public Lookup findOnShare(String host, String share, List<String> names, boolean inside) {
        if (!host.equalsIgnoreCase(path.server().host())) {
            return SourceFolder.super.findOnShare(host, share, names, inside);
        }
        if (!SmbPath.isName(share)) {
            return new Lookup.Refused("not the name of a share");
        }
        boolean isSame = share.equalsIgnoreCase(path.share());
        SmbPath root = new SmbPath(path.server(), isSame ? path.share() : share, List.of());
        Lookup found = new SmbFolder(server, root).find(names, false);
        boolean isOutside =
                found instanceof Lookup.Found there && there.file() instanceof SmbFile file && !isIn(file.path());
        return inside && isOutside ? new Lookup.Refused(OUTSIDE) : found;
    }

    private boolean isIn(SmbPath file) {
        int depth = path.names().size();
        return file.share().equals(path.share())
                && file.names().size() > depth
                && file.names().subList(0, depth).equals(path.names());
    }

    @Override
    public List<SourceFile> list() throws IOException {
        return SmbShare.list(server, path, "*").stream()
                // The names are the server's: one that could be a path is nothing that this folder has.
                .filter(entry -> SmbPath.isName(entry.name()))
                .filter(entry -> !entry.facts().isFolder() && !entry.facts().isLink())
                .sorted(Comparator.comparing(FolderEntry::name))
                .<SourceFile>map(entry -> new SmbFile(server, path.resolve(entry.name())))
                .toList();
    }
}
