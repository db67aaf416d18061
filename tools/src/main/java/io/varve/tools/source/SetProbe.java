package io.varve.tools.source;

import io.varve.adapters.rsvd.SharedDisk;
import io.varve.adapters.smb.SmbPath;
import io.varve.store.coordination.HostName;
import io.varve.store.fault.Reason;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.option.ShareServers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Looks whether VHD sets of a host can be read from their file servers. */
public record SetProbe(List<MappedFolder> mounts, ShareServers servers) {
    public SetProbe {
        mounts = List.copyOf(mounts);
    }

    /**
     * Opens a set at its server; takes no snapshot.
     *
     * @param file path on the host
     * @return why it cannot be backed up by rsvd; empty when it can, as far as the server says
     */
    public Optional<String> objection(String file) {
        Optional<SmbPath> place = MachineSets.place(file, mounts);
        if (place.isEmpty()) {
            return Optional.of(MachineSets.notOnAShare(file));
        }
        try (SharedDisk disk = SharedDisk.open(servers.server(place.get().server()), place.get(), HostName.get())) {
            if (!disk.facts().isSet()) {
                return Optional.of("a shared VHDX, which does not support snapshots: convert it (Convert-VHD)");
            }
            return disk.support().hasSnapshots()
                    ? Optional.empty()
                    : Optional.of("on a server that cannot take snapshots of it (Windows Server 2016 and later can)");
        } catch (IOException e) {
            return Optional.of("not readable from its server: " + Reason.of(e));
        }
    }
}
