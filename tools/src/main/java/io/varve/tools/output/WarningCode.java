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
    AFTER_COMMIT(WARNING, "the snapshot is complete; see that the next backup is, too"),
    AUDIT_MISMATCH(
            ERROR,
            "the change list left something out: the source's tracking cannot be trusted, look for"
                    + " updates of the host"),
    CHAIN_CHANGED(WARNING, "once is no harm: a checkpoint was applied or deleted"),
    CHANGE_LIST_INVALID(WARNING, "create the change list again"),
    CHANGE_TRACKING_FAILED(WARNING, "once is no harm; if it goes on, switch the source's tracking off and on again"),
    CHECKPOINT_NOT_ADVANCED(WARNING, "the snapshot is complete; the next backup may read more"),
    CLOCK(WARNING, "set the clock that is wrong"),
    DISK_ALL_ZERO(ERROR, "find out why; until then nothing of the machine is forgotten: 'varve hold list'"),
    DISK_EMPTY(ERROR, "find out why; until then nothing of the machine is forgotten: 'varve hold list'"),
    DISK_MISSING(ERROR, "find out why, or give --gone if the machine no longer has it; 'varve hold list'"),
    DISK_SHRUNK(ERROR, "find out why; until then nothing of the machine is forgotten: 'varve hold list'"),
    DUPLICATE_GUID(WARNING, "give one of the disks another id ('varve rct set-id'), or keep their names"),
    EXPORT_FAILED(WARNING, "once is no harm"),
    EXPORT_FULL_DUE(WARNING, ""),
    EXPORT_INCOMPLETE(ERROR, "the host's differential exports cannot be trusted: look for updates of the host"),
    EXPORT_UNFINISHED(WARNING, "once is no harm"),
    EXPORT_WHOLE(WARNING, "once is no harm"),
    IDENTITY_AMBIGUOUS(WARNING, "give the disks names, as in system=FILE"),
    IDENTITY_MISMATCH(WARNING, "see that the path leads to the machine's disk"),
    MACHINE_REPLACED(ERROR, "give the machines different names"),
    MANIFEST_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    NO_REFERENCE_POINT(WARNING, "once is no harm"),
    RCT_ANSWER_INVALID(WARNING, "switch the disk's tracking off and on again ('varve rct')"),
    RCT_LOST(WARNING, "once is no harm; if it goes on, look into the event log for VHDMP 8, 9 and 10"),
    RCT_OTHER_SIZE(WARNING, "see that the disk is not being resized"),
    RCT_READS_DIFFER(ERROR, ""),
    REFERENCE_POINT_GONE(WARNING, "another product may remove them: look what else backs the machine up"),
    REFERENCE_POINT_INVALID(WARNING, "'varve hyperv clean' shows what the machine has"),
    SNAPSHOT_GONE(WARNING, "once is no harm"),
    SOURCE_CHANGED(ERROR, ""),
    SOURCE_IN_USE(ERROR, ""),
    SOURCE_NOT_CLEAN(ERROR, "the snapshot is complete; clean the source: 'varve hyperv clean' shows what is left"),
    TOKEN_MISMATCH(WARNING, "once is no harm"),
    TOKEN_REPEATED(WARNING, "once is no harm"),
    TOKEN_REUSED(ERROR, "the source gave one change id twice: switch its tracking off and on again"),
    // Sources
    DISK_NOT_CONTAINED(ERROR, "back it up in another way; docs/hyperv.md says which disks are contained"),
    CONFIGURATION_NOT_CONTAINED(WARNING, "a restore writes disks only: the machine has to be created again"),
    CRASH_CONSISTENT(WARNING, "look whether the guest's backup service runs; --consistency require fails instead"),
    HOST_LEFTOVER(WARNING, "'varve hyperv clean' shows what the machine has at its host"),
    NOT_CONVERTED(WARNING, "once is no harm"),
    SET_KEPT(WARNING, "restore the set itself where its state of that night is needed"),
    HALF_ROLLED_BACK(ERROR, ""),
    SOURCE_FROZEN(ERROR, "'varve hyperv clean' shows what is left there"),
    // Content alarms
    CONTENT_INCOMPRESSIBLE(ERROR, "look whether malware encrypts files in the guest"),
    CONTENT_REMOVED(ERROR, "look who deleted so much in the guest"),
    CHANGE_VOLUME(WARNING, "look what wrote so much in the guest"),
    DEMOTED_TWICE(WARNING, "its change list cannot be trusted: switch the source's tracking off and on again"),
    HOLD_NOT_PLACED(ERROR, "place one before anything of the machine is forgotten: 'varve hold place'"),
    // The repository
    CLEANING_UP(WARNING, "the next command that writes to the repository clears what is left"),
    CHUNKS_LOST(ERROR, "'varve fsck --read-data' lists what cannot be restored without them"),
    CONDEMNED_LIST_DAMAGED(WARNING, "run 'varve fsck'"),
    CONDEMNED_PACK_NEEDED(WARNING, "run 'varve fsck'"),
    DAMAGE(ERROR, "run 'varve fsck', then 'varve repair'"),
    DISKS_DAMAGED(ERROR, "restore with --allow-damaged"),
    FINDINGS(WARNING, "see the findings above"),
    FORGOTTEN_MANIFEST_DAMAGED(WARNING, "run 'varve fsck'"),
    HOLD_DAMAGED(WARNING, ""),
    HELD_SNAPSHOT_INCOMPLETE(ERROR, "run 'varve fsck', then 'varve repair'"),
    HELD(WARNING, "find out why, then 'varve hold release' it"),
    JOB_RECORD_DAMAGED(WARNING, "run 'varve fsck'"),
    KEY_DAMAGED(WARNING, "run 'varve fsck'"),
    PACK_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    PACK_STILL_NEEDED(WARNING, ""),
    PACK_UNREADABLE(ERROR, "run 'varve fsck', then 'varve repair'"),
    ROLLED_BACK(ERROR, "find out who replaced the repository by an older state of it; forget and collect nothing"),
    SNAPSHOT_DAMAGED(ERROR, "run 'varve fsck', then 'varve repair'"),
    TIME_ODD(WARNING, "if a wrong clock dated it, forget it by name"),
    UNPROTECTED(ERROR, "run 'varve repair' first"),
    // Restore and comparison
    DAMAGED_ZEROS(ERROR, "an older snapshot may have what is lost: 'varve snapshots'"),
    DIFFERS(ERROR, "expected if the disk was written to since; otherwise the snapshot or the disk is wrong"),
    FILE_NOT_WRITTEN(ERROR, "write it by itself, or from another snapshot"),
    PROOF_FAILED(
            ERROR,
            "compare them with 'varve fsck --against'; the source's change list or the freeze may be at" + " fault"),
    SECTOR_SIZE(WARNING, "use a disk with the same sectors, or see that the guest can do without"),
    TARGET_IN_USE(WARNING, "see that nobody writes to it"),
    TARGET_LARGER(WARNING, "overwrite what is behind the disk, or give the target its size"),
    TARGET_SPACE(WARNING, "make room first"),
    TOO_MANY(WARNING, ""),
    // Nights
    CHECK_NOT_POSSIBLE(WARNING, ""),
    HOOK_FAILED(WARNING, "correct the hook"),
    JOB_MACHINES(WARNING, "correct the machines of the job file, if this is not meant"),
    NOT_NOTIFIED(WARNING, "correct the job's notification"),
    NOT_STARTED(ERROR, "make the window longer, or the job smaller"),
    NOT_WRITTEN(WARNING, "see that the file can be written"),
    WOULD_FAIL(ERROR, "correct it before the night"),
    // Looking at disks and hosts
    ANSWERS_DIFFER(WARNING, "please report them with the output of --json"),
    DOCTOR(WARNING, "see what each finding says"),
    ODD_DISK(WARNING, ""),
    NOT_MERGED(
            WARNING, "only the host can merge it: events 19070 and 19100 in the log Hyper-V-VMMS say why it did not");

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
