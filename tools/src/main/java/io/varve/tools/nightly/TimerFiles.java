package io.varve.tools.nightly;

import io.varve.adapters.windows.GivenPath;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What makes a job run each night: a service and a timer of systemd, or a scheduled task of Windows. A pure function of
 * the job. With a schedule in the job the timer asks every hour, so that a missed night is caught up.
 */
final class TimerFiles {
    private static final LocalTime DEFAULT = LocalTime.of(22, 0);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private static final String TEMPLATE = "varve-nightly@";

    private static final List<String> PROCESS = List.of(
            "Type=oneshot",
            "# 1: done, with warnings",
            "SuccessExitStatus=1",
            "Nice=10",
            "IOSchedulingClass=best-effort",
            "IOSchedulingPriority=7",
            "# a request to stop lets running backups end and thaws what is frozen",
            "TimeoutStopSec=15min",
            "CacheDirectory=varve",
            "CacheDirectoryMode=0700",
            "Environment=VARVE_CACHE=%C/varve",
            "");

    private static final List<String> RIGHTS = List.of(
            "ProtectHome=read-only",
            "PrivateTmp=yes",
            "NoNewPrivileges=yes",
            "ProtectKernelTunables=yes",
            "ProtectKernelModules=yes",
            "ProtectKernelLogs=yes",
            "ProtectControlGroups=yes",
            "ProtectHostname=yes",
            "RestrictNamespaces=yes",
            "RestrictRealtime=yes",
            "RestrictSUIDSGID=yes",
            "LockPersonality=yes",
            "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
            "SystemCallArchitectures=native",
            "UMask=0077",
            "# to read every disk file, to write as the repository's owner, to take leases, and to name who"
                    + " has a disk open",
            "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_CHOWN CAP_FOWNER CAP_LEASE"
                    + " CAP_SYS_PTRACE");

    private final JobFile job;
    private final Path file;
    private final List<String> program;

    /**
     * @param file the job file, absolute
     * @param program what starts Varve, absolute
     */
    TimerFiles(JobFile job, Path file, List<String> program) {
        this.job = job;
        this.file = file;
        this.program = List.copyOf(program);
    }

    /** Of units and tasks. */
    String name() {
        return "varve-nightly-" + job.name().replaceAll("[^A-Za-z0-9_-]", "-");
    }

