package io.varve.tools.output;

import static io.varve.store.job.Warning.Severity.ERROR;
import static io.varve.store.job.Warning.Severity.WARNING;

import io.varve.store.job.Warning;
import io.varve.store.job.Warning.Severity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every kind of warning: its code, how bad it is, and what to do. Codes never change. The table in
 * {@code docs/operations.md} is made from this.
 */
public enum WarningCode {
    // A backup, by the codes of the engine and its sources
    AFTER_COMMIT(WARNING, "the snapshot is complete; check that the next backup ends without this warning"),
    AUDIT_MISMATCH(
            ERROR,
            "the change list left something out, so the source's tracking cannot be trusted: check the host for"
                    + " updates"),
    CHAIN_CHANGED(
            WARNING,
            "a checkpoint was applied or deleted, or the disk was moved; if it repeats, find out what changes"
                    + " the machine's checkpoints"),
    CHANGE_LIST_INVALID(
            WARNING, "create the change list again; if it came from a file server, check the server for updates"),
    CHANGE_TRACKING_FAILED(WARNING, "if it repeats, switch the source's tracking off and on again"),
    CHECKPOINT_NOT_ADVANCED(
            WARNING,
            "the snapshot is complete, but the next backup may read more; if it repeats, remove the cause that"
                    + " the text names"),
    CLOCK(WARNING, "correct the clock that is wrong"),
    DISK_ALL_ZERO(ERROR, "find out why; until then no snapshot of the machine is forgotten ('varve hold list')"),
    DISK_EMPTY(ERROR, "find out why; until then no snapshot of the machine is forgotten ('varve hold list')"),
    DISK_MISSING(
            ERROR,
            "find out why, or give --gone if the machine no longer has the disk; 'varve hold list' shows what is"
                    + " held"),
    DISK_SHRUNK(ERROR, "find out why; until then no snapshot of the machine is forgotten ('varve hold list')"),
    DUPLICATE_GUID(
            WARNING, "give one of the disks another id ('varve rct set-id'), or do not change the names of the disks"),
    EXPORT_FAILED(
            WARNING,
            "the machine is exported in full; if it repeats, check the host's log Hyper-V-VMMS and the free"
                    + " space for exports"),
    EXPORT_FULL_DUE(WARNING, ""),
    EXPORT_INCOMPLETE(ERROR, "the host's differential exports cannot be trusted: check the host for updates"),
    EXPORT_UNFINISHED(
            WARNING,
            "the machine is exported in full; if it repeats, find out why backups fail after the export ('varve"
                    + " jobs')"),
    EXPORT_WHOLE(WARNING, "if it repeats, check the host's log Hyper-V-VMMS, and the host for updates"),
    IDENTITY_AMBIGUOUS(WARNING, "name the disks, as in system=FILE"),
    IDENTITY_MISMATCH(WARNING, "check that the path leads to the machine's disk"),
    MACHINE_REPLACED(ERROR, "give the machines different names"),
    MANIFEST_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    NO_REFERENCE_POINT(
            WARNING,
            "the disks are read in full; if it repeats, check earlier backups for the warning not-converted"
                    + " ('varve jobs')"),
    RCT_ANSWER_INVALID(
            WARNING, "switch the disk's tracking off and on again ('varve rct disable', 'varve rct enable')"),
    RCT_LOST(
            WARNING,
            "the disk is read in full; if it repeats, check the host's event log for events 8, 9 and 10 of VHDMP"),
    RCT_OTHER_SIZE(WARNING, "check that the disk is not being resized"),
    RCT_READS_DIFFER(ERROR, ""),
    REFERENCE_POINT_GONE(
            WARNING, "find out what else backs up the machine: another product may remove its reference points"),
    REFERENCE_POINT_INVALID(WARNING, "check what the machine has at its host with 'varve hyperv clean'"),
    SNAPSHOT_GONE(
            WARNING, "the disk is read in full; if it repeats, find out who deletes snapshots at the file server"),
    SOURCE_CHANGED(ERROR, ""),
    SOURCE_IN_USE(ERROR, ""),
    SOURCE_NOT_CLEAN(
            ERROR,
            "the snapshot is complete; check what is left at the source with 'varve hyperv clean', and remove it"),
    TOKEN_MISMATCH(
            WARNING,
            "the disk is read in full; if it repeats, check that the change list starts from the last stored"
                    + " change id"),
    TOKEN_REPEATED(WARNING, "give each backup its own token"),
    TOKEN_REUSED(ERROR, "the source used one change id twice: switch its tracking off and on again"),
    // Sources
    DISK_NOT_CONTAINED(ERROR, "back up the disk in another way; docs/hyperv.md says which disks are included"),
    CONFIGURATION_NOT_CONTAINED(
            WARNING, "remove the cause that the text names; without the configuration, a restore writes disks only"),
    CRASH_CONSISTENT(
            WARNING, "check that the guest's backup service runs; with --consistency require the backup fails instead"),
    HOST_LEFTOVER(WARNING, "check what the machine has at its host with 'varve hyperv clean'"),
    NOT_CONVERTED(WARNING, "if it repeats, check the host's log Hyper-V-VMMS"),
    SET_KEPT(WARNING, "restore the set itself if its state in the snapshot is needed"),
    HALF_ROLLED_BACK(ERROR, ""),
    SOURCE_FROZEN(ERROR, "check what is left at the host with 'varve hyperv clean'"),
    // Content alarms
    CONTENT_INCOMPRESSIBLE(ERROR, "check the guest for malware that encrypts files"),
    CONTENT_REMOVED(ERROR, "find out who deleted so much in the guest"),
    CHANGE_VOLUME(WARNING, "find out what wrote so much in the guest"),
    DEMOTED_TWICE(WARNING, "its change list cannot be trusted: switch the source's tracking off and on again"),
    HOLD_NOT_PLACED(ERROR, "place the hold before any snapshot of the machine is forgotten: 'varve hold place'"),
    // The repository
    CLEANING_UP(WARNING, "no action needed: the next command that writes to the repository removes what is left"),
    CHUNKS_LOST(ERROR, "list what can no longer be restored with 'varve fsck --read-data'"),
    CONDEMNED_LIST_DAMAGED(WARNING, "run 'varve fsck'"),
    CONDEMNED_PACK_NEEDED(WARNING, "run 'varve fsck'"),
    DAMAGE(ERROR, "run 'varve fsck', then 'varve repair'"),
    DISKS_DAMAGED(ERROR, "restore the rest of these disks with --allow-damaged"),
    FINDINGS(WARNING, "see the findings above"),
    FORGOTTEN_MANIFEST_DAMAGED(WARNING, "run 'varve fsck'"),
    HOLD_DAMAGED(WARNING, ""),
    HELD_SNAPSHOT_INCOMPLETE(ERROR, "run 'varve fsck', then 'varve repair'"),
    HELD(WARNING, "find out why, then release the hold with 'varve hold release'"),
    JOB_RECORD_DAMAGED(WARNING, "run 'varve fsck'"),
    KEY_DAMAGED(WARNING, "run 'varve fsck'"),
    PACK_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    PACK_STILL_NEEDED(WARNING, ""),
    PACK_UNREADABLE(ERROR, "run 'varve fsck', then 'varve repair'"),
    ROLLED_BACK(
            ERROR,
            "find out who replaced the repository with an older state of it; until then run neither forget nor gc"),
    SNAPSHOT_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    TIME_ODD(WARNING, "if a wrong clock dated the snapshot, forget it by its id"),
    UNPROTECTED(ERROR, "run 'varve repair', then this command again"),
    // Restore and comparison
    DAMAGED_ZEROS(ERROR, "check whether an older snapshot has the lost data ('varve snapshots')"),
    DIFFERS(
            ERROR,
            "expected if the disk was written to since the snapshot; otherwise verify the snapshot with 'varve"
                    + " fsck --read-data'"),
    FILE_NOT_WRITTEN(ERROR, "restore the file by itself, or from another snapshot"),
    PROOF_FAILED(
            ERROR, "compare them with 'varve fsck --against'; the source's change list or the freeze may be at fault"),
    SECTOR_SIZE(WARNING, "use a target with the same sector size, or check that the guest works with another one"),
    TARGET_IN_USE(WARNING, "make sure that nothing writes to the target"),
    TARGET_LARGER(WARNING, "overwrite the target past the end of the disk, or give the target the size of the disk"),
    TARGET_SPACE(WARNING, "free space on the file system of the target first"),
    TOO_MANY(WARNING, ""),
    // Nights
    CHECK_NOT_POSSIBLE(WARNING, ""),
    HOOK_FAILED(WARNING, "correct the hook"),
    JOB_MACHINES(WARNING, "correct the machines of the job file if this is not intended"),
    NOT_NOTIFIED(WARNING, "correct the job's notification"),
    NOT_STARTED(ERROR, "make the window longer or the job smaller"),
    NOT_DELETED(WARNING, ""),
    NOT_WRITTEN(WARNING, "check that the file can be written"),
    WOULD_FAIL(ERROR, "correct this before the night"),
    // Looking at disks and hosts
    ANSWERS_DIFFER(WARNING, "report the answers, with the output of --json"),
    DOCTOR(WARNING, "follow the advice of each finding"),
    ODD_DISK(WARNING, ""),
    NOT_MERGED(
            WARNING,
            "find out why the host did not merge it: events 19070 and 19100 in its log Hyper-V-VMMS; only the"
                    + " host can merge it");

    private static final Map<String, WarningCode> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toMap(WarningCode::word, Function.identity()));

    private final Severity severity;
    private final String advice;

    WarningCode(Severity severity, String advice) {
        this.severity = severity;
        this.advice = advice;
    }

    /** The code, for scripts. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Severity severity() {
        return severity;
    }

    /** What to do; empty where each text says it. */
    public String advice() {
        return advice;
    }

    /** The warning of this kind that says {@code text}. */
    public Warning of(String text) {
        return new Warning(word(), severity, text, advice);
    }

    /**
     * The warning with a code that the engine, the store or a source gave.
     *
     * @param code one that is not in the table has no advice
     */
    public static Warning of(String code, String text) {
        WarningCode known = BY_WORD.get(code);
        return known == null ? new Warning(code, WARNING, text, "") : known.of(text);
    }

    /** Whether a code is in the table. */
    static boolean isKnown(String code) {
        return BY_WORD.containsKey(code);
    }
}
