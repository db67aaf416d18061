package io.varve.tools.command;

import io.varve.adapters.DiskImages;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.adapters.smb.SmbTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.DiskRecord;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.NewDiskOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** A new file on a share that a disk is restored to. */
final class ShareTarget {
    private final SmbPath path;
    private final ShareServers servers;
    private final NewDiskOptions newDisk;

    /** @param servers stay the caller's, and open as long as the file is written */
    ShareTarget(DiskPlace.OnShare place, ShareServers servers, NewDiskOptions newDisk) {
        this.path = place.path();
        this.servers = servers;
        this.newDisk = newDisk;
    }

    /** Whether such a file can be written, before anything is. */
    void check() throws IOException {
        Optional<String> foreign = newDisk.hasFormat() ? Optional.empty() : DiskImages.foreignName(path.name());
        if (foreign.isPresent()) {
            throw new UsageException(path + ": has the extension of " + foreign.get()
                    + ", which Varve does not write: use .vhdx, .vhd or .raw, or --format raw to keep the name");
        }
        try {
            if (!newDisk.force() && SmbTarget.exists(server(), path)) {
                throw new UsageException(path + " exists: choose another name, or --force to replace it");
            }
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(Reason.of(e), e);
        }
    }

    private SmbServer server() throws IOException {
        return servers.server(path.server());
    }

    /** @param contentGuid as of {@link NewDiskOptions#plan} */
    DiskTarget create(DiskRecord disk, Optional<UUID> contentGuid) throws IOException {
        SmbServer server = server();
        return newDisk.plan(
                        path.toString(),
                        sparse -> SmbTarget.create(server, path, newDisk.force(), sparse),
                        disk,
                        contentGuid)
                .create();
    }
}
