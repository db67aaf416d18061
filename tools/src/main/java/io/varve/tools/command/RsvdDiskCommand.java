package io.varve.tools.command;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.adapters.smb.SmbPath;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.coordination.HostName;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The base of commands that ask a server about one shared disk. */
abstract class RsvdDiskCommand extends CommonOptions {
    @Parameters(index = "0", paramLabel = "DISK", description = "The VHD set: smb://HOST/SHARE/PATH.vhds")
    private String disk;

    @Mixin
    private ShareOptions shares;

    @Override
    public final void run(Output output, Cancellation cancellation) throws IOException {
        if (!(DiskPlace.parse(disk) instanceof DiskPlace.OnShare place)) {
            throw new UsageException(disk + ": expected smb://HOST/SHARE/PATH");
        }
        SmbPath path = place.path();
        try (ShareServers servers = shares.servers();
                SharedDisk opened = SharedDisk.open(servers.server(path.server()), path, HostName.get())) {
            run(opened, output, cancellation);
        } catch (UsageException | RefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }

    abstract void run(SharedDisk opened, Output output, Cancellation cancellation) throws IOException;

    static UUID id(String text) throws UsageException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("'" + text + "' is not the id of a snapshot, as 'varve rsvd snapshots' shows it");
        }
    }
}
