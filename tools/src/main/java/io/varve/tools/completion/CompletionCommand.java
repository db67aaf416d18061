package io.varve.tools.completion;

import io.varve.tools.output.ExitCode;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Print a completion script for a shell: bash, zsh, fish or powershell.",
            "",
            "It completes commands, options, files, repositories of configuration files, and the snapshots and"
                    + " machines of the repository. The packages install it."
        },
        footer = {
            "",
            "  source <(varve completion bash)",
            "  varve completion zsh >~/.zfunc/_varve",
            "  varve completion fish >~/.config/fish/completions/varve.fish",
            "  varve completion powershell | Out-String | Invoke-Expression"
        })
public final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "The shell.", completionCandidates = Shells.class)
    private String shell;

    private static final class Shells implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Shell.values()).map(Shell::word).iterator();
        }
    }

    @Override
    public Integer call() {
        Shell known = Shell.named(shell)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "expected bash, zsh, fish or powershell, found '" + shell + "'"));
        PrintWriter out = spec.commandLine().getOut();
        out.print(known.script(CommandWords.of(spec.root().commandLine())));
        out.flush();
        return ExitCode.DONE.code();
    }
}
