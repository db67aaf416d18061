package io.varve.tools.doctor;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.tools.document.CheckEntry;
import io.varve.tools.document.DoctorDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import io.varve.tools.source.HostOptions;
import io.varve.tools.source.SetProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check this computer and, if named, the repository and a Hyper-V host, with advice for each finding.",
            "",
            "With --host, also a Hyper-V host: whether it answers, and, for each machine, what would make a backup"
                    + " fail and how much a full backup reads. Changes nothing there.",
            "",
            "Checks clock, Java, cache directory, native libraries and page cache; and a repository's space, growth,"
                    + " rights, keys, locks and record times. Needs no key. Ends with exit code 1 if a finding"
                    + " needs action."
        })
@Prints(DoctorDocument.class)
public final class DoctorCommand extends CommonOptions {
    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "The repository: a directory, or @NAME from a configuration file. Default: VARVE_REPO, or"
                    + " none.")
    private String repository;

    @ArgGroup(exclusive = false, heading = "%nA Hyper-V host:%n")
    private CheckedHost host;

    @Mixin
    private ShareOptions shares;

    /** A host, and what of it is mounted here. */
    static final class CheckedHost extends HostOptions {
        @Option(
                names = "--map",
                paramLabel = "HOSTPATH=PATH",
                description = "A folder of the host that is mounted here. Repeatable; then it is checked that the disks"
                        + " can be read there.")
        private List<String> maps = new ArrayList<>();

        private List<MappedFolder> mounts() throws UsageException {
            return MappedFolder.all(maps);
        }
    }

    @Override
    public boolean usesRepository() {
        return true;
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        List<Finding> findings = new ArrayList<>(new ComputerCheck().run());
        Optional<RepositoryChoice> choice = RepositoryChoice.find(repository, spec());
        if (choice.isPresent()) {
            findings.addAll(new RepositoryCheck(choice.get().place()).run());
        }
        if (host != null) {
            List<MappedFolder> mounts = host.mounts();
            try (ShareServers servers = shares.servers();
                    HyperV hyperV = host.connect()) {
                Optional<HostPaths> paths =
                        mounts.isEmpty() ? Optional.empty() : Optional.of(MappedFolder.paths(mounts, servers));
                findings.addAll(new HostCheck(hyperV, paths, new SetProbe(mounts, servers), cancellation).run());
            }
        }
        for (Finding finding : findings) {
            output.line("%-8s %s", finding.word().toUpperCase(Locale.ROOT), finding.text());
            if (!finding.advice().isEmpty()) {
                output.line("         %s", finding.advice());
            }
        }
        output.document(() -> document(findings));
        long bad = findings.stream().filter(finding -> !finding.isOk()).count();
        if (bad > 0) {
            output.warning(WarningCode.DOCTOR, Count.of(bad, "finding needs", "findings need") + " a hand");
        }
    }

    private static DoctorDocument document(List<Finding> findings) {
        return new DoctorDocument(
                findings.stream()
                        .map(finding -> new CheckEntry(
                                finding.word(),
                                finding.code(),
                                finding.text(),
                                Optional.of(finding.advice()).filter(advice -> !advice.isEmpty())))
                        .toList(),
                count(findings, Finding.Severity.WARNING),
                count(findings, Finding.Severity.ERROR));
    }

    private static int count(List<Finding> findings, Finding.Severity severity) {
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }
}
