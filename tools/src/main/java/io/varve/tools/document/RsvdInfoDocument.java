package io.varve.tools.document;

@Says("A shared virtual disk, as its server describes it.")
public record RsvdInfoDocument(
        @Says("The disk") String file,
        @Says("Id of the virtual disk") String virtualDiskId,
        @Says("Size of the disk, in bytes") long size,
        @Says("Size of its logical sectors, in bytes") int sectorSize,

        @Says("Version of the protocol that the server speaks")
        int protocolVersion,

        @Says("Whether it is a VHD set, which may have snapshots")
        boolean isSet,

        @Says("Whether the server takes snapshots") boolean hasSnapshotSupport) {}
