package io.varve.tools.document;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

@Says("A snapshot.")
public record SnapshotEntry(
        @Says("Its id") String id,
        @Says("Machine whose disks it holds") String machine,
        @Says("Computer that made the backup") String host,

        @Says("The point in time that the snapshot stands for")
        Instant startedAt,

        @Says("When the backup ended") Instant finishedAt,

        @Says("How consistent its disks are, such as crash-consistent or fuzzy")
        String consistency,

        @Says("Version of Varve that made it") String writer,

        @Says("Its place in the order of the machine's snapshots; absent in those of early versions")
        Optional<Long> sequence,

        @Says("Id of the machine's previous snapshot; absent for the first one")
        Optional<String> parentId,

        @Says("Its disks") List<DiskEntry> disks,

        @Says("GUID of the machine; absent if the source knows none")
        Optional<UUID> machineGuid,

        @Says("What the source stored for its next backup; absent if nothing")
        Optional<String> sourceState,

        @Says("Its configuration files") List<FileEntry> files,

        @Says("Its tags") List<String> tags,

        @Says("What the operator noted about it; absent if nothing")
        Optional<String> note,

        @Says("Whether it is protected from being forgotten; absent where the command does not ask")
        Optional<Boolean> isProtected,

        @Says("Id of a hold that keeps it; absent if there is none, or where the command does not ask")
        Optional<String> holdId) {}
