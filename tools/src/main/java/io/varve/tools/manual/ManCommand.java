package io.varve.tools.manual;

import io.varve.store.fault.Reason;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = {
            "Print the manual page of a command, in roff.",
            "",
            "The packages install the pages. This prints the same ones where no package is installed."
        },
        footer = {"", "  varve man key add | man -l -", "  varve man --all ~/.local/share/man/man1"})
public final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command. Default: varve itself.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--all", paramLabel = "DIR", description = "Write all pages into this directory instead.")
    private Path directory;

    @Override
    public Integer call() {
        Map<String, String> pages = ManualPage.all(spec.root().commandLine());
        if (directory != null) {
            return write(pages);
        }
        List<String> name = new ArrayList<>(List.of(spec.root().name()));
        name.addAll(words);
        String page = pages.get(String.join("-", name));
        if (page == null) {
            throw new ParameterException(
                    spec.commandLine(), "no command '" + String.join(" ", words) + "'; 'varve help' lists them");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(page);
        out.flush();
        return ExitCode.DONE.code();
    }

    private int write(Map<String, String> pages) {
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(directory.resolve(page.getKey() + ".1"), page.getValue());
            }
            return ExitCode.DONE.code();
        } catch (IOException e) {
            spec.commandLine().getErr().println("varve: cannot write the manual pages: " + Reason.of(e));
            return ExitCode.TARGET_FAILED.code();
        }
    }
}
