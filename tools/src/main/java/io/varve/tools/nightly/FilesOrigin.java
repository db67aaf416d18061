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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

    /** Files of this computer that do not exist now, without opening any: a dry run must not disturb a machine. */
    List<Path> missing() {
        return Stream.concat(
                        disks.stream()
                                .map(DiskArguments::place)
                                .flatMap(place ->
                                        place instanceof DiskPlace.Here here ? Stream.of(here.file()) : Stream.empty()),
                        files.stream().map(file -> VolumePaths.of(file.substring(file.indexOf('=') + 1))))
                .filter(Files::notExists)
                .toList();
    }

    @Override
    public List<String> lines() {
        return Stream.concat(
                        disks.stream().map(disk -> "disk " + disk),
                        files.stream().map(file -> "file " + file))
                .toList();
    }
}
