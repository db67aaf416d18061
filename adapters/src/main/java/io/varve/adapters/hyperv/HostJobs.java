package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls methods and waits for the jobs they start. Jobs are not stopped on request: what they make or remove must be
 * known, or it stays at the host. One thread at a time.
 */
final class HostJobs {
    /** Msvm_ConcreteJob.JobState: 2 new, 3 starting, 4 running, 5 suspended, 6 shutting down. */
    private static final int FIRST_ALIVE = 2;

    private static final int LAST_ALIVE = 6;
    private static final int COMPLETED = 7;

    /** Completed with warnings, where vendors put their states. */
    private static final int FIRST_OF_VENDOR = 32768;

    /** Methods whose effect cannot be checked: their job has to report that it is complete. */
    private static final String EXPORT = "Export";

    private static final int TERMINATE = 4;

    /** How long a job may go on after it was told to stop. */
    private static final Duration STOPPING = Duration.ofMinutes(15);

    private final Cim cim;
    private final Duration poll;
    private final Map<String, CimPath> services = new HashMap<>();

    /** @param poll pause between two looks at a job */
    HostJobs(Cim cim, Duration poll) {
        this.cim = cim;
        this.poll = poll;
    }

    /**
     * What a method returned.
     *
     * @param output its parameters; of a job's method, without what the job made
     * @param job the job that it started, finished by now
     */
    record Done(CimFields output, Optional<CimPath> job) {}

    /**
     * Calls a method and waits until its job has ended.
     *
     * @param limit how long the job may take; afterwards it is told to stop
     * @throws HyperVException when the method or its job failed
     * @throws UnknownEndException when the job vanished or did not stop: it may have done its work
     */
    Done call(CimPath service, String method, CimFields input, Duration limit) throws IOException {
        return call(service, method, input, Limit.of(limit), Optional.empty());
    }

    /**
     * When a job is told to stop.
     *
     * @param length how long it may take
     * @param stop whether the operator wants it stopped. Only for jobs that make nothing that must be known
     * @param started told the job's InstanceID before it is waited for
     */
    record Limit(Duration length, BooleanSupplier stop, Started started) {
        static Limit of(Duration length) {
            return new Limit(length, () -> false, job -> {});
        }

        private boolean isOver(long began) {
            return stop.getAsBoolean() || System.nanoTime() - began > length.toNanos();
        }
    }

    /**
     * What a job makes, for whoever must know it before the job ends.
     *
     * @param className of the object
     * @param isIt tells it from other objects of the class that the job affects
     * @param learn called once, as soon as the host names it
     */
    record Expected(String className, Test isIt, Learn learn) {}

    /** Called with a job's InstanceID. */
    @FunctionalInterface
    interface Started {
        void started(String job) throws IOException;
    }

    /** Looks at an object. */
    @FunctionalInterface
    interface Test {
        boolean isIt(CimObject object) throws IOException;
    }

    /** Called with an object. */
    @FunctionalInterface
    interface Learn {
        void learn(CimObject object) throws IOException;
    }

    /** As {@link #call(CimPath, String, CimFields, Duration)}, with a look at what is being made. */
    Done call(CimPath service, String method, CimFields input, Limit limit, Optional<Expected> expected)
            throws IOException {
        CimFields output = cim.invoke(service, method, input);
        long value = output.number("ReturnValue");
        if (value == ReturnValue.DONE) {
            return new Done(output, Optional.empty());
        }
        if (value != ReturnValue.JOB) {
            throw new HyperVException(value, cim.host() + ": " + method + ": " + ReturnValue.words(value));
        }
        CimPath job = output.reference("Job")
                .orElseThrow(() -> CimException.answer(cim.host() + ": " + method + " started a job without a path"));
        limit.started().started(job.key("InstanceID"));
        await(job, method, limit, expected);
        return new Done(output, Optional.of(job));
    }

    private void await(CimPath job, String method, Limit limit, Optional<Expected> expected) throws IOException {
        Optional<Expected> unknown = expected;
        long began = System.nanoTime();
        boolean told = false;
        while (true) {
            CimFields fields = cim.find(job)
                    .orElseThrow(() -> new UnknownEndException(
                            cim.host() + ": " + method + ": its job is gone; whether it succeeded is unknown"))
                    .fields();
            long state = fields.number("JobState");
            if (unknown.isPresent()) {
                List<CimObject> made =
                        madeBy(job, unknown.get().className(), unknown.get().isIt());
                if (made.size() == 1) {
                    unknown.get().learn().learn(made.get(0));
                    unknown = Optional.empty();
                }
            }
            if (state == COMPLETED || state >= FIRST_OF_VENDOR && !method.startsWith(EXPORT)) {
                return; // a vendor's state is looked at through its effect
            }
            if (state < FIRST_ALIVE || state > LAST_ALIVE) { // a half-written export looks like a whole one
                throw failure(job, method, fields);
            }
            if (told && System.nanoTime() - began > STOPPING.toNanos()) {
                throw new UnknownEndException(
                        cim.host() + ": " + method + ": its job did not end in time, nor after it was told to stop");
            }
            if (!told && limit.isOver(began)) {
                cim.invoke(job, "RequestStateChange", CimFields.NONE.with("RequestedState", TERMINATE));
                told = true;
                began = System.nanoTime();
            }
            pause();
        }
    }

