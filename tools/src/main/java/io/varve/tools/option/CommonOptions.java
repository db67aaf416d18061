package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.cache.UnpackedLibrary;
import io.varve.store.fault.Reason;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.Verbosity;
import io.varve.tools.output.Version;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The base of all commands: common options, exit codes and signals. */
public abstract class CommonOptions implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only warnings, errors and what was asked for.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Also print where settings come from, and the causes of an error.")
    private boolean verbose;

    @Override
    public final Integer call() {
        Output output =
                new Output(spec.commandLine().getOut(), spec.commandLine().getErr(), json, verbosity());
        long started = System.nanoTime();
        int code = call(output);
        output.detail(String.format(Locale.ROOT, "exit code %d, %.1f s", code, (System.nanoTime() - started) / 1e9));
        return code;
    }

    private int call(Output output) {
        Cancellation cancellation = new Cancellation(this::soFar);
        ExitCode code;
        StopSignal signal = tidiesUp() ? StopSignal.forwardTo(cancellation) : StopSignal.none();
        try {
            OutputPath.checkCache();
            checkOptions(output);
            UnpackedLibrary.checkDirectory();
            run(output, cancellation);
            code = output.exitCode();
            output.finish(code);
        } catch (IOException e) {
            code = ExitCode.of(e);
            output.causes(e);
            output.failed(code, Reason.of(e));
        } catch (InvalidPathException e) {
            code = ExitCode.USAGE;
            output.failed(code, "'" + e.getInput() + "' is not a path: " + e.getReason());
        } finally {
            signal.close();
        }
        return code.code();
    }

    private Verbosity verbosity() {
        LeadingOptions leading = LeadingOptions.of(spec);
        if (quiet || leading.isQuiet()) {
            return Verbosity.QUIET;
        }
        return verbose || leading.isVerbose() ? Verbosity.VERBOSE : Verbosity.NORMAL;
    }

    private void checkOptions(Output output) throws UsageException {
        LeadingOptions leading = LeadingOptions.of(spec);
        if ((quiet || leading.isQuiet()) && (verbose || leading.isVerbose())) {
            throw new UsageException("give --quiet or --verbose, not both");
        }
        if (leading.repository() != null && !usesRepository()) {
            throw new UsageException("'" + spec.qualifiedName() + "' takes no -r");
        }
        output.onlyConfirms(onlyConfirms());
        output.detail("varve " + Version.number() + ", Java " + Runtime.version() + ", cache " + CacheDirectory.path());
    }

    /** Returns picocli's model of the command. */
    protected final CommandSpec spec() {
        return spec;
    }

    /** Whether the command works on the repository that {@code -r} names. */
    public boolean usesRepository() {
        return false;
    }

    /** Whether the output only confirms that the command is done, so that {@code --quiet} can omit it. */
    public boolean onlyConfirms() {
        return false;
    }

    /** Whether the command cleans up after Ctrl-C. Commands that only read end at once. */
    public boolean tidiesUp() {
        return false;
    }

    /**
     * Returns what a stopped command has done and left undone, for the operator. Every command that {@link #tidiesUp}
     * must override this. Called from any thread.
     */
    public String soFar() {
        return "";
    }

    /** Does the work. If {@code output} receives a warning, the exit code is 1. */
    public abstract void run(Output output, Cancellation cancellation) throws IOException;

    /** If the operating system reports a full disk without naming the file, adds what was being done. */
    public static IOException placed(IOException e, String what) {
        return e.getClass() == IOException.class ? new TargetException(what + ": " + Reason.of(e), e) : e;
    }
}
