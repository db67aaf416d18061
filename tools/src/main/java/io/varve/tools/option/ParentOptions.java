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
            description = "Also search this folder for the parents of differencing disks, by name, then by"
                    + " identity. Repeatable.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--allow-parent-outside",
            description =
                    "Follow the parent paths in a differencing disk even where they lead outside its" + " folder.")
    private boolean allowOutside;

    /** @param reader how to read the files found */
    public ParentSearch search(Reader reader) {
        return new ParentSearch(
                folders.stream()
                        .<SourceFolder>map(folder -> new LocalFolder(folder, reader))
                        .toList(),
                allowOutside);
    }
}
