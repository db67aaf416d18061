package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.SambaServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights of a job file whose disk is on a share; the account is in the environment, so each is a process. */
class NightlyOnShareTest {
    private static final int SIZE = 2 << 20;

    @TempDir
    private Path temp;

    private final byte[] content = new byte[SIZE];
    private SambaServer samba;
    private Path job;

    @BeforeEach
    void start() throws Exception {
        new SplittableRandom(2).nextBytes(content);
        samba = SambaServer.start();
        Files.writeString(temp.resolve("password"), SambaServer.PASSWORD + "\n");
        Path repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        job = Files.writeString(
                temp.resolve("job.yaml"),
                "repository: {path: " + repo + "}\nmachines:\n  - name: web1\n    disks: [\"system=smb://"
                        + samba.address() + "/vm/system.raw\"]\n");
    }

    @AfterEach
    void stop() throws IOException {
        if (samba != null) {
            samba.close();
        }
    }

    private Cli.Result night(String user) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.varve.tools.Varve",
                        "nightly",
                        job.toString())
                .redirectError(temp.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("VARVE_") && !name.equals("VARVE_CACHE"));
        builder.environment().put("VARVE_CONFIG", "");
        builder.environment().put("VARVE_SMB_USER", user);
        builder.environment()
                .put("VARVE_HOST_PASSWORD_FILE", temp.resolve("password").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Cli.Result(process.waitFor(), out, Files.readString(temp.resolve("err")));
    }

    private byte[] restored() throws IOException {
        Path out = temp.resolve("out.raw");
        Cli.run("restore", "-r", temp.resolve("repo"), "latest", "--to", out, "--force")
                .expect(ExitCode.DONE);
        return Files.readAllBytes(out);
    }

    @Test
    void twoNights() throws Exception {
        for (int night = 0; night < 2; night++) {
            content[night * 70_000]++;
            Files.write(samba.folder().resolve("system.raw"), content);
            night(SambaServer.USER).expect(ExitCode.DONE);
            assertArrayEquals(content, restored(), "night " + night);
        }
    }

    @Test
    void aRefusedLogonIsTheMachinesFailure() throws Exception {
        Files.write(samba.folder().resolve("system.raw"), content);
        Cli.Result refused = night("nobody-of-that-name");
        assertTrue(refused.code() != 0, refused.out());
        assertTrue((refused.out() + refused.err()).contains("wrong user or password"), refused.out() + refused.err());
    }
}
