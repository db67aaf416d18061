package io.varve.tools.nightly;

import io.varve.engine.port.TargetException;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.fault.Reason;
import io.varve.tools.document.TimerDocument;
import io.varve.tools.document.TimerFileEntry;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Shows, or writes, what makes the system run a job each night. */
final class TimerOptions {
    private static final String UNITS = "/etc/systemd/system";

    @Option(
            names = "--install-timer",
            description = "Show a systemd service and timer, on Windows a scheduled task, that run the job. With"
                    + " --apply, write them. Without JOB: units for any job file in /etc/varve, as the packages"
                    + " install them.")
    private boolean asked;

    @Option(names = "--apply", description = "With --install-timer: write the files.")
    private boolean apply;

    @Option(
            names = "--timer-dir",
            paramLabel = "DIR",
            description = "Where --apply writes. Default: /etc/systemd/system; on Windows, the job file's folder.")
    private Path directory;

    @Option(
            names = "--timer-kind",
            paramLabel = "KIND",
            description = "systemd or windows. Default: that of this system.")
    private String kind;

    boolean isAsked() throws UsageException {
        if (apply && !asked) {
            throw new UsageException("--apply belongs to --install-timer");
        }
        return asked;
    }

    void run(JobFile job, Path jobFile, Output output) throws IOException {
        boolean windows = kind == null ? CacheDirectory.isWindows() : isWindows(kind);
        Path file = jobFile.toAbsolutePath().normalize();
        TimerFiles files = new TimerFiles(job, file, program());
        Map<String, String> contents = windows ? Map.of(files.name() + ".xml", files.windowsTask()) : files.systemd();
        Path target = directory != null ? directory.toAbsolutePath() : windows ? file.getParent() : Path.of(UNITS);
        show(contents, target, windows ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8, output);
        String next = windows
                ? "schtasks /Create /TN " + files.name() + " /XML \"" + target.resolve(files.name() + ".xml") + "\""
                : "systemctl daemon-reload && systemctl enable --now " + files.name() + ".timer";
        output.notice(apply ? "now run: " + next : "to write this: --apply; then: " + next);
    }

    /** Units for all job files of a directory, as packages install them. */
    void runTemplates(Output output) throws IOException {
        if (kind != null && isWindows(kind)) {
            throw new UsageException("--install-timer without a job file is for systemd only: give a job file");
        }
        show(
                TimerFiles.templates(program()),
                directory != null ? directory.toAbsolutePath() : Path.of(UNITS),
                StandardCharsets.UTF_8,
                output);
        String next = "systemctl daemon-reload && systemctl enable --now varve-nightly@JOB.timer";
        output.notice((apply
                        ? "now run, for /etc/varve/JOB.yaml: "
                        : "to write this: --apply; then, for" + " /etc/varve/JOB.yaml: ")
                + next);
    }

    private void show(Map<String, String> contents, Path target, Charset charset, Output output) throws IOException {
        for (Map.Entry<String, String> content : contents.entrySet()) {
            Path path = target.resolve(content.getKey());
            if (apply) {
                write(path, content.getValue(), charset);
                output.line("written: %s", path);
            } else {
                output.line("# %s", path);
                output.line("%s", content.getValue());
            }
        }
        output.document(() -> new TimerDocument(
                apply,
                contents.entrySet().stream()
                        .map(entry -> new TimerFileEntry(
                                target.resolve(entry.getKey()).toString(), entry.getValue()))
                        .toList()));
    }

    private static boolean isWindows(String kind) throws UsageException {
        return switch (kind) {
            case "systemd" -> false;
            case "windows" -> true;
            default -> throw new UsageException("--timer-kind is systemd or windows, not '" + kind + "'");
        };
    }

    private static void write(Path path, String text, Charset charset) throws TargetException {
        try {
            Files.write(path, text.getBytes(charset));
        } catch (IOException e) {
            throw new TargetException("cannot write " + path + ": " + Reason.of(e), e);
        }
    }

    /** The launcher beside the jar, or the jar itself. */
    private static List<String> program() {
        Path jar = Path.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)[0])
                .toAbsolutePath()
                .normalize();
        Path folder = jar.getParent();
        for (Path launcher : List.of(
                folder.resolve("varve.bat"),
                folder.resolve("varve"),
                folder.resolveSibling("bin").resolve("varve"))) {
            boolean batch = launcher.toString().endsWith(".bat");
            boolean windows = CacheDirectory.isWindows();
            if (batch == windows && Files.isExecutable(launcher) && Files.isRegularFile(launcher)) {
                return List.of(launcher.toString());
            }
        }
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString());
    }
}
