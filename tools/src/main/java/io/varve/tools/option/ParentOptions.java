package io.varve.tools.option;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.smb.SmbFolder;
import io.varve.adapters.smb.SmbPath;
import io.varve.engine.port.SourceFolder;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the parents of differencing disks may be. */
public final class ParentOptions {
    @Option(
            names = "--parent",
            paramLabel = "DIR",
            description = "Also search this folder (for disks on shares also smb://HOST/SHARE/PATH) for the parents of"
                    + " differencing disks, by name, then by identity. Repeatable.")
    private List<String> folders = new ArrayList<>();

    @Option(
            names = "--allow-parent-outside",
            description =
                    "Follow the parent paths in a differencing disk even where they lead outside its" + " folder.")
    private boolean allowOutside;

    /**
     * Folders of this computer.
     *
     * @param reader how to read the files found
     */
    public ParentSearch search(Reader reader) throws UsageException {
        for (String folder : folders) {
            if (SmbPath.isOne(folder)) {
                throw new UsageException("--parent " + folder + ": this command searches folders of this computer");
            }
        }
        return new ParentSearch(
                folders.stream().map(folder -> local(folder, reader)).toList(), allowOutside);
    }

    /** Folders of this computer and on shares. */
    public ParentSearch search(Reader reader, ShareServers servers) throws IOException {
        List<SourceFolder> all = new ArrayList<>();
        for (String folder : folders) {
            if (SmbPath.isOne(folder)) {
                SmbPath path;
                try {
                    path = SmbPath.parse(folder);
                } catch (IllegalArgumentException e) {
                    throw new UsageException("--parent: " + e.getMessage());
                }
                all.add(new SmbFolder(servers.server(path.server()), path));
            } else {
                all.add(local(folder, reader));
            }
        }
        return new ParentSearch(all, allowOutside);
    }

    private static SourceFolder local(String folder, Reader reader) {
        return new LocalFolder(Path.of(folder), reader);
    }
}
