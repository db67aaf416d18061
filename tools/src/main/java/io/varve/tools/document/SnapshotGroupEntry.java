package io.varve.tools.document;

import java.util.List;

@Says("Snapshots that have the machine, the computer or the day in common.")
public record SnapshotGroupEntry(
        @Says("Name of the machine or computer, or the day") String group,

        @Says("Ids of its snapshots, oldest first") List<String> snapshotIds) {}
