package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Workshop;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One machine's part of the night: its hooks, its backup, and the work to do while it is frozen. */
final class MachineNight {
    private final PlannedMachine machine;
    private final Means means;
    private final Map<String, String> environment;
    private final Cancellation cancellation;
    private final Output output;
    private final WhileFrozen whileFrozen;

    /** The work between backup and thaw. */
    @FunctionalInterface
    interface WhileFrozen {
        /**
         * @param live the machine's disks as they are now; empty if they cannot be read
         * @param frozen whether a hook holds the source
         */
        void on(Snapshot snapshot, Optional<Origin.Live> live, boolean frozen, Output output) throws IOException;
    }

    /**
     * What the machines of a night share.
     *
     * @param workshop shared by all machines, created for {@code threads} threads
     */
    record Means(Repository repository, MachineBackup backup, Workshop workshop, int threads, Pace pace) {}

    /**
     * @param environment environment of hooks
     * @param output output of the whole night
     */
    MachineNight(
            PlannedMachine machine,
            Means means,
            Map<String, String> environment,
            Cancellation cancellation,
            Output output,
            WhileFrozen whileFrozen) {
        this.machine = machine;
        this.means = means;
        this.environment = new TreeMap<>(environment);
        this.environment.put("VARVE_MACHINE", machine.name());
        this.cancellation = cancellation;
        this.output = output.part(machine.name());
        this.whileFrozen = whileFrozen;
    }

    MachineResult run() {
        long started = System.nanoTime();
        Attempt attempt = new Attempt();
        Exception failure = null;
        try {
            attempt.run();
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = e; // a fault in Varve: reported with its stack trace; the other machines continue
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            output.notice("internal error, please report it: " + trace);
        }
        ExitCode code = failure == null
                ? attempt.thawFailed ? ExitCode.SOURCE_NOT_CLEAN : output.exitCode()
                : ExitCode.of(failure);
        environment.put("VARVE_EXIT_CODE", Integer.toString(code.code()));
        environment.put("VARVE_RESULT", code.word());
        environment.put(
                "VARVE_SNAPSHOT",
                attempt.snapshot == null ? "" : attempt.snapshot.id().text());
        environment.put("VARVE_ERROR", failure == null ? "" : reason(failure));
        try {
            hook("after", machine.policy().hooks().after(), null);
        } catch (IOException e) {
            output.warning(WarningCode.HOOK_FAILED, Reason.of(e));
            code = code == ExitCode.DONE ? ExitCode.WARNINGS : code;
        }
        if (failure != null) {
            // Not a warning, because it is reported once, as the machine's result.
            output.notice("FAILED (" + code.word() + "): " + reason(failure));
        }
        return new MachineResult(
                machine.name(),
                Optional.of(code),
                Optional.ofNullable(failure).map(MachineNight::reason),
                Optional.ofNullable(attempt.snapshot),
                output.warnings(),
                (System.nanoTime() - started) / 1_000_000);
    }

    private static String reason(Exception failure) {
        return failure instanceof IOException io ? Reason.of(io) : failure.toString();
    }

    /** The part up to the thaw of the machine. */
    private final class Attempt {
        private Snapshot snapshot;
        private boolean recorded;
        private boolean thawFailed;

        void run() throws IOException {
            JobFile.Hooks hooks = machine.policy().hooks();
            try {
                hook("before", hooks.before(), cancellation);
                frozen(hooks);
            } catch (IOException e) {
                if (snapshot != null) {
                    output.warning(
                            WarningCode.AFTER_COMMIT,
                            "snapshot " + snapshot.id() + " is committed; then: " + Reason.of(e));
                    return;
                }
                if (!recorded) {
                    means.backup().recordFailure(machine.name(), e, output);
                }
                throw e;
            }
        }

        /** Thaw runs whenever freeze was started, because a failed freeze may have frozen something. */
        private void frozen(JobFile.Hooks hooks) throws IOException {
            try {
                hook("freeze", hooks.freeze(), cancellation);
                try (Origin.Opened opened = machine.origin().open(means.repository(), output, cancellation)) {
                    recorded = true;
                    MachineBackup.Work work = new MachineBackup.Work(
                            machine.name(), opened.source(), options(opened.freezes()), Optional.empty());
                    snapshot = means.backup().run(work, means.workshop(), output);
                    whileFrozen.on(snapshot, opened.live(), hooks.freeze().isPresent(), output);
                }
            } finally {
                if (hooks.freeze().isPresent()) {
                    thaw(hooks);
                }
            }
        }

        private void thaw(JobFile.Hooks hooks) {
            try {
                hook("thaw", hooks.thaw(), null);
            } catch (IOException e) {
                thawFailed = true;
                output.warning(WarningCode.SOURCE_FROZEN, "the source may still be frozen: " + Reason.of(e));
            }
        }
    }

    private void hook(String name, Optional<String> command, Cancellation stop) throws IOException {
        if (command.isPresent()) {
            new Hook(name, command.get(), machine.policy().hooks().timeLimit(), environment).run(stop, output);
        }
    }

    private BackupOptions options(boolean sourceFreezes) {
        JobFile.Policy policy = machine.policy();
        return new BackupOptions(
                means.threads(),
                BackupOptions.DEFAULT_RUN_SIZE,
                policy.auditPercent().isPresent() ? policy.auditPercent().getAsDouble() / 100 : -1,
                new SecureRandom().nextLong(),
                policy.compression(),
                means.pace(),
                policy.disksAtOnce(),
                sourceFreezes || policy.requireFrozen(),
                machine.gone());
    }
}
