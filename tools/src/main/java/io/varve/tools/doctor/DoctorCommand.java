package io.varve.tools.doctor;

import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import io.varve.tools.document.CheckEntry;
import io.varve.tools.document.DoctorDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check this computer and, if one is named, the repository; say what to do about each finding.",
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
    private Path repository;

    @Override
    public boolean usesRepository() {
        return true;
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        List<Finding> findings = new ArrayList<>(new ComputerCheck().run());
        Optional<RepositoryChoice> choice = RepositoryChoice.find(repository, spec());
        if (choice.isPresent()) {
            findings.addAll(new RepositoryCheck(choice.get().path()).run());
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
            output.warning(Count.of(bad, "finding needs", "findings need") + " a hand");
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
