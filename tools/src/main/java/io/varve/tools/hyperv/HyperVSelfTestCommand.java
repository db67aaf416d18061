package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HostSelfTest;
import io.varve.adapters.hyperv.HyperV;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SelfTestDocument;
import io.varve.tools.document.SelfTestEntry;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "hyperv",
        mixinStandardHelpOptions = true,
        description = {
            "Test checkpoints, reference points, change lists and exports of a Hyper-V host.",
            "",
            "Creates a machine with a scratch disk of 64 MiB, which stays off, backs it up as on two nights, and"
                    + " removes the machine and its files. No other machine is touched. An answer that differs"
                    + " from what Varve expects is a warning. All answers are recorded in a file, one per line:"
                    + " please send it, after checking it for names that you do not want to disclose."
        },
        footer = {
            "",
            "  varve selftest hyperv --scratch-vm --host hv1.example.com --dir 'D:\\VMs\\test' \\",
            "      --map 'D:\\VMs=/mnt/hv1/vms' --record answers.jsonl"
        })
@Prints(SelfTestDocument.class)
final class HyperVSelfTestCommand extends CommonOptions {
    @Mixin
    private HostOptions host;

    @Option(
            names = "--scratch-vm",
            required = true,
            description = "Confirm that a machine is created on this host, and removed.")
    private boolean scratch;

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "HOSTPATH",
            description = "Existing folder for the machine's files, as a path on the host.")
    private String folder;

    @Option(
            names = "--map",
            paramLabel = "HOSTPATH=PATH",
            description = "A folder of the host that is mounted here and contains --dir. Repeatable; not needed on"
                    + " the host itself.")
    private List<String> maps = new ArrayList<>();

    @Option(
            names = "--record",
            required = true,
            paramLabel = "FILE",
            description = "New file for all questions to the host and its answers.")
    private Path record;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "the machine that was created is removed";
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        if (!scratch) {
            throw new UsageException("--scratch-vm=false: the test needs a machine");
        }
        if (!HostPaths.isFolder(folder)) {
            throw new UsageException(
                    "--dir: expected a path as the host writes it, such as D:\\VMs, found '" + folder + "'");
        }
        HostPaths paths = MappedFolder.localPaths(MappedFolder.all(maps));
        if (Files.exists(record)) {
            throw new UsageException("--record " + record + ": already exists; give a new file");
        }
        List<SelfTestEntry> entries = new ArrayList<>();
        String name;
        try (Writer lines = open();
                HyperV hyperV = host.connect(lines)) {
            name = hyperV.host();
            List<HostSelfTest.Answer> answers = HyperVHosts.asked(() -> new HostSelfTest(
                            hyperV, folder, paths, cancellation::isRequested, step -> output.line("Hyper-V: %s", step))
                    .run());
            for (HostSelfTest.Answer answer : answers) {
                entries.add(SelfTestCommand.entry(
                        answer.question(), answer.expected(), answer.found(), answer.isExpected()));
            }
        } catch (SourceException | InterruptedIOException e) {
            output.notice("what the host answered so far is in " + record);
            throw e;
        }
        SelfTestCommand.report("Hyper-V host " + name, entries, output);
        output.line("please send %s; check it first: it has names of machines and paths of this host", record);
    }

    private Writer open() throws TargetException {
        try {
            return Files.newBufferedWriter(record, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new TargetException(record + ": cannot be written: " + Reason.of(e), e);
        }
    }
}
