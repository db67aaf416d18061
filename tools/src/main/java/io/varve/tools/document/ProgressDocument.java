package io.varve.tools.document;

import java.util.Optional;

@Says("A line of --progress json on standard error: how far one disk or phase is. At most one a second for each, and a"
        + " last one when it ends. Warnings and notices are lines there too; they do not begin with {.")
public record ProgressDocument(
        @Says(
                value = "Kind of the line",
                words = {TYPE})
        String type,

        @Says("The command, as after varve") String command,

        @Says("What the command is doing, such as reading or comparing")
        String phase,

        @Says("The machine; absent if the work belongs to no single machine")
        Optional<String> machine,

        @Says("Name of the disk; absent if the work belongs to no single disk")
        Optional<String> diskName,

        @Says("Id of the snapshot; absent if the work belongs to no single snapshot")
        Optional<String> snapshotId,

        @Says(
                value = "What done, total and rate count",
                words = {"bytes", "items"})
        String unit,

        @Says("How much is done") long done,

        @Says("How much there is to do, as far as is known; an audit can make done larger")
        long total,

        @Says("Units per second, averaged over the last 30 seconds; absent in the first two seconds")
        Optional<Double> rate,

        @Says("Seconds left at this rate; absent while it is unknown or zero")
        Optional<Long> etaSeconds,

        @Says("Whether this is the last line of this disk or phase. It does not say that it was completed: see done and"
                + " the command's exit code")
        boolean last) {
    public static final String TYPE = "progress";
}
