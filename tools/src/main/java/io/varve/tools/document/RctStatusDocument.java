package io.varve.tools.document;

import java.util.Optional;

@Says("Whether the changes of a disk are tracked.")
public record RctStatusDocument(
        @Says("The disk") String file,
        @Says("Id of the virtual disk") String virtualDiskId,
        @Says("Size of the disk, in bytes") long size,
        @Says("Size of its logical sectors, in bytes") int sectorSize,
        @Says("Whether changes are tracked") boolean tracked,

        @Says("Whether the files with the tracked changes are beside the disk")
        boolean hasTrackingFiles,

        @Says("Id to ask from next time; absent if there is none")
        Optional<String> mostRecentId,

        @Says("Whether something was written since that id") boolean hasNewerChanges) {}
