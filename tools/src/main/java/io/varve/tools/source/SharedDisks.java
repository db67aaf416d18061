package io.varve.tools.source;

import io.varve.adapters.rsvd.SharedDiskSource;
import io.varve.adapters.rsvd.SnapshotJournal;
import io.varve.adapters.smb.SmbPath;
import io.varve.engine.port.CheckpointSource;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Shared virtual disks of a guest cluster as the source of a backup. */
public final class SharedDisks {
    private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(10);

    private final Repository repository;
    private final String machine;
    private final ShareServers servers;
    private final boolean allowLive;

    /**
     * @param machine the name of the cluster's history
     * @param servers stays the caller's, and open as long as the source is used
     * @param allowLive whether to read a disk that can have no snapshots
     */
    public SharedDisks(Repository repository, String machine, ShareServers servers, boolean allowLive) {
        this.repository = repository;
        this.machine = machine;
        this.servers = servers;
        this.allowLive = allowLive;
    }

    /**
     * The source; nothing is sent yet.
     *
     * @param disks {@code [NAME=]smb://HOST/SHARE/PATH}
     */
    public CheckpointSource source(List<String> disks, Output output) throws IOException {
        List<SharedDiskSource.OnShare> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String argument : disks) {
            SharedDiskSource.OnShare disk = parse(argument);
            if (!names.add(disk.name())) {
                throw new UsageException("two disks are called '" + Printable.name(disk.name()) + "': give them names,"
                        + " as in data=smb://HOST/SHARE/PATH");
            }
            all.add(disk);
        }
        if (all.size() > 1) {
            output.notice("each disk gets its own snapshot, so the disks are not from the same point in time");
        }
        return SharedDiskSource.of(
                all,
                new SharedDiskSource.Options(allowLive, SNAPSHOT_LIMIT, HostName.get()),
                new SnapshotJournal(repository.home().sourceFolder("rsvd"), machine),
                output::notice);
    }

    private SharedDiskSource.OnShare parse(String argument) throws IOException {
        int equals = SmbPath.isOne(argument) ? -1 : argument.indexOf('=');
        if (!(DiskPlace.parse(argument.substring(equals + 1)) instanceof DiskPlace.OnShare place)) {
            throw new UsageException(argument + ": --via rsvd reads smb://HOST/SHARE/PATH");
        }
        SmbPath path = place.path();
        int dot = path.name().lastIndexOf('.');
        String name = equals > 0
                ? argument.substring(0, equals)
                : dot > 0 ? path.name().substring(0, dot) : path.name();
        Optional<String> fault = NameRule.fault(name);
        if (fault.isPresent()) {
            throw new UsageException("the name '" + Printable.name(name) + "' of a disk " + fault.get());
        }
        return new SharedDiskSource.OnShare(name, equals > 0, servers.server(path.server()), path);
    }
}
