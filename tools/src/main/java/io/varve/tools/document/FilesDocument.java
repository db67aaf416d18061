package io.varve.tools.document;

import java.util.List;

@Says("With --files: the configuration files that were restored.")
public record FilesDocument(
        @Says("Id of their snapshot") String snapshotId,
        @Says("The files, as far as the command came") List<RestoredFileEntry> restoredFiles) {}
