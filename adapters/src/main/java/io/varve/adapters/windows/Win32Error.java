package io.varve.adapters.windows;

import java.util.Locale;
import java.util.Optional;

/**
 * Errors of {@code virtdisk.dll} that mean something to a backup, and what to do about each. Numbers are unsigned
 * 32-bit; those of virtual disks are {@code 0xC03Axxxx}.
 */
public enum Win32Error {
    FILE_NOT_FOUND(2, Outcome.FAIL, "there is no such file"),
    PATH_NOT_FOUND(3, Outcome.FAIL, "there is no such folder"),
    ACCESS_DENIED(
            5,
            Outcome.FAIL,
            "permission denied; run elevated, as a member of Administrators or Hyper-V Administrators"),
    SHARING_VIOLATION(32, Outcome.RETRY, "another process has the file open; back up a checkpoint's frozen file"),
    LOCK_VIOLATION(33, Outcome.RETRY, "another process has locked the file"),
    INVALID_PARAMETER(87, Outcome.FAIL, "Windows refused the request: this version may not know it"),
    CALL_NOT_IMPLEMENTED(
            120, Outcome.FAIL, "this version of Windows has no change tracking (Server 2016 or later has)"),
    COMPRESSED_VOLUME(618, Outcome.FAIL, "the volume is compressed; virtual disks cannot be opened on one"),
    LOOPBACK_SHARE(665, Outcome.FAIL, "the path is a share of this computer; give the local path"),
    PRIVILEGE_MISSING(
            1314,
            Outcome.FAIL,
            "this account may not perform volume maintenance tasks (SeManageVolumePrivilege); run elevated"),
    FILE_ENCRYPTED(6002, Outcome.FAIL, "the file is encrypted by EFS; virtual disks cannot be opened so"),
    NO_SUCH_EVENT_LOG(15007, Outcome.FAIL, "there is no such event log"),
    VIRTDISK_CORRUPT(1392, Outcome.FAIL, "the file is damaged"),
    FOOTER_CORRUPT(0xC03A0003, Outcome.FAIL, "the footer of the file is damaged"),
    PARENT_NOT_FOUND(0xC03A000D, Outcome.FAIL, "a parent of the differencing disk is missing"),
    PARENT_ID_MISMATCH(0xC03A000E, Outcome.FAIL, "a parent of the differencing disk was changed"),
    PARENT_ACCESS_DENIED(0xC03A0016, Outcome.FAIL, "permission denied for a parent of the differencing disk"),
    PARENT_SIZE_MISMATCH(0xC03A0017, Outcome.FAIL, "a parent of the differencing disk has another size"),
    ERROR_IN_PARENT(0xC03A0019, Outcome.FAIL, "a parent of the differencing disk cannot be used"),
    HOST_LIMITATION(
            0xC03A001A,
            Outcome.FAIL,
            "the host's volume cannot hold this virtual disk: a compressed or sparse file, for instance"),
    INVALID_TYPE(0xC03A001B, Outcome.DEMOTE, "this kind of virtual disk has no change tracking"),
    INVALID_STATE(0xC03A001C, Outcome.RETRY, "the disk is in a state that allows no query"),
    ALREADY_OWNED(0xC03A001E, Outcome.RETRY, "another process uses the disk"),
    ONLINE_AND_WRITABLE(0xC03A001F, Outcome.FAIL, "the disk is online and writable"),
    LOG_NOT_INITIALISED(0xC03A0020, Outcome.DEMOTE, "the change log was never started"),
    LOG_TOO_BIG(0xC03A0021, Outcome.DEMOTE, "the change log outgrew its bound"),
    CHANGED_OFFLINE(0xC03A0022, Outcome.DEMOTE, "the disk was changed while tracking was off"),
    LOG_BAD_STATE(0xC03A0023, Outcome.DEMOTE, "the change log is unusable"),
    LOG_INCONSISTENT(0xC03A0024, Outcome.DEMOTE, "the change log contradicts itself"),
    METADATA_FULL(0xC03A0028, Outcome.DEMOTE, "there is no room left for tracking data"),
    INVALID_ID(0xC03A0029, Outcome.DEMOTE, "Windows does not take the stored change id for one"),
    TRACKING_DISABLED(0xC03A002A, Outcome.DEMOTE, "change tracking is off for this disk"),
    MISSING_INFORMATION(0xC03A0030, Outcome.DEMOTE, "Windows does not know the stored change id any more");

    /** Whether it is about a parent of a differencing disk, and not about the file itself. */
    public boolean isOfParent() {
        return this == PARENT_NOT_FOUND
                || this == PARENT_ID_MISMATCH
                || this == PARENT_ACCESS_DENIED
                || this == PARENT_SIZE_MISMATCH
                || this == ERROR_IN_PARENT;
    }

    /** What a backup does about it. */
    public enum Outcome {
        /** Read this disk whole. */
        DEMOTE,
        /** Ask again a little later, then as {@link #FAIL}. */
        RETRY,
        /** The source cannot be used. */
        FAIL
    }

    private final int code;
    private final Outcome outcome;
    private final String meaning;

    Win32Error(int code, Outcome outcome, String meaning) {
        this.code = code;
        this.outcome = outcome;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** In words, with what to do where something can be done. */
    public String meaning() {
        return meaning;
    }

    public static Optional<Win32Error> of(int code) {
        for (Win32Error error : values()) {
            if (error.code == code) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /** As Windows' own documentation writes it: small ones decimal, the others in hex. */
    public static String number(int code) {
        return code >= 0 && code < 0x10000 ? "" + code : String.format(Locale.ROOT, "0x%08X", code);
    }

    /** In words, with the number. */
    public static String text(int code) {
        return of(code).map(error -> error.meaning).orElse("an error that Varve does not know") + " (Windows error "
                + number(code) + ")";
    }
}
