package io.varve.tools.source;

import io.varve.tools.output.UsageException;

/**
 * Which way a machine is read, and why.
 *
 * @param way never {@link ReadingWay#AUTO}
 * @param reason for people, after "since"
 */
public record ReadingChoice(ReadingWay way, String reason) {
    /**
     * What there is to choose from.
     *
     * @param isWindows whether this computer runs Windows; without mounted folders it is then taken for the host
     * @param hasMounts whether folders of the host are mounted here
     * @param hasExportFolder whether a folder for exports is named
     * @param hasTracking whether the machine's configuration version has change tracking
     */
    public record Situation(boolean isWindows, boolean hasMounts, boolean hasExportFolder, boolean hasTracking) {
        private boolean isHost() {
            return isWindows && !hasMounts;
        }
    }

    /**
     * Chooses, or checks what was chosen.
     *
     * @throws UsageException when this computer cannot read the machine so, with what is missing
     */
    public static ReadingChoice of(ReadingWay wanted, Situation situation) throws UsageException {
        ReadingChoice choice = wanted == ReadingWay.AUTO
                ? automatic(situation)
                : new ReadingChoice(wanted, "--read (read in a job file) says so");
        check(choice.way, situation);
        return choice;
    }

    private static ReadingChoice automatic(Situation situation) {
        if (situation.hasExportFolder) {
            return new ReadingChoice(ReadingWay.EXPORT, "a folder for exports is named");
        }
        if (!situation.isHost()) {
            return new ReadingChoice(
                    ReadingWay.WMI_CHANGES,
                    "this computer is not the host, so the host is asked for changes and its mounted folders are read");
        }
        return situation.hasTracking
                ? new ReadingChoice(ReadingWay.WIN32, "this computer is the host")
                : new ReadingChoice(
                        ReadingWay.VSS,
                        "the machine's configuration version has neither checkpoints for backups nor"
                                + " change tracking");
    }

    private static void check(ReadingWay way, Situation situation) throws UsageException {
        if (way == ReadingWay.EXPORT && !situation.hasExportFolder) {
            throw new UsageException("reading by export needs a folder that the host can write to: --export-to"
                    + " '\\\\nas\\staging' (export-to in a job file)");
        }
        if (way != ReadingWay.EXPORT && situation.hasExportFolder) {
            throw new UsageException(
                    "--export-to (export-to in a job file) is for reading by export, not by " + way.word());
        }
        if (way == ReadingWay.RSVD) {
            return; // of any computer, if the machine has VHD sets
        }
        boolean onHost = way == ReadingWay.WIN32 || way == ReadingWay.VSS;
        if (onHost && !situation.isWindows) {
            throw new UsageException("reading by " + way.word()
                    + " works on the host itself, under Windows; from here: wmi-changes, direct or export");
        }
        if (way == ReadingWay.VSS && situation.hasMounts) {
            throw new UsageException("reading by vss works on the host itself, where nothing is mounted: leave out"
                    + " --map (map in a job file)");
        }
        if (!onHost && !situation.isWindows && !situation.hasMounts) {
            throw new UsageException("this computer is not the host: say where its folders"
                    + (way == ReadingWay.EXPORT ? ", or the folder for exports, are" : " are")
                    + " mounted here, with --map 'D:\\VMs=/mnt/hv1/vms' (map in a job file)");
        }
    }
}
