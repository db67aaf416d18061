package io.varve.tools;

import static java.util.Map.entry;

import io.varve.tools.bench.BenchCommand;
import io.varve.tools.command.BackupCommand;
import io.varve.tools.command.CatCommand;
import io.varve.tools.command.CopyCommand;
import io.varve.tools.command.DiffCommand;
import io.varve.tools.command.DumpCommand;
import io.varve.tools.command.ExportCommand;
import io.varve.tools.command.ForgetCommand;
import io.varve.tools.command.FsckCommand;
import io.varve.tools.command.GcCommand;
import io.varve.tools.command.HelpCommand;
import io.varve.tools.command.HoldCommand;
import io.varve.tools.command.ImportCommand;
import io.varve.tools.command.InitCommand;
import io.varve.tools.command.JobsCommand;
import io.varve.tools.command.KeyCommand;
import io.varve.tools.command.ParityCommand;
import io.varve.tools.command.ProtectCommand;
import io.varve.tools.command.RctCommand;
import io.varve.tools.command.RebuildIndexCommand;
import io.varve.tools.command.RepairCommand;
import io.varve.tools.command.RestoreCommand;
import io.varve.tools.command.RsvdCommand;
import io.varve.tools.command.SchemaCommand;
import io.varve.tools.command.SessionsCommand;
import io.varve.tools.command.ShowCommand;
import io.varve.tools.command.SnapshotsCommand;
import io.varve.tools.command.StatsCommand;
import io.varve.tools.command.UnforgetCommand;
import io.varve.tools.command.UnprotectCommand;
import io.varve.tools.command.VhdxCommand;
import io.varve.tools.command.VssCommand;
import io.varve.tools.completion.CandidatesCommand;
import io.varve.tools.completion.CompletionCommand;
import io.varve.tools.doctor.DoctorCommand;
import io.varve.tools.hyperv.HyperVCommand;
import io.varve.tools.hyperv.SelfTestCommand;
import io.varve.tools.manual.ManCommand;
import io.varve.tools.nightly.NightlyCommand;
import io.varve.tools.option.DefaultsFromEnvironment;
import io.varve.tools.option.LeadingOptions;
import io.varve.tools.option.PathConverter;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.StandardOutput;
import io.varve.tools.output.Version;
import io.varve.tools.report.ReportCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code varve} program. */
@Command(
        name = "varve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Block-level incremental backup of virtual disks into a deduplicating repository.",
            "",
            "Every snapshot is self-contained: restore any night to a VHDX, VHD or raw file.",
            ""
        },
        footer = {
            "",
            "First steps:",
            "  varve init -r /backup/repo",
            "  varve backup -r /backup/repo --machine web1 /vm/web1.vhdx",
            "  varve snapshots -r /backup/repo",
            "  varve restore -r /backup/repo latest --to /vm/web1-restored.vhdx"
        })
public final class Varve implements Runnable {
    /** In the order in which help lists them. */
    static final List<Map.Entry<String, Class<?>>> SUBCOMMANDS = List.of(
            entry("init", InitCommand.class),
            entry("backup", BackupCommand.class),
            entry("nightly", NightlyCommand.class),
            entry("snapshots", SnapshotsCommand.class),
            entry("jobs", JobsCommand.class),
            entry("sessions", SessionsCommand.class),
            entry("report", ReportCommand.class),
            entry("show", ShowCommand.class),
            entry("diff", DiffCommand.class),
            entry("restore", RestoreCommand.class),
            entry("cat", CatCommand.class),
            entry("forget", ForgetCommand.class),
            entry("unforget", UnforgetCommand.class),
            entry("protect", ProtectCommand.class),
            entry("unprotect", UnprotectCommand.class),
            entry("hold", HoldCommand.class),
            entry("gc", GcCommand.class),
            entry("copy", CopyCommand.class),
            entry("export", ExportCommand.class),
            entry("import", ImportCommand.class),
            entry("key", KeyCommand.class),
            entry("fsck", FsckCommand.class),
            entry("repair", RepairCommand.class),
            entry("parity", ParityCommand.class),
            entry("rebuild-index", RebuildIndexCommand.class),
            entry("stats", StatsCommand.class),
            entry("doctor", DoctorCommand.class),
            entry("bench", BenchCommand.class),
            entry("dump", DumpCommand.class),
            entry("vhdx", VhdxCommand.class),
            entry("rct", RctCommand.class),
            entry("rsvd", RsvdCommand.class),
            entry("hyperv", HyperVCommand.class),
            entry("vss", VssCommand.class),
            entry("selftest", SelfTestCommand.class),
            entry("schema", SchemaCommand.class),
            entry("completion", CompletionCommand.class),
            entry("man", ManCommand.class),
            entry("candidates", CandidatesCommand.class),
            entry("help", HelpCommand.class));

