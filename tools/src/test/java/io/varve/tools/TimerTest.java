package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.tools.output.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimerTest {
    @TempDir
    Path temp;

    private Path job;

    @BeforeEach
    void write() throws IOException {
        job = Files.writeString(
                temp.resolve("every night & 100%.yaml"),
                "repository: {path: " + temp + "/repo, password-file: " + temp + "/pass}\n"
                        + "machines: [{pattern: " + temp + "/vm/*}]\nschedule: {at: \"21:30\"}\nzone: Europe/Berlin\n"
                        + "metrics-file: " + temp + "/metrics/varve.prom\n");
    }

    @Test
    void theFilesAreShownFirstAndWrittenOnRequest() throws IOException {
        Path units = Files.createDirectory(temp.resolve("units"));
        Cli.Result shown = Cli.run("nightly", job, "--install-timer", "--timer-kind", "systemd", "--timer-dir", units)
                .expect(ExitCode.DONE);
        assertTrue(shown.out().contains("OnCalendar=*-*-* 21:30:00 Europe/Berlin"), shown.out());
        assertTrue(shown.out().contains("LoadCredential=passphrase:" + temp + "/pass"), shown.out());
        assertTrue(shown.out().contains("ReadWritePaths=" + temp + "/metrics " + temp + "/repo"), shown.out());
        assertTrue(shown.err().contains("systemctl enable --now varve-nightly-every-night---100-.timer"), shown.err());
        assertEquals(0, units.toFile().list().length);
        Cli.run("nightly", job, "--install-timer", "--timer-kind", "systemd", "--timer-dir", units, "--apply")
                .expect(ExitCode.DONE);
        assertEquals(2, units.toFile().list().length);
        String service = Files.readString(units.resolve("varve-nightly-every-night---100-.service"));
        assertTrue(service.contains("nightly --if-due \"" + temp + "/every night & 100%%.yaml\""), service);
        assertTrue(service.contains("NoNewPrivileges=yes"));
        assertFalse(service.contains("User="));
    }

    /** systemd's own judgement. */
    @Test
    void systemdAccepts() throws Exception {
        Path tool = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(tool) || System.getenv("CI") != null, "systemd-analyze is missing");
        Path units = Files.createDirectory(temp.resolve("units"));
        Cli.run("nightly", job, "--install-timer", "--timer-kind", "systemd", "--timer-dir", units, "--apply")
                .expect(ExitCode.DONE);
        Cli.run("nightly", "--install-timer", "--timer-kind", "systemd", "--timer-dir", units, "--apply")
                .expect(ExitCode.DONE);
        String template = Files.readString(units.resolve("varve-nightly@.service"));
        assertTrue(template.contains(" nightly --if-due /etc/varve/%i.yaml\n"), template);
        assertTrue(template.contains("NoNewPrivileges=yes\n"), template);
        Process process = new ProcessBuilder(
                        tool.toString(),
                        "verify",
                        "--man=no",
                        units.resolve("varve-nightly-every-night---100-.service")
                                .toString(),
                        units.resolve("varve-nightly-every-night---100-.timer").toString(),
                        units.resolve("varve-nightly@.service").toString(),
                        units.resolve("varve-nightly@.timer").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertFalse(said.contains("varve-nightly"), said);
        assertEquals(0, process.exitValue(), said);
    }

    @Test
    void theTaskOfWindowsIsXml() throws Exception {
        Cli.run("nightly", job, "--install-timer", "--timer-kind", "windows", "--timer-dir", temp, "--apply")
                .expect(ExitCode.DONE);
        byte[] file = Files.readAllBytes(temp.resolve("varve-nightly-every-night---100-.xml"));
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(file));
        assertEquals("PT1H", document.getElementsByTagName("Interval").item(0).getTextContent());
        String arguments = document.getElementsByTagName("Arguments").item(0).getTextContent();
        assertTrue(arguments.endsWith("\"nightly\" \"--if-due\" \"" + job + "\""), arguments);
        assertTrue(document.getElementsByTagName("Description")
                .item(0)
                .getTextContent()
                .endsWith("every night & 100%"));
    }

    @Test
    void wrongOptionsAreNamed() {
        assertTrue(
                Cli.run("nightly", job, "--apply").expect(ExitCode.USAGE).err().contains("--install-timer"));
        Cli.run("nightly", job, "--install-timer", "--timer-kind", "cron").expect(ExitCode.USAGE);
        Cli.run(
                        "nightly",
                        job,
                        "--install-timer",
                        "--apply",
                        "--timer-kind",
                        "systemd",
                        "--timer-dir",
                        temp.resolve("no"))
                .expect(ExitCode.TARGET_FAILED);
    }
}
