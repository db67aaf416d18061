package io.varve.tools.document;

import java.util.Optional;

@Says("How Windows identifies a disk, and whether its changes are tracked.")
public record RctStatusDocument(
        @Says("The disk") String file,

        @Says("Format of the file: vhdx, vhd, vhd-set, iso or unknown")
        String format,

        @Says("How the file stores the disk: fixed, dynamic, differencing or unknown")
        String layout,

        @Says("Id of the virtual disk, which stays the same; of a VHD, its identifier")
        String virtualDiskId,

        @Says("Names the content of the file; of a VHDX it may change whenever the file is written to")
        String identifier,

        @Says("Its parent; absent unless it is a differencing disk")
        Optional<RctParentEntry> parent,

        @Says("Size of the disk, in bytes") long size,
        @Says("Size of its logical sectors, in bytes") int sectorSize,
        @Says("Whether changes are tracked") boolean tracked,

        @Says("Whether the files with the tracked changes are beside the disk")
        boolean hasTrackingFiles,

        @Says("Id to ask from next time; absent if there is none")
        Optional<String> mostRecentId,

        @Says("Whether something was written since that id") boolean hasNewerChanges) {}
