package io.varve.tools.nightly;

import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.windows.VolumePaths;
import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.SourceFolder;
import io.varve.store.Repository;
import io.varve.tools.option.DiskArguments;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.FileArguments;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Disk files of this computer.
 *
 * @param disks {@code [NAME=]PATH}, as {@code varve backup} takes them
 * @param files {@code NAME=PATH}
 * @param parents folders to search for the parents of differencing disks
 */
record FilesOrigin(List<String> disks, List<String> files, List<Path> parents, boolean allowParentOutside)
        implements Origin {
    /** A problem with the machine's files is a failure of the machine, not a usage error of the night. */
    @Override
    public Opened open(Repository repository, Output output, Cancellation cancellation) throws IOException {
        ShareServers servers = ShareServers.ofEnvironment();
        DiskArguments arguments = new DiskArguments(
                disks, List.<SourceFormat>of(), List.of(), List.of(), List.of(), false, Optional.empty(), servers);
        ParentSearch search = new ParentSearch(
                parents.stream()
                        .<SourceFolder>map(folder -> new LocalFolder(folder, Reader.AUTO))
                        .toList(),
                allowParentOutside);
        try {
            arguments.check();
            List<CheckpointFile> configuration = FileArguments.parse(files);
            return new Opened(
                    previous -> arguments.checkpoint(Reader.AUTO, search, configuration, previous, output),
                    false,
                    Optional.of(words -> arguments.open(Reader.AUTO, search, words)),
                    servers);
        } catch (UsageException e) {
            throw new SourceException(e.getMessage(), e);
        }
    }

    /** What is wrong with its files of this computer now, without opening any: a dry run must not disturb a machine. */
    List<String> faults() {
        return Stream.concat(
                        disks.stream().map(disk -> fault(disk, () -> here(disk))),
                        files.stream()
                                .map(file -> fault(
                                        file,
                                        () -> Optional.of(VolumePaths.of(file.substring(file.indexOf('=') + 1))))))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Path> here(String disk) {
        return DiskArguments.place(disk) instanceof DiskPlace.Here here ? Optional.of(here.file()) : Optional.empty();
    }

    private static Optional<String> fault(String given, Supplier<Optional<Path>> path) {
        try {
            return path.get().filter(Files::notExists).map(missing -> missing + " does not exist");
        } catch (InvalidPathException e) {
            return Optional.of(given + ": " + e.getReason()); // a volume that is not mounted now
        }
    }

    @Override
    public List<String> lines() {
        return Stream.concat(
                        disks.stream().map(disk -> "disk " + disk),
                        files.stream().map(file -> "file " + file))
                .toList();
    }
}
