package io.varve.adapters.hyperv;

import java.util.Locale;
import java.util.Map;

/**
 * Numbers that Hyper-V's methods and jobs end with, in words (Hyper-V WMI reference, return values of each service).
 */
final class ReturnValue {
    static final long DONE = 0;

    /** The method goes on as a job. */
    static final long JOB = 4096;

    private static final String NO_LOGON =
            "the host's policy does not let NT VIRTUAL MACHINE\\Virtual Machines log on as a service; grant that right,"
                    + " and run gpupdate";

    private static final Map<Long, String> WORDS = Map.ofEntries(
            Map.entry(1L, "not supported"),
            Map.entry(2L, "failed"),
            Map.entry(3L, "timed out"),
            Map.entry(4L, "invalid parameter"),
            Map.entry(5L, "the machine is in a state that does not allow it"),
            Map.entry(6L, "wrong type"),
            Map.entry(32768L, "failed; the event log Hyper-V-VMMS of the host says why"),
            Map.entry(32769L, "permission denied; the account must be a member of Hyper-V Administrators on the host"),
            Map.entry(32770L, "not supported"),
            Map.entry(32771L, "unknown state"),
            Map.entry(32772L, "timed out"),
            Map.entry(32773L, "invalid parameter"),
            Map.entry(
                    32774L,
                    "in use; if nothing else works with this machine, a failed merge may hold its disks until the"
                            + " host is restarted"),
            Map.entry(32775L, "the machine is in a state that does not allow it"),
            Map.entry(32776L, "wrong type"),
            Map.entry(32777L, "not available"),
            Map.entry(32778L, "out of memory"),
            Map.entry(32779L, "a file was not found"),
            Map.entry(0x8007052FL, NO_LOGON),
            Map.entry(0x80070569L, NO_LOGON),
            Map.entry(0x80070005L, "permission denied; the host itself opens the files, with its computer account"),
            Map.entry(0x80070020L, "another process has a file open"),
            Map.entry(0x80070070L, "there is no space left on the host's volume"),
            Map.entry(
                    0x800703EEL, "a checkpoint's files were swapped; do not back up this machine until that is fixed"),
            Map.entry(
                    0x80048102L,
                    "a checkpoint could not be completed; do not back up this machine until that is fixed"));

    private ReturnValue() {}

    static String words(long code) {
        return WORDS.getOrDefault(code, "an error that Varve does not know") + " (" + number(code) + ")";
    }

    /** HRESULTs in hex, return values in decimal: as Windows documents them. */
    static String number(long code) {
        return code >= 0x8000_0000L ? String.format(Locale.ROOT, "0x%08X", code) : Long.toString(code);
    }
}
