package io.varve.adapters.vss.worker;

import java.util.Locale;
import java.util.Optional;

/** HRESULTs of the volume shadow copy service, and what a backup does about each. */
enum VssError {
    BAD_STATE(0x80042301, Outcome.FAIL, "the calls were made in the wrong order; please report this"),
    PROVIDER_VETO(
            0x80042306, Outcome.ONCE_MORE, "a shadow copy provider refused; the System event log of the host says why"),
    OBJECT_NOT_FOUND(
            0x80042308,
            Outcome.FAIL,
            "the shadow copy is gone: its storage probably overflowed while it was read. Give the volume more shadow"
                    + " storage (vssadmin resize shadowstorage)"),
    VOLUME_NOT_SUPPORTED(0x8004230C, Outcome.FAIL, "this volume cannot have shadow copies"),
    VOLUME_NOT_SUPPORTED_BY_PROVIDER(
            0x8004230E, Outcome.FAIL, "no shadow copy provider of this host supports this volume"),
    OBJECT_ALREADY_EXISTS(0x8004230D, Outcome.FAIL, "the volume is in the set already; please report this"),
    PROVIDER_ERROR(
            0x8004230F, Outcome.ONCE_MORE, "a shadow copy provider failed; the System event log of the host says why"),
    TOO_MANY_VOLUMES(0x80042312, Outcome.FAIL, "the machine's files are on more volumes than one set may have"),
    FLUSH_TIMEOUT(0x80042313, Outcome.AGAIN, "the volume could not be flushed in time: the host is busy"),
    HOLD_TIMEOUT(0x80042314, Outcome.AGAIN, "writes could not be held long enough: the host is busy"),
    SET_IN_PROGRESS(0x80042316, Outcome.WAIT, "another program is taking a shadow copy"),
    TOO_MANY_SNAPSHOTS(
            0x80042317,
            Outcome.FAIL,
            "the volume has as many shadow copies as Windows allows; delete some (vssadmin list shadows)"),
    WRITER_INFRASTRUCTURE(
            0x80042318,
            Outcome.AGAIN,
            "the VSS writers do not work; if this persists, restart the services VSS and vmms"),
    WRITER_NOT_RESPONDING(
            0x80042319,
            Outcome.AGAIN,
            "the Hyper-V writer does not respond; if this persists, restart the service vmms"),
    UNSUPPORTED_CONTEXT(0x8004231B, Outcome.FAIL, "the provider does not make shadow copies for backups"),
    NO_STORAGE(
            0x8004231F,
            Outcome.FAIL,
            "there is no room for a shadow copy; give the volume more shadow storage (vssadmin resize"
                    + " shadowstorage)"),
    UNSELECTED_VOLUME(0x8004232A, Outcome.FAIL, "a volume that is needed is not in the set"),
    PARTIAL_FAILURE(0x80042336, Outcome.FAIL, "the writer could not freeze everything"),
    INCONSISTENT(0x800423F0, Outcome.AGAIN, "the machine's files are on other volumes than a moment ago"),
    WRITER_OUT_OF_RESOURCES(0x800423F1, Outcome.AGAIN, "the Hyper-V writer is out of resources"),
    WRITER_TIMEOUT(0x800423F2, Outcome.AGAIN, "the Hyper-V writer took too long: the host or the guest is busy"),
    WRITER_RETRYABLE(0x800423F3, Outcome.AGAIN, "the Hyper-V writer failed for the moment"),
    WRITER_FAILED(
            0x800423F4,
            Outcome.FAIL,
            "the Hyper-V writer failed; the reason is in the event logs Hyper-V-VMMS of the host and VSS of the guest"),
    AUTORECOVERY_FAILED(
            0x800423FB,
            Outcome.FAIL,
            "Windows could not bring the disks inside the shadow copy to the guest's frozen state; look for a"
                    + " leftover AutoRecovery.avhdx beside them"),
    CLUSTER_ERROR(0x80042400, Outcome.FAIL, "the cluster refused"),
    STATUS_NOT_AVAILABLE(0x80042409, Outcome.AGAIN, "the state of the Hyper-V writer is not available"),
    CSV_IN_USE(0x8007173D, Outcome.FAIL, "another node is backing up this clustered shared volume"),
    ACCESS_DENIED(
            0x80070005,
            Outcome.FAIL,
            "permission denied; run Varve elevated, as a member of Administrators or Backup Operators"),
    OUT_OF_MEMORY(0x8007000E, Outcome.AGAIN, "Windows is out of memory"),
    TOO_LATE(0x80010119, Outcome.FAIL, "COM was set up before in this process; please report this");

    /** What a backup does about it. */
    enum Outcome {
        /** The same call succeeds once others are done. */
        WAIT,
        /** A new attempt from the beginning may succeed. */
        AGAIN,
        /** As {@link #AGAIN}, but only once. */
        ONCE_MORE,
        /** The machine cannot be frozen. */
        FAIL
    }

    private final int code;
    private final Outcome outcome;
    private final String meaning;

    VssError(int code, Outcome outcome, String meaning) {
        this.code = code;
        this.outcome = outcome;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    Outcome outcome() {
        return outcome;
    }

    String meaning() {
        return meaning;
    }

    static Optional<VssError> of(int code) {
        for (VssError error : values()) {
            if (error.code == code) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }

    /** What is done about a code that may be unknown. */
    static Outcome outcomeOf(int code) {
        return of(code).map(VssError::outcome).orElse(Outcome.FAIL);
    }

    /** In words, with the number. */
    static String text(int code) {
        return of(code).map(VssError::meaning).orElse("Windows reports an error that Varve does not know")
                + String.format(Locale.ROOT, " (HRESULT 0x%08X)", code);
    }
}
