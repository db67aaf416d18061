package io.varve.tools.option;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.SourceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the parents of differencing disks may be. */
public final class ParentOptions {
    @Option(
            names = "--parent",
            paramLabel = "DIR",
            description =
                    "Also look here for the parents of differencing disks, by name and then by identity. Repeatable.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--allow-parent-outside",
            description = "Follow the paths by which a differencing disk names its parent also out of its own folder.")
    private boolean allowOutside;

    /** @param reader how files found there are read */
    public ParentSearch search(Reader reader) {
        return new ParentSearch(
                folders.stream()
                        .<SourceFolder>map(folder -> new LocalFolder(folder, reader))
                        .toList(),
                allowOutside);
    }
}
