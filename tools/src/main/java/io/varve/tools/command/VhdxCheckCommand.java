package io.varve.tools.command;

import io.varve.adapters.file.Reader;
import io.varve.adapters.vhdx.check.VhdxCheck;
import io.varve.adapters.vhdx.check.VhdxFileReport;
import io.varve.adapters.vhdx.format.VhdxFinding;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.engine.port.SourceFile;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.document.ChainCheckEntry;
import io.varve.tools.document.FindingEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.document.UnlistedEntry;
import io.varve.tools.document.VhdxCheckDocument;
import io.varve.tools.document.VhdxCheckEntry;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.Output;
import io.varve.tools.output.RangeEntries;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Check VHDX files and their parents against the format, and list everything wrong or" + " odd.",
            "",
            "Reads headers, log, tables, block locations, sector bitmaps and parents, but not"
                    + " the disk's data. Changes nothing.",
            "",
            "Exit code 0: no findings, or only remarks. 1: warnings; the disk can be read, but no correct"
                    + " program leaves a file in this state. 4: errors; the file is refused as a source."
                    + " docs/operations.md explains the codes."
        })
@Prints(VhdxCheckDocument.class)
final class VhdxCheckCommand extends CommonOptions {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "VHDX or AVHDX files; also smb://HOST/SHARE/PATH.")
    private List<String> files;

    @Mixin
    private ShareOptions shares;

    @Mixin
    private ParentOptions parents;

    private static final String NO_VHDX = "file-identifier";

    private final List<ChainCheckEntry> chains = new ArrayList<>();

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        output.document(() -> new VhdxCheckDocument(chains));
        Severity worst = Severity.INFO;
        int bad = 0;
        try (ShareServers servers = shares.servers()) {
            for (String file : files) {
                Severity ofFile = checkOneOf(file, servers, output);
                bad += ofFile == Severity.ERROR ? 1 : 0;
                worst = ofFile.compareTo(worst) > 0 ? ofFile : worst;
            }
        }
        if (worst == Severity.ERROR) {
            throw new SourceException(
                    bad + " of " + Count.of(files.size(), "file") + " with errors or unreadable; see the findings",
                    null);
        } else if (worst == Severity.WARNING) {
            output.warning(WarningCode.FINDINGS, "the disks can be read, but see the findings");
        }
    }

    /** Checks one of several files. If it cannot be read, the others are still checked. */
    private Severity checkOneOf(String file, ShareServers servers, Output output) throws IOException {
        try {
            return check(file, servers, output);
        } catch (SourceException e) {
            if (files.size() == 1) {
                throw e;
            }
            output.notice(file + ": cannot be checked: " + e.getMessage());
            chains.add(new ChainCheckEntry(file, "unreadable", Optional.of(e.getMessage()), Optional.empty()));
            return Severity.ERROR;
        }
    }

    private Severity check(String file, ShareServers servers, Output output) throws IOException {
        List<VhdxFileReport> reports;
        try {
            SourceFile found = DiskPlace.parse(file).file(Reader.AUTO, servers);
            reports = VhdxCheck.run(found, parents.search(Reader.AUTO, servers));
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
        Severity worst = Severity.INFO;
        for (int number = 0; number < reports.size(); number++) {
            VhdxFileReport report = reports.get(number);
            print(report, number, output);
            worst = report.worst().compareTo(worst) > 0 ? report.worst() : worst;
        }
        chains.add(new ChainCheckEntry(
                file,
                verdict(worst),
                Optional.empty(),
                Optional.of(reports.stream().map(VhdxCheckCommand::entry).toList())));
        return worst;
    }

    private static String verdict(Severity worst) {
        return worst == Severity.ERROR ? "bad" : worst == Severity.WARNING ? "odd" : "sound";
    }

    private static void print(VhdxFileReport report, int number, Output output) {
        String role = number == 0 ? "" : ", parent " + number + " of the previous file";
        output.line("%s%s: %s", report.file(), role, words(report));
        if (report.findings().isEmpty()) {
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SEVERITY", "CODE", "FILE OFFSET", "STRUCTURE", "FINDING"});
        for (VhdxFinding finding : report.findings()) {
            rows.add(new String[] {
                word(finding.severity()),
                finding.code(),
                finding.offset() < 0 ? "-" : "" + finding.offset(),
                finding.structure(),
                message(finding)
            });
        }
        output.line("%s", Table.of(rows));
        report.leftOut().forEach((code, count) -> output.line("… and %d more of %s", count, code));
    }

    private static String words(VhdxFileReport report) {
        long errors = count(report, Severity.ERROR);
        long warnings = count(report, Severity.WARNING);
        if (report.findings().stream().anyMatch(finding -> finding.code().equals(NO_VHDX))) {
            return "not recognized as a VHDX: " + Count.of(errors, "error")
                    + "; raw and VHD files are backed up too, but this" + " command does not check them";
        }
        if (errors > 0) {
            return "BAD, refused as a source: " + Count.of(errors, "error")
                    + (report.leftOut().isEmpty() ? "" : " or more") + ", " + Count.of(warnings, "warning");
        }
        return warnings > 0 ? "odd, can be read: " + Count.of(warnings, "warning") : "sound";
    }

    private static long count(VhdxFileReport report, Severity severity) {
        return report.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String message(VhdxFinding finding) {
        return finding.expected().isEmpty()
                ? finding.found()
                : "expected " + finding.expected() + ", found " + finding.found();
    }

    private static VhdxCheckEntry entry(VhdxFileReport report) {
        List<UnlistedEntry> unlisted = new ArrayList<>();
        report.leftOut().forEach((code, count) -> unlisted.add(new UnlistedEntry(code, count)));
        return new VhdxCheckEntry(
                report.file(),
                verdict(report.worst()),
                report.findings().stream().map(VhdxCheckCommand::entry).toList(),
                unlisted);
    }

    private static FindingEntry entry(VhdxFinding finding) {
        return new FindingEntry(
                word(finding.severity()),
                finding.code(),
                finding.file(),
                finding.offset() < 0 ? Optional.empty() : Optional.of(finding.offset()),
                Optional.empty(),
                message(finding),
                Optional.of(finding.structure()),
                finding.expected().isEmpty() ? Optional.empty() : Optional.of(finding.expected()),
                Optional.of(finding.found()),
                finding.virtualRange().map(RangeEntries::of));
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