    /** Stops a job, if it is there and runs, and waits for its end. @return whether it ran */
    boolean stop(CimPath job) throws IOException {
        long began = System.nanoTime();
        boolean ran = false;
        while (true) {
            Optional<CimObject> found = cim.find(job);
            long state = found.isPresent() ? found.get().fields().number("JobState") : COMPLETED;
            if (state < FIRST_ALIVE || state > LAST_ALIVE) {
                return ran;
            }
            if (!ran) {
                cim.invoke(job, "RequestStateChange", CimFields.NONE.with("RequestedState", TERMINATE));
                ran = true;
            }
            if (System.nanoTime() - began > STOPPING.toNanos()) {
                throw new UnknownEndException(cim.host() + ": job " + job.key("InstanceID")
                        + " of an interrupted backup is still running, although it was told to stop");
            }
            pause();
        }
    }

    /** As {@link #call}'s pauses, for whoever waits for an effect. */
    void pause() throws IOException {
        pause(poll);
    }

    void pause(Duration length) throws IOException {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for " + cim.host()).initCause(e);
        }
    }

    private IOException failure(CimPath job, String method, CimFields fields) throws IOException {
        long code = fields.find("ErrorCode").isPresent() ? fields.number("ErrorCode") : 0;
        List<String> reasons = errors(job);
        String reason = reasons.isEmpty() ? fields.find("ErrorDescription").orElse("") : String.join(" ", reasons);
        long hresult = hresult(reason).orElse(code);
        return new HyperVException(
                hresult,
                cim.host() + ": " + method + ": " + ReturnValue.words(hresult)
                        + (reason.isBlank()
                                ? ""
                                : "; the host says: " + reason.strip().replaceAll("\\s+", " ")));
    }

    /** The host's own words, in its language. */
    private List<String> errors(CimPath job) {
        List<String> messages = new ArrayList<>();
        try {
            for (String error : cim.invoke(job, "GetErrorEx", CimFields.NONE).texts("Errors")) {
                EmbeddedInstance.parse(error).find("Message").ifPresent(messages::add);
            }
        } catch (IOException e) {
            messages.clear(); // only words are lost; the failure itself is known
        }
        return messages;
    }

    /** Messages end with the HRESULT in parentheses, whatever their language. */
    private static Optional<Long> hresult(String text) {
        Matcher matcher = Pattern.compile("0x(8[0-9A-Fa-f]{7})").matcher(text);
        return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1), 16)) : Optional.empty();
    }

    /**
     * What a job made, by the association that Hyper-V keeps with it.
     *
     * @param resultClass class of the object that is looked for
     * @param isIt tells it from other objects of the class that the job affects
     */
    List<CimObject> madeBy(CimPath job, String resultClass, Test isIt) throws IOException {
        List<CimObject> made = new ArrayList<>();
        for (CimObject object : cim.query("ASSOCIATORS OF {" + job.relative()
                + "} WHERE AssocClass=Msvm_AffectedJobElement" + " ResultClass=" + resultClass)) {
            if (isIt.isIt(object)) {
                made.add(object);
            }
        }
        return made;
    }

    /** The only instance of a service. */
    CimPath service(String className) throws IOException {
        CimPath known = services.get(className);
        if (known == null) {
            known = findService(className);
            services.put(className, known);
        }
        return known;
    }

    private CimPath findService(String className) throws IOException {
        List<CimObject> found = cim.query("SELECT * FROM " + className);
        if (found.size() != 1) {
            throw CimException.answer(cim.host() + ": expected one " + className + ", found " + found.size()
                    + (found.isEmpty() ? ": is Hyper-V installed, and may this account use it?" : ""));
        }
        return found.get(0).path();
    }

    /** It is not known how a job ended. Check its effect. */
    static final class UnknownEndException extends IOException {
        private static final long serialVersionUID = 1L;

        UnknownEndException(String message) {
            super(message);
        }
    }
}