    @SuppressWarnings("UnusedVariable") // commands find it by its name
    @Mixin(name = LeadingOptions.MIXIN)
    private LeadingOptions leading;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code;
        try {
            code = execute(out, err, arguments);
        } catch (OutOfMemoryError e) {
            // Left to the JVM, the exit code would be 1: done, with warnings.
            err.println("varve: out of memory (" + e.getMessage() + "); allow more with"
                    + " VARVE_JAVA_OPTS=-Xmx1g, and check the repository with 'varve fsck'");
            code = ExitCode.INTERNAL.code();
        } catch (Error e) {
            e.printStackTrace(err);
            code = ExitCode.INTERNAL.code();
        }
        if (out.checkError() && !StandardOutput.isPipe()) {
            err.println("varve: cannot write to standard output, so results are lost; the command"
                    + " itself ended with exit code " + code);
            code = code <= ExitCode.WARNINGS.code() ? ExitCode.TARGET_FAILED.code() : code;
        }
        err.flush();
        ClassArchive.makeIfAsked(code);
        System.exit(code);
    }

    /** What other programs call these commands. */
    private static final Map<String, String> OTHER_WORDS = Map.ofEntries(
            entry("check", "fsck"),
            entry("verify", "fsck"),
            entry("prune", "gc"),
            entry("collect", "gc"),
            entry("compact", "gc"),
            entry("list", "snapshots"),
            entry("ls", "snapshots"),
            entry("log", "snapshots"),
            entry("create", "backup"),
            entry("extract", "restore"),
            entry("delete", "forget"),
            entry("remove", "forget"),
            entry("rm", "forget"),
            entry("info", "show"),
            entry("rebuild", "rebuild-index"),
            entry("sync", "copy"),
            entry("passwd", "key"));

    /** Runs one command line. @return the exit code */
    static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        Optional<String> fault = ArgumentEncoding.fault(System.getProperty("user.dir"), arguments);
        if (fault.isPresent()) {
            new Output(out, err, wantsJson(arguments)).failed(ExitCode.USAGE, fault.get());
            return ExitCode.USAGE.code();
        }
        CommandLine commandLine = withSubcommands(arguments);
        commandLine
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Long.class, new ByteSize())
                .registerConverter(Path.class, new PathConverter())
                .setParameterExceptionHandler((wrong, parsed) -> wrongArguments(wrong, wantsJson(arguments), arguments))
                .setDefaultValueProvider(new DefaultsFromEnvironment())
                .setExecutionExceptionHandler((failure, command, parsed) -> internalFault(failure, err));
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            codes.put(" " + code.code(), code.meaning());
        }
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
        return commandLine.execute(arguments);
    }

    /** Making the model of all subcommands takes a quarter of a second: the one that is named is enough. */
    static CommandLine withSubcommands(String... arguments) {
        CommandLine commandLine = new CommandLine(new Varve());
        String named = command(arguments);
        boolean one = !List.of("help", "schema", "completion", "man").contains(named) // which are about all of them
                && SUBCOMMANDS.stream()
                        .anyMatch(subcommand -> subcommand.getKey().equals(named));
        SUBCOMMANDS.stream()
                .filter(subcommand -> !one || subcommand.getKey().equals(named))
                .forEach(subcommand -> commandLine.addSubcommand(subcommand.getKey(), subcommand.getValue()));
        return commandLine;
    }

    /** The word that names the command, which options may precede; empty if there is none. */
    private static String command(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (List.of("-r", "--repo").contains(arguments[i])) {
                i++; // the value
            } else if (!arguments[i].startsWith("-")) {
                return arguments[i];
            }
        }
        return "";
    }

    /** Asked of the words themselves, for a command line that could not be understood. */
    private static boolean wantsJson(String... arguments) {
        return Stream.of(arguments).takeWhile(word -> !word.equals("--")).anyMatch("--json"::equals);
    }

    /** A misspelt option is the cause of the missing one, and named instead of it. */
    private static ParameterException cause(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        List<String> unknown = command.getUnmatchedArguments().stream()
                .filter(argument -> argument.startsWith("-"))
                .toList();
        return wrong instanceof MissingParameterException && !unknown.isEmpty()
                ? new UnmatchedArgumentException(command, unknown)
                : wrong;
    }

    private static int wrongArguments(ParameterException thrown, boolean json, String... arguments) {
        ParameterException wrong = cause(thrown);
        CommandLine command = wrong.getCommandLine();
        String other = OTHER_WORDS.get(command(arguments));
        String hint = other == null ? "" : "; the command for that is 'varve " + other + "'";
        new Output(command.getOut(), command.getErr(), json)
                .failed(ExitCode.USAGE, wrong.getMessage() + DefaultsFromEnvironment.origin(wrong) + hint);
        if (other != null) {
            return ExitCode.USAGE.code();
        }
        if (!UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
            command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE.code();
    }

    private static int internalFault(Exception failure, PrintWriter err) {
        err.println("varve: internal error. What was committed before it is kept; see 'varve snapshots'."
                + " Please report it with the following.");
        failure.printStackTrace(err);
        return ExitCode.INTERNAL.code();
    }
}
