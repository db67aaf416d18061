package io.varve.tools.document;

import java.util.List;

@Says("A machine that a night would back up.")
public record PlannedMachineEntry(
        @Says("Its name") String machine,

        @Says("Its disks as they would be given to a backup")
        List<String> diskFiles) {}
