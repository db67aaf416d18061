package io.varve.adapters.smb.link;

import java.util.Locale;
import java.util.Optional;

/** What a server's NT status means here, and what to do about it. The table in {@code docs/smb.md} is made of it. */
public enum NtStatus {
    BUFFER_OVERFLOW(0x8000_0005, Outcome.MORE, "there is more than fits into one answer", ""),
    BUFFER_TOO_SMALL(0xC000_0023, Outcome.MORE, "there is more than fits into one answer", ""),
    NO_MORE_FILES(0x8000_0006, Outcome.MORE, "the end of a folder's list", ""),
    END_OF_FILE(
            0xC000_0011,
            Outcome.UNAVAILABLE,
            "the file became shorter while it was read",
            "do not change it meanwhile"),

    CRC_ERROR(
            0xC000_003F, Outcome.UNREADABLE, "the server's disk reports a checksum error", "repair it there (chkdsk)"),
    DATA_ERROR(0xC000_003E, Outcome.UNREADABLE, "the server's disk reports bad data", "repair it there (chkdsk)"),
    DEVICE_DATA_ERROR(0xC000_009C, Outcome.UNREADABLE, "the server's disk cannot read these bytes", "repair it there"),
    DISK_CORRUPT_ERROR(
            0xC000_0032, Outcome.UNREADABLE, "the server's file system is damaged", "repair it there (chkdsk)"),
    FILE_CORRUPT_ERROR(
            0xC000_0102, Outcome.UNREADABLE, "the file is damaged on the server", "repair it there (chkdsk)"),

    NETWORK_SESSION_EXPIRED(0xC000_035C, Outcome.RECONNECT, "the session has ended (its ticket ran out)", ""),
    USER_SESSION_DELETED(0xC000_0203, Outcome.RECONNECT, "the server has ended the session", ""),
    NETWORK_NAME_DELETED(0xC000_00C9, Outcome.RECONNECT, "the server has disconnected the share", ""),
    FILE_CLOSED(0xC000_0128, Outcome.RECONNECT, "the server has closed the file", ""),
    CONNECTION_DISCONNECTED(0xC000_020C, Outcome.RECONNECT, "the server has disconnected", ""),
    FILE_NOT_AVAILABLE(0xC000_0467, Outcome.RECONNECT, "the file is moving to another server of the cluster", ""),
    SERVER_UNAVAILABLE(0xC000_0466, Outcome.RECONNECT, "the server of the cluster is not available", ""),
    VOLUME_DISMOUNTED(0xC000_026E, Outcome.RECONNECT, "the server has dismounted the volume", ""),

    OBJECT_NAME_NOT_FOUND(0xC000_0034, Outcome.MISSING, "no such file", "check the name"),
    OBJECT_PATH_NOT_FOUND(0xC000_003A, Outcome.MISSING, "no such folder", "check the path"),
    NO_SUCH_FILE(0xC000_000F, Outcome.MISSING, "no such file", "check the name"),
    OBJECT_NAME_INVALID(0xC000_0033, Outcome.MISSING, "not a name that the server allows", "check the name"),
    OBJECT_PATH_SYNTAX_BAD(0xC000_003B, Outcome.MISSING, "not a path that the server allows", "check the path"),
    FILE_IS_A_DIRECTORY(0xC000_00BA, Outcome.MISSING, "is a folder, not a file", "name a file"),
    NOT_A_DIRECTORY(0xC000_0103, Outcome.MISSING, "a part of the path is no folder", "check the path"),
    STOPPED_ON_SYMLINK(
            0x8000_002D,
            Outcome.MISSING,
            "is, or goes through, a symbolic link, which is not followed",
            "name what it leads to"),
    DELETE_PENDING(0xC000_0056, Outcome.MISSING, "is being deleted", ""),
    OBJECT_NAME_COLLISION(0xC000_0035, Outcome.REFUSED, "exists already", "choose another name, or --force"),