    /** Contents by file name. */
    Map<String, String> systemd() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(name() + ".service", service());
        files.put(name() + ".timer", timer());
        return files;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(program);
        command.add("nightly");
        if (job.schedule().isPresent()) {
            command.add("--if-due");
        }
        command.add(file.toString());
        return command;
    }

    private String service() {
        List<String> lines = new ArrayList<>(List.of(
                "[Unit]",
                "Description=Varve: night of job " + escaped(job.name()),
                "Wants=network-online.target",
                "After=network-online.target",
                "RequiresMountsFor=" + paths(places()),
                "",
                "[Service]",
                "ExecStart="
                        + String.join(
                                " ", command().stream().map(TimerFiles::quoted).toList())));
        lines.addAll(PROCESS);
        credential(lines);
        lines.addAll(List.of(
                "# What a backup needs and no more. Hooks run in here, too: give back what they need with",
                "#   systemctl edit " + name() + ".service",
                "ProtectSystem=strict",
                "ReadWritePaths=" + paths(written())));
        lines.addAll(RIGHTS);
        return String.join("\n", lines) + "\n";
    }

    /**
     * Units for any job file in {@code /etc/varve}, which packages install: they know no job, so the service may write
     * wherever root may, but below {@code /usr}, {@code /boot}, {@code /etc}, {@code /home} and {@code /root}.
     *
     * @param program what starts Varve, absolute
     */
    static Map<String, String> templates(List<String> program) {
        String start = String.join(" ", program.stream().map(TimerFiles::quoted).toList());
        List<String> service = new ArrayList<>(List.of(
                "[Unit]",
                "Description=Varve: night of job %i",
                "Documentation=man:varve-nightly(1)",
                "Wants=network-online.target",
                "After=network-online.target",
                "",
                "[Service]",
                "ExecStart=" + start + " nightly --if-due /etc/varve/%i.yaml"));
        service.addAll(PROCESS);
        service.addAll(List.of(
                "# The passphrase, as a credential that only this service sees. It counts where the job file",
                "# names no key:",
                "#   systemctl edit " + TEMPLATE + "JOB.service",
                "#LoadCredential=passphrase:/etc/varve/%i.passphrase",
                "#Environment=VARVE_PASSWORD_FILE=%d/passphrase",
                "",
                "# Hooks run in here, too. 'varve nightly JOB.yaml --install-timer' makes a service that may",
                "# write to the repositories of its job alone.",
                "ProtectSystem=full"));
        service.addAll(RIGHTS);
        List<String> timer = List.of(
                "[Unit]",
                "Description=Varve: night of job %i",
                "Documentation=man:varve-nightly(1)",
                "",
                "[Timer]",
                "# --if-due does nothing but when a night is due by the schedule in the job file",
                "OnCalendar=hourly",
                "Persistent=true",
                "AccuracySec=1min",
                "",
                "[Install]",
                "WantedBy=timers.target");
        Map<String, String> files = new LinkedHashMap<>();
        files.put(TEMPLATE + ".service", String.join("\n", service) + "\n");
        files.put(TEMPLATE + ".timer", String.join("\n", timer) + "\n");
        return files;
    }

    /** The passphrase as a credential of systemd's: only this service sees it. */
    private void credential(List<String> lines) {
        Optional<GivenPath> passphrase = Optional.ofNullable(job.repository().passwordFile());
        String comment = passphrase.isPresent() ? "" : "#";
        lines.add(
                "# The passphrase, as a credential that only this service sees. It counts where the job file names no");
        lines.add("# key, so take 'password-file' out of it.");
        lines.add(comment + "LoadCredential=passphrase:"
                + passphrase.map(GivenPath::toString).orElse("/etc/varve/passphrase"));
        lines.add(comment + "Environment=VARVE_PASSWORD_FILE=%d/passphrase");
        lines.add("");
    }

    private List<Path> places() {
        List<Path> places = new ArrayList<>();
        job.repository().where().folder().ifPresent(places::add);
        job.copy().flatMap(copy -> copy.place().where().folder()).ifPresent(places::add);
        return places;
    }

    /** Folders of files that are replaced by renaming, and repositories. */
    private List<Path> written() {
        TreeSet<Path> written = new TreeSet<>(places());
        job.metricsFile().map(GivenPath::path).map(Path::getParent).ifPresent(written::add);
        job.reportFile().map(GivenPath::path).map(Path::getParent).ifPresent(written::add);
        return List.copyOf(written);
    }

    private static String paths(List<Path> paths) {
        return String.join(
                " ", paths.stream().map(path -> quoted(path.toString())).toList());
    }

    private String timer() {
        List<String> lines = new ArrayList<>(
                List.of("[Unit]", "Description=Varve: night of job " + escaped(job.name()), "", "[Timer]"));
        LocalTime at = job.schedule().map(JobFile.Schedule::at).orElse(DEFAULT);
        lines.add("OnCalendar=*-*-* " + TIME.format(at) + " " + job.zone().getId());
        if (job.schedule().isPresent()) {
            lines.add("# --if-due does nothing where a night has run; a missed one is caught up within the hour");
            lines.add("OnCalendar=hourly");
        }
        lines.addAll(List.of("Persistent=true", "AccuracySec=1min", "", "[Install]", "WantedBy=timers.target"));
        return String.join("\n", lines) + "\n";
    }

    /** For a value of a unit file in which {@code %} means something. */
    private static String escaped(String text) {
        return text.replace("%", "%%");
    }

    private static String quoted(String word) {
        String escaped =
                escaped(word).replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$");
        return escaped.matches("[A-Za-z0-9_./:=@%+,$-]+") ? escaped : '"' + escaped + '"';
    }

    /** A task for {@code schtasks /Create /XML}: as SYSTEM, every hour or once a day. */
    String windowsTask() {
        LocalTime at = job.schedule().map(JobFile.Schedule::at).orElse(DEFAULT);
        List<String> command = command();
        StringBuilder arguments = new StringBuilder();
        for (String word : command.subList(1, command.size())) {
            arguments
                    .append(arguments.length() == 0 ? "" : " ")
                    .append('"')
                    .append(word)
                    .append('"');
        }
        String repetition = job.schedule().isEmpty() ? "" : """

                      <Repetition>
                        <Interval>PT1H</Interval>
                        <Duration>P1D</Duration>
                      </Repetition>""";
        return """
                <?xml version="1.0" encoding="UTF-16"?>
                <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
                  <RegistrationInfo>
                    <Description>Varve: night of job %s</Description>
                  </RegistrationInfo>
                  <Triggers>
                    <CalendarTrigger>%s
                      <StartBoundary>2026-01-01T%s</StartBoundary>
                      <Enabled>true</Enabled>
                      <ScheduleByDay>
                        <DaysInterval>1</DaysInterval>
                      </ScheduleByDay>
                    </CalendarTrigger>
                  </Triggers>
                  <Principals>
                    <Principal id="Author">
                      <UserId>S-1-5-18</UserId>
                      <RunLevel>HighestAvailable</RunLevel>
                    </Principal>
                  </Principals>
                  <Settings>
                    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
                    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
                    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
                    <StartWhenAvailable>true</StartWhenAvailable>
                    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
                    <Priority>7</Priority>
                  </Settings>
                  <Actions Context="Author">
                    <Exec>
                      <Command>%s</Command>
                      <Arguments>%s</Arguments>
                    </Exec>
                  </Actions>
                </Task>
                """.formatted(
                        xml(job.name()), repetition, TIME.format(at), xml(command.get(0)), xml(arguments.toString()));
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
