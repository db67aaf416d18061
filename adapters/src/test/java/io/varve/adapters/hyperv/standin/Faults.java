package io.varve.adapters.hyperv.standin;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** What the host does wrong, until it was done often enough. */
public final class Faults {
    private static final class Fault {
        private final long code;
        private int times;

        private Fault(long code, int times) {
            this.code = code;
            this.times = times;
        }
    }

    private final Map<String, Fault> values = new HashMap<>();
    private final Map<String, Fault> jobs = new HashMap<>();
    private final Map<String, Fault> vanishing = new HashMap<>();
    private final Map<String, Fault> silent = new HashMap<>();
    private final Map<String, Fault> hanging = new HashMap<>();
    private volatile boolean neverMerges;
    private volatile int rangesPerAnswer = 3;
    private volatile int rangesThatFit = Integer.MAX_VALUE;
    private volatile boolean omits;
    private volatile boolean omitsFromLists;
    private volatile boolean leaks;
    private volatile boolean stalls;
    private volatile boolean neverFreezes;

    /** A method returns an error. */
    public void refuse(String method, long returnValue, int times) {
        values.put(method, new Fault(returnValue, times));
    }

    /** A method's job fails without having done anything. */
    public void failJob(String method, long hresult, int times) {
        jobs.put(method, new Fault(hresult, times));
    }

    /** A method's job is gone when it is looked at, though it did its work. */
    public void loseJob(String method, int times) {
        vanishing.put(method, new Fault(1, times));
    }

    /** A method does its work, and its answer is lost. */
    public void loseAnswer(String method, int times) {
        silent.put(method, new Fault(1, times));
    }

    /** A method's job runs on until it is told to stop. */
    public void hang(String method, int times) {
        hanging.put(method, new Fault(1, times));
    }

    boolean hangs(String method) {
        return take(hanging, method).isPresent();
    }

    boolean isSilent(String method) {
        return take(silent, method).isPresent();
    }

    /** Checkpoints' files are never merged. */
    public void neverMerge(boolean never) {
        neverMerges = never;
    }

    /** Guests are not frozen, and nobody says so before the reference point does. */
    public void neverFreezeGuests(boolean never) {
        neverFreezes = never;
    }

    boolean neverFreezesGuests() {
        return neverFreezes;
    }

    /** Change lists make no progress. */
    public void stall(boolean stall) {
        stalls = stall;
    }

    /** How many ranges fit into an answer; more give WinRM's fault about the size of envelopes. */
    public void fitRanges(int most, int asked) {
        rangesThatFit = most;
        rangesPerAnswer = asked;
    }

    int rangesThatFit() {
        return rangesThatFit;
    }

    /** Differential exports lack one changed range. */
    public void omitFromExport(boolean omit) {
        omits = omit;
    }

    boolean omitsFromExport() {
        return omits;
    }

    /** Change lists lack their first range. */
    public void omitFromLists(boolean omit) {
        omitsFromLists = omit;
    }

    boolean omitsFromLists() {
        return omitsFromLists;
    }

    /** Reference points are not destroyed, though the host says so. */
    public void leakPoints(boolean leak) {
        leaks = leak;
    }

    boolean leaksPoints() {
        return leaks;
    }

    boolean neverMerges() {
        return neverMerges;
    }

    boolean stalls() {
        return stalls;
    }

    int rangesPerAnswer() {
        return rangesPerAnswer;
    }

    OptionalLong returnValue(String method) {
        return take(values, method);
    }

    OptionalLong jobError(String method) {
        return take(jobs, method);
    }

    boolean isLost(String method) {
        return take(vanishing, method).isPresent();
    }

    private static synchronized OptionalLong take(Map<String, Fault> faults, String method) {
        Fault fault = faults.get(method);
        if (fault == null || fault.times == 0) {
            return OptionalLong.empty();
        }
        fault.times--;
        return OptionalLong.of(fault.code);
    }
}
