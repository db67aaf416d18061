package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.adapters.smb.SambaServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights of a host whose folder is on a share of a real Samba and mounted nowhere. */
class HyperVOnShareTest {
    @TempDir
    private Path temp;

    private SambaServer samba;
    private StandInHost host;
    private StandInMachine machine;
    private WsManServer server;
    private String repo;

    @BeforeEach
    void start() throws Exception {
        samba = SambaServer.start();
        host = new StandInHost(Files.createDirectories(samba.folder().resolve("drive")));
        machine = host.addMachine("web1");
        machine.addDisk(4 << 20);
        server = WsManServer.start(host, temp, 0);
        repo = temp.resolve("repo").toString();
        Files.writeString(temp.resolve("host"), WsManServer.PASSWORD + "\n");
        Files.writeString(temp.resolve("nas"), SambaServer.PASSWORD + "\n");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
            assertEquals(List.of(), host.violations());
        }
        if (samba != null) {
            samba.close();
        }
    }

    private Cli.Result backup(String folder, String... more) {
        List<Object> all = new ArrayList<>(List.of("hyperv", "backup", "-r", repo, "--vm", "web1"));
        all.addAll(List.of("--map", StandInHost.DRIVE + "=smb://" + samba.address() + "/vm/" + folder));
        all.addAll(List.of("--host", server.address(), "--user", WsManServer.USER));
        all.addAll(List.of("--host-password-file", temp.resolve("host"), "--fingerprint", server.fingerprint()));
        all.addAll(List.of("--smb-user", SambaServer.USER, "--smb-password-file", temp.resolve("nas")));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    @Test
    void nightsAreIncrementalAndRestoreAsFrozen() throws IOException {
        machine.disks().get(0).write(50_000, new byte[] {1, 2, 3});
        Cli.Result first = backup("drive").expect(ExitCode.DONE);
        assertTrue(first.out().contains("full (first backup"), first.out());
        machine.disks().get(0).write(2 << 20, new byte[] {4, 5, 6});
        JsonNode night = backup("drive", "--json").expect(ExitCode.DONE).json();
        assertEquals("incremental", night.at("/disks/0/mode").asText(), night.toString());
        Path file = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest", "--to", file).expect(ExitCode.DONE);
        assertArrayEquals(machine.disks().get(0).content(), Files.readAllBytes(file));
        Path files = temp.resolve("files");
        Cli.run("restore", "-r", repo, "latest", "--files", files).expect(ExitCode.DONE);
        assertEquals("configuration of web1", Files.readString(files.resolve("config.vmcx")));
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Cli.Result wrong = backup("elsewhere").expect(ExitCode.SOURCE_FAILED);
        assertTrue(wrong.err().contains("no such f") || wrong.err().contains("does not see it"), wrong.err());
        Cli.Result local = backup("drive", "--export-to", StandInHost.DRIVE + "\\exports");
        assertTrue(local.err().contains("needs it mounted here"), local.err());
    }
}
