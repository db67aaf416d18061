package io.varve.tools.hyperv;

import io.varve.adapters.ScratchDisk;
import io.varve.adapters.virtdisk.SelfTest;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SelfTestDocument;
import io.varve.tools.document.SelfTestEntry;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.NamedFile;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.Version;
import io.varve.tools.output.WarningCode;
import io.varve.tools.source.LocalDisks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        description = "Test on a Hyper-V host whether Windows behaves as Varve relies on.",
        subcommands = {SelfTestCommand.OfVirtdisk.class, HyperVSelfTestCommand.class, CommandLine.HelpCommand.class})
public final class SelfTestCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "virtdisk or hyperv?");
    }

    @Command(
            name = "virtdisk",
            mixinStandardHelpOptions = true,
            description = {
                "Test virtual disks and change tracking.",
                "",
                "Creates a scratch disk of 64 MiB in DIR, asks Windows about it, and deletes it. Nothing else is"
                        + " touched. An answer that differs from what Varve expects is a warning: please report"
                        + " it, with the output of --json."
            })
    @Prints(SelfTestDocument.class)
    static final class OfVirtdisk extends CommonOptions {
        @Option(
                names = "--dir",
                required = true,
                paramLabel = "DIR",
                description = "Folder for the scratch disk, on a volume like those of the machines' disks.")
        private Path folder;

        @Override
        public void run(Output output, Cancellation cancellation) throws IOException {
            if (!NamedFile.isDirectory(folder)) {
                throw new UsageException(folder + ": no such folder");
            }
            List<SelfTest.Answer> answers;
            try {
                answers = new SelfTest(LocalDisks.load(cancellation), ScratchDisk::make, folder).run();
            } catch (IOException e) {
                throw new SourceException(Reason.of(e), e);
            }
            List<SelfTestEntry> entries = new ArrayList<>();
            for (SelfTest.Answer answer : answers) {
                entries.add(entry(answer.question(), answer.expected(), answer.found(), answer.isExpected()));
            }
            String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
            report(system, entries, output);
        }
    }

    static SelfTestEntry entry(String question, String expected, String found, boolean isExpected) {
        return new SelfTestEntry(
                question, expected.isEmpty() ? Optional.empty() : Optional.of(expected), found, isExpected);
    }

    static void report(String system, List<SelfTestEntry> entries, Output output) {
        for (SelfTestEntry entry : entries) {
            output.line(
                    "%s %s: %s%s",
                    entry.isExpected() ? "  " : "! ",
                    entry.question(),
                    entry.found(),
                    entry.isExpected() ? "" : ", expected " + entry.expected().orElseThrow());
        }
        output.document(() -> new SelfTestDocument(Version.number(), system, entries));
        int different =
                (int) entries.stream().filter(entry -> !entry.isExpected()).count();
        if (different > 0) {
            output.warning(
                    WarningCode.ANSWERS_DIFFER,
                    Count.of(different, "answer") + " of Windows differ from what Varve expects");
        }
    }
}
