package io.varve.adapters.rsvd;

import io.varve.adapters.smb.link.NtStatus;
import java.util.Locale;
import java.util.Optional;

/**
 * What a status of the shared disk protocol means here, and what to do about it (MS-RSVD 2.2.2.3). Those of the network
 * are in {@link NtStatus}.
 */
public enum RsvdStatus {
    NO_SENSE_STORED(0xC05C_FF00, Outcome.FAIL, "the server has no details of the error", ""),
    UNIT_ATTENTION(0xC05C_FF01, Outcome.ONCE_MORE, "the disk's state changed", ""),
    CAPACITY_CHANGED(0xC05C_FF02, Outcome.ONCE_MORE, "the disk was resized", "back it up again"),
    RESERVATIONS_PREEMPTED(0xC05C_FF03, Outcome.ONCE_MORE, "another initiator took its reservation", ""),
    RESERVATIONS_RELEASED(0xC05C_FF04, Outcome.ONCE_MORE, "another initiator gave up its reservation", ""),
    REGISTRATIONS_PREEMPTED(0xC05C_FF05, Outcome.ONCE_MORE, "another initiator took its registration", ""),
    DEFINITION_CHANGED(0xC05C_FF06, Outcome.ONCE_MORE, "the disk's file was switched, as a snapshot does", ""),
    RESERVATION_CONFLICT(
            0xC05C_FF07,
            Outcome.FAIL,
            "a reservation of the guest cluster keeps others from the live disk",
            "read a snapshot, which no reservation concerns"),
    WRONG_FILE_TYPE(0xC05C_FF08, Outcome.FAIL, "not a virtual disk that can be shared", "name a .vhds or .vhdx"),
    VERSION_MISMATCH(
            0xC05C_FF09,
            Outcome.FAIL,
            "the server's version does not know this operation",
            "snapshots need Windows Server 2016 or later"),
    SHARED(0xC05C_FF0A, Outcome.FAIL, "the file is open as a shared disk", "open it as a shared disk too"),
    NO_INITIATOR(0xC05C_FF0B, Outcome.FAIL, "the server knows no initiator of this open", ""),
    BACKING_FILE_NOT_FOUND(
            0xC05C_FF0C, Outcome.FAIL, "a file of the VHD set is missing", "look for its .avhdx beside the .vhds"),

    NOT_INITIALISED(0xC03A_0020, Outcome.DEMOTE, "changes were never tracked", ""),
    LOG_TOO_BIG(0xC03A_0021, Outcome.DEMOTE, "the change log outgrew its bound", ""),
    CHANGED_OFFLINE(0xC03A_0022, Outcome.DEMOTE, "the disk was changed while tracking was off", ""),
    TRACKING_BAD_STATE(0xC03A_0023, Outcome.DEMOTE, "the change log is unusable", ""),
    TRACKING_INCONSISTENT(0xC03A_0024, Outcome.DEMOTE, "the change log contradicts itself", ""),

    NOT_SUPPORTED_HERE(
            0xC000_0010,
            Outcome.FAIL,
            "the server does not offer shared virtual disks",
            "they need a share of a Scale-Out File Server (Windows Server 2012 R2 or later)"),
    NOT_SUPPORTED(0xC000_00BB, Outcome.FAIL, "the server refuses this on such an open", ""),
    NAME_INVALID(
            0xC000_0033,
            Outcome.FAIL,
            "the server does not take the name of a shared virtual disk",
            "they need a share of a Scale-Out File Server (Windows Server 2012 R2 or later)"),
    INVALID_PARAMETER(0xC000_000D, Outcome.FAIL, "the server refuses the request as it is", ""),
    FILE_CORRUPT(0xC000_0102, Outcome.FAIL, "there is no such disk, or its file is damaged", "check the name");

    /** What a backup does about it. */
    public enum Outcome {
        /** The operation is repeated once: it says that something has changed, not that something is wrong. */
        ONCE_MORE,
        /** This disk is read in full. */
        DEMOTE,
        /** The disk's backup fails. */
        FAIL
    }

    /** A read failed, and the server has details under the key in the lowest byte. */
    private static final int STORED = 0xC05C_0000;

    private final int code;
    private final Outcome outcome;
    private final String meaning;
    private final String advice;

    RsvdStatus(int code, Outcome outcome, String meaning, String advice) {
        this.code = code;
        this.outcome = outcome;
        this.meaning = meaning;
        this.advice = advice;
    }

    public int code() {
        return code;
    }

    public Outcome outcome() {
        return outcome;
    }

    public String meaning() {
        return meaning;
    }

    /** What to do; empty where nothing can be done. */
    public String advice() {
        return advice;
    }

    public static Optional<RsvdStatus> of(int code) {
        for (RsvdStatus status : values()) {
            if (status.code == code) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** Whether it is that of an error of which the server has details. */
    static boolean isStored(int status) {
        return (status & 0xFFFF_FF00) == STORED;
    }

    static boolean asksForOneMore(int status) {
        return of(status).map(known -> known.outcome == Outcome.ONCE_MORE).orElse(false);
    }

    /** In words, with what to do and the number. */
    public static String describe(int status) {
        String number = String.format(Locale.ROOT, "0x%08X", status);
        return of(status)
                .map(known -> known.meaning + (known.advice.isEmpty() ? "" : "; " + known.advice) + " (status " + number
                        + ")")
                .orElseGet(() -> NtStatus.describe(status));
    }
}
