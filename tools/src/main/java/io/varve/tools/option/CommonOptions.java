package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.cache.UnpackedLibrary;
import io.varve.store.fault.Reason;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has in common. */
public abstract class CommonOptions implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    @Override
    public final Integer call() {
        Output output =
                new Output(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
        Cancellation cancellation = new Cancellation(this::soFar);
        ExitCode code;
        StopSignal signal = tidiesUp() ? StopSignal.forwardTo(cancellation) : StopSignal.none();
        try {
            OutputPath.checkCache();
            UnpackedLibrary.checkDirectory();
            run(output, cancellation);
            code = output.exitCode();
            output.finish(code);
        } catch (IOException e) {
            code = ExitCode.of(e);
            output.failed(code, Reason.of(e));
        } catch (InvalidPathException e) {
            code = ExitCode.USAGE;
            output.failed(code, "'" + e.getInput() + "' is not a path: " + e.getReason());
        } finally {
            signal.close();
        }
        return code.code();
    }

    /** Whether Ctrl-C waits for the command to clean up; commands that only read end at once. */
    public boolean tidiesUp() {
        return false;
    }

    /**
     * What the command has done and left undone when it is stopped, for the operator. Every command that
     * {@link #tidiesUp} says it. Asked from any thread.
     */
    public String soFar() {
        return "";
    }

    /** Does the work. Warnings given to {@code output} make it end with exit code 1. */
    public abstract void run(Output output, Cancellation cancellation) throws IOException;

    /** The operating system says that there is no room, but not where: then with {@code what} was being done. */
    public static IOException placed(IOException e, String what) {
        return e.getClass() == IOException.class ? new TargetException(what + ": " + Reason.of(e), e) : e;
    }
}
