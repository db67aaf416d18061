package io.varve.tools.document;

import java.util.List;

@Says("What backups left at a Hyper-V host.")
public record HyperVCleanDocument(
        @Says("GUID of the machine") String id,

        @Says("Checkpoints, reference points and files") List<HostObjectEntry> objects,

        @Says("Whether something was removed; otherwise this only shows what would be")
        boolean applied) {}