    BAD_NETWORK_NAME(
            0xC000_00CC, Outcome.REFUSED, "the server has no such share", "check its name (net view \\\\HOST)"),
    ACCESS_DENIED(
            0xC000_0022,
            Outcome.REFUSED,
            "access denied",
            "give the account the right, on the share and on the file; or log on as another one"),
    SHARING_VIOLATION(
            0xC000_0043,
            Outcome.REFUSED,
            "another program has the file open and shares it with nobody",
            "stop the machine that uses it, or back up a frozen copy"),
    FILE_LOCK_CONFLICT(
            0xC000_0054,
            Outcome.REFUSED,
            "another program has locked a part of the file",
            "stop that program, or back up a frozen copy"),
    VHD_SHARED(
            0xC05C_FF0A,
            Outcome.REFUSED,
            "is open as a shared virtual disk",
            "back it up as a disk of its Hyper-V machine"),
    LOGON_FAILURE(
            0xC000_006D, Outcome.REFUSED, "wrong user or password", "check both; DOMAIN\\USER for a domain's account"),
    WRONG_PASSWORD(0xC000_006A, Outcome.REFUSED, "wrong password", "check it"),
    NO_SUCH_USER(0xC000_0064, Outcome.REFUSED, "no such account", "check its name"),
    ACCOUNT_RESTRICTION(
            0xC000_006E,
            Outcome.REFUSED,
            "the account may not log on over the network",
            "an account without a password may not; see the server's policy"),
    INVALID_LOGON_HOURS(0xC000_006F, Outcome.REFUSED, "the account may not log on at this hour", "allow it, or wait"),
    INVALID_WORKSTATION(0xC000_0070, Outcome.REFUSED, "the account may not log on from this computer", "allow it"),
    PASSWORD_EXPIRED(0xC000_0071, Outcome.REFUSED, "the account's password has expired", "change it"),
    ACCOUNT_DISABLED(0xC000_0072, Outcome.REFUSED, "the account is disabled", "enable it"),
    ACCOUNT_EXPIRED(0xC000_0193, Outcome.REFUSED, "the account has expired", "extend it"),
    PASSWORD_MUST_CHANGE(
            0xC000_0224, Outcome.REFUSED, "the account must change its password first", "log on with it once"),
    ACCOUNT_LOCKED_OUT(0xC000_0234, Outcome.REFUSED, "the account is locked", "unlock it, then check the password"),
    LOGON_TYPE_NOT_GRANTED(
            0xC000_015B,
            Outcome.REFUSED,
            "the account may not log on over the network",
            "grant it 'Access this computer from the network'"),
    NO_LOGON_SERVERS(0xC000_005E, Outcome.UNAVAILABLE, "the server reaches no domain controller", "see to that first"),
    TRUSTED_DOMAIN_FAILURE(
            0xC000_018C,
            Outcome.REFUSED,
            "the server does not trust the account's domain",
            "use an account of its own domain"),
    TIME_DIFFERENCE_AT_DC(0xC000_0133, Outcome.REFUSED, "the clocks differ too much", "set this computer's clock"),
    PATH_NOT_COVERED(
            0xC000_0257,
            Outcome.REFUSED,
            "is a DFS link, which Varve does not follow",
            "name the server and share that it leads to (dfsutil)"),
    NOT_SUPPORTED(0xC000_00BB, Outcome.REFUSED, "the server cannot do that", ""),
    INVALID_DEVICE_REQUEST(0xC000_0010, Outcome.REFUSED, "the server cannot do that", ""),
    INVALID_PARAMETER(0xC000_000D, Outcome.REFUSED, "the server does not understand the request", ""),

    DISK_FULL(0xC000_007F, Outcome.FULL, "the server's volume is full", "free space there, or choose another target"),
    QUOTA_EXCEEDED(0xC000_0044, Outcome.FULL, "the account's quota on the server is used up", "raise it"),
    FILE_TOO_LARGE(
            0xC000_0904,
            Outcome.FULL,
            "the file is too large for the server's file system",
            "choose a target on NTFS, ReFS or the like"),
    MEDIA_WRITE_PROTECTED(0xC000_00A2, Outcome.REFUSED, "the share is read-only", "choose another target"),

    INSUFFICIENT_RESOURCES(0xC000_009A, Outcome.UNAVAILABLE, "the server lacks memory or handles", "try again later"),
    INSUFF_SERVER_RESOURCES(0xC000_0205, Outcome.UNAVAILABLE, "the server lacks memory or handles", "try again later"),
    REQUEST_NOT_ACCEPTED(
            0xC000_00D0, Outcome.UNAVAILABLE, "the server has too many sessions", "close some (net session)"),
    TOO_MANY_OPENED_FILES(0xC000_011F, Outcome.UNAVAILABLE, "the server has too many open files", "try again later"),
    IO_TIMEOUT(0xC000_00B5, Outcome.UNAVAILABLE, "the server's disk does not answer", "try again later"),
    IO_DEVICE_ERROR(0xC000_0185, Outcome.UNAVAILABLE, "the server's disk does not work", "see the server's event log"),
    UNEXPECTED_IO_ERROR(
            0xC000_00E9, Outcome.UNAVAILABLE, "the server's disk does not work", "see the server's event log"),
    DEVICE_NOT_READY(0xC000_00A3, Outcome.UNAVAILABLE, "the server's disk is not ready", "see the server's event log"),
    FILE_IS_OFFLINE(
            0xC000_0267, Outcome.UNAVAILABLE, "the file's content lies elsewhere (archived)", "recall it first"),
    CANCELLED(0xC000_0120, Outcome.UNAVAILABLE, "the server has cancelled the request", "try again");

    /** What follows from a status. */
    public enum Outcome {
        /** Not an error. */
        MORE,
        /** These bytes are bad: damage. */
        UNREADABLE,
        /** Says nothing about the bytes. */
        UNAVAILABLE,
        /** A new connection is made, and the request repeated. */
        RECONNECT,
        /** The file is not there. */
        MISSING,
        /** The server will not. */
        REFUSED,
        /** There is no room to write. */
        FULL
    }

    private final int code;
    private final Outcome outcome;
    private final String meaning;
    private final String advice;

    NtStatus(int code, Outcome outcome, String meaning, String advice) {
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

    /** What the operator can do; empty if there is nothing. */
    public String advice() {
        return advice;
    }

    public static Optional<NtStatus> of(int code) {
        for (NtStatus status : values()) {
            if (status.code == code) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** What follows from a status; an unknown one says nothing about bytes. */
    public static Outcome outcome(int code) {
        return of(code).map(NtStatus::outcome).orElse(Outcome.UNAVAILABLE);
    }

    /** The status in words, with its number and advice. */
    public static String describe(int code) {
        String number = String.format(Locale.ROOT, "0x%08X", code);
        Optional<NtStatus> known = of(code);
        if (known.isEmpty()) {
            return "the server answered with NT status " + number;
        }
        NtStatus status = known.get();
        return status.meaning + " (STATUS_" + status + ", " + number + ")"
                + (status.advice.isEmpty() ? "" : "; " + status.advice);
    }
}
