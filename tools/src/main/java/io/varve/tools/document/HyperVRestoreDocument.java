package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("A machine that was restored to a folder.")
public record HyperVRestoreDocument(
        @Says("Id of the snapshot") String snapshotId,

        @Says("The disks, as far as the command came") List<RestoredFileEntry> restoredDisks,

        @Says("The configuration files, as far as the command came")
        List<RestoredFileEntry> restoredFiles,

        @Says("The configuration file to import, if the snapshot has one")
        Optional<String> importFile,

        @Says("GUID of the machine that a host made of it") Optional<String> registeredMachine) {}
