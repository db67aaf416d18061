package io.varve.tools.nightly;

import io.varve.adapters.windows.GivenPath;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.source.ReadingWay;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which machines an entry of a job file stands for. */
sealed interface Selection {
    /**
     * One machine whose disks are files.
     *
     * @param disks {@code [NAME=]PATH}
     * @param files configuration files, {@code NAME=PATH}
     * @param gone names of disks that it no longer has
     */
    record Files(String name, List<String> disks, List<String> files, Set<String> gone) implements Selection {}

    /**
     * Any number of machines, each a folder or a file.
     *
     * @param disks patterns of file names in each folder; empty for the default
     */
    record Folders(GivenPath pattern, List<String> disks, List<String> exclude) implements Selection {}

    /**
     * Machines of a Hyper-V host.
     *
     * @param host where they are; empty for shadow copies on this computer
     * @param vm the GUID or, with a host, the name of a single machine; empty if there are patterns
     * @param name of the single machine in the repository; empty for its name in Hyper-V
     * @param patterns of names in Hyper-V
     * @param exclude names to leave out of the patterns
     * @param gone names of disks that the single machine no longer has
     */
    record Virtual(
            Optional<Host> host,
            Optional<String> vm,
            Optional<String> name,
            List<String> patterns,
            List<String> exclude,
            Set<String> gone)
            implements Selection {
        /** Where its machines are, for messages. */
        String place() {
            return host.map(known -> "host " + known.name()).orElse("this computer");
        }
    }

    /**
     * A Hyper-V host.
     *
     * @param name in the job file
     * @param address {@code HOST[:PORT]}
     * @param user local account of the host; empty to log on with the Kerberos ticket of this session
     * @param fingerprint of its certificate; empty if authorities decide, those of {@code caFile} if it is given
     * @param mounts its folders that are mounted here, or read from shares
     * @param exportTo path on the host of the folder for exports
     * @param groups whether machines that share VHD sets are backed up together
     */
    record Host(
            String name,
            String address,
            Optional<String> user,
            Optional<GivenPath> passwordFile,
            Optional<String> fingerprint,
            Optional<GivenPath> caFile,
            List<MappedFolder> mounts,
            ReadingWay way,
            Optional<String> exportTo,
            boolean groups) {}
}
