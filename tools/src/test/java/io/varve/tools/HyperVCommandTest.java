package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.engine.port.DiskImage;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights of a machine of the stand-in host, by the command line. */
class HyperVCommandTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path temp;

    private StandInHost host;
    private StandInMachine machine;
    private WsManServer server;
    private String repo;

    @BeforeEach
    void start() throws IOException {
        host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        machine = host.addMachine("web1");
        machine.addDisk(SIZE);
        machine.addDisk(SIZE);
        server = WsManServer.start(host, temp, 0);
        repo = temp.resolve("repo").toString();
        Files.writeString(temp.resolve("password"), WsManServer.PASSWORD + "\n");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(List.of(), host.violations());
    }

    private Cli.Result onHost(String... arguments) {
        List<String> all = new ArrayList<>(List.of("hyperv"));
        all.addAll(List.of(arguments));
        all.addAll(List.of(
                "--host",
                server.address(),
                "--user",
                WsManServer.USER,
                "--host-password-file",
                temp.resolve("password").toString(),
                "--fingerprint",
                server.fingerprint()));
        return Cli.run(all.toArray());
    }

    private Cli.Result backup(String... more) {
        List<String> all = new ArrayList<>(
                List.of("backup", "-r", repo, "--vm", "web1", "--map", StandInHost.DRIVE + "=" + host.folderHere()));
        all.addAll(List.of(more));
        return onHost(all.toArray(String[]::new));
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private byte[] restored(String snapshot, String disk) throws IOException {
        Path file = temp.resolve(snapshot.replaceAll("\\W", "_") + "-" + disk + ".raw");
        Cli.run("restore", "-r", repo, snapshot, "--disk", disk, "--to", file.toString())
                .expect(ExitCode.DONE);
        return Files.readAllBytes(file);
    }

    @Test
    void nightsAreIncrementalAndRestoreAsFrozen() throws IOException {
        machine.disks().get(0).write(0, bytes(100_000, 1));
        machine.disks().get(1).write(1 << 20, bytes(300_000, 2));
        byte[] first = machine.disks().get(1).content();
        Cli.Result full = backup().expect(ExitCode.DONE);
        assertTrue(full.out().contains("Hyper-V: taking a checkpoint"), full.out());
        machine.disks().get(1).write(2 << 20, bytes(5000, 3));

        JsonNode night = backup("--json").expect(ExitCode.DONE).json();

        for (JsonNode disk : night.get("disks")) {
            assertEquals("incremental", disk.get("mode").asText(), night.toString());
        }
        JsonNode shown = Cli.run("show", "-r", repo, "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(shown.toString().contains("\"consistency\":\"application\""), shown.toString());
        assertArrayEquals(first, restored("latest~1", "disk1"));
        assertArrayEquals(machine.disks().get(1).content(), restored("latest", "disk1"));
        assertArrayEquals(machine.disks().get(0).content(), restored("latest", "disk0"));
        Path files = temp.resolve("files");
        Cli.run("restore", "-r", repo, "latest", "--files", files.toString()).expect(ExitCode.DONE);
        assertEquals("configuration of web1", Files.readString(files.resolve("config.vmcx")));
        assertEquals(1, host.objects(machine).size());
    }

    private Cli.Result export(String... more) {
        List<String> all = new ArrayList<>(List.of("--export-to", StandInHost.SHARE));
        all.addAll(List.of("--map", StandInHost.SHARE + "=" + host.share()));
        all.addAll(List.of(more));
        return backup(all.toArray(String[]::new));
    }

    @Tag("long")
    @Test
    void theHostExportsWhatChanged() throws IOException {
        machine.disks().get(0).write(0, bytes(100_000, 1));
        Cli.Result full = export().expect(ExitCode.DONE);
        assertTrue(full.out().contains("reading by export, since"), full.out());
        assertTrue(full.out().contains("exporting all disks into \\\\nas\\staging\\varve-export-"), full.out());
        machine.disks().get(0).write(50_000, bytes(7000, 3));
        machine.disks().get(1).write(2 << 20, bytes(5000, 4));

        JsonNode night =
                export("--read", "export", "--json").expect(ExitCode.DONE).json();

        for (JsonNode disk : night.get("disks")) {
            assertEquals("incremental", disk.get("mode").asText(), night.toString());
        }
        assertArrayEquals(machine.disks().get(0).content(), restored("latest", "disk0"));
        assertArrayEquals(machine.disks().get(1).content(), restored("latest", "disk1"));
        assertEquals(0, host.share().toFile().list().length);
        Path files = temp.resolve("files");
        Cli.run("restore", "-r", repo, "latest", "--files", files.toString()).expect(ExitCode.DONE);
        assertEquals(2, files.toFile().list().length);
        // The next night may read in another way: the base is the same.
        assertEquals(
                "incremental",
                backup("--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .at("/disks/0/mode")
                        .asText());
    }

    private Cli.Result doctor(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "doctor",
                "--host",
                server.address(),
                "--user",
                WsManServer.USER,
                "--host-password-file",
                temp.resolve("password").toString(),
                "--fingerprint",
                server.fingerprint()));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    @Test
    void theDoctorFindsWhatABackupWouldStumbleOver() throws IOException {
        String map = StandInHost.DRIVE + "=" + host.folderHere();
        Cli.Result sound = doctor("--map", map).expect(ExitCode.DONE);
        assertTrue(sound.out().contains("has 1 machine"), sound.out());
        assertTrue(sound.out().contains("a full read is at most"), sound.out());
        host.freeze(machine, true);
        machine.addPassThrough("Disk 9");
        machine.addDisk(SIZE).share();
        machine.cloneDisk(machine.disks().get(0));
        Cli.Result ill = doctor("--map", StandInHost.DRIVE + "=" + temp.resolve("elsewhere"))
                .expect(ExitCode.WARNINGS);
        for (String found : List.of(
                "recovery checkpoints", "pass-through", "is a VHD set", "one is a copy", "does not exist or cannot")) {
            assertTrue(ill.out().contains(found), found + " in " + ill.out());
        }
        Cli.run("doctor", "--user", "x").expect(ExitCode.USAGE);
        assertTrue(host.calls().stream().noneMatch(call -> call.contains("Create") || call.contains("Destroy")));
    }

    @Tag("long")
    @Test
    void readingDirectlyAsksForNoList() throws IOException {
        backup().expect(ExitCode.DONE);
        machine.disks().get(1).write(2 << 20, bytes(5000, 4));
        JsonNode night =
                backup("--read", "direct", "--json").expect(ExitCode.DONE).json();
        assertEquals("full", night.at("/disks/1/mode").asText());
        assertTrue(host.calls().stream().noneMatch(call -> call.endsWith("GetVirtualDiskChanges")));
        assertArrayEquals(machine.disks().get(1).content(), restored("latest", "disk1"));
        assertEquals(
                "incremental",
                backup("--json")
                        .expect(ExitCode.DONE)
                        .json()
                        .at("/disks/1/mode")
                        .asText());
    }

    @Test
    void waysThatCannotWorkHereAreRefused() {
        Cli.Result refused = backup("--read", "vss").expect(ExitCode.USAGE);
        assertTrue(refused.err().contains("under Windows"), refused.err());
        backup("--read", "export").expect(ExitCode.USAGE);
        backup("--read", "rsvd").expect(ExitCode.USAGE);
        assertEquals(0, host.objects(machine).size());
    }

    @Test
    void aWholeMachineIsRestored() throws IOException {
        machine.disks().get(1).write(5, bytes(70_000, 9));
        backup().expect(ExitCode.DONE);
        Path folder = temp.resolve("restored");
        Cli.Result restored = Cli.run("hyperv", "restore", "-r", repo, "latest", "--to-dir", folder.toString())
                .expect(ExitCode.DONE);
        assertTrue(restored.out().contains("original paths"), restored.out());
        assertEquals(
                "configuration of web1",
                Files.readString(folder.resolve("Virtual Machines").resolve("config.vmcx")));
        Path disk = folder.resolve("Virtual Hard Disks").resolve("disk1.vhdx");
        try (DiskImage image = DiskImages.open(disk, Reader.DIRECT)) {
            ByteBuffer content = ByteBuffer.allocate(SIZE);
            image.read(0, content);
            assertArrayEquals(machine.disks().get(1).content(), content.array());
            assertEquals(machine.disks().get(1).id(), image.guid().orElseThrow());
        }
        Cli.run("hyperv", "restore", "-r", repo, "latest", "--to-dir", folder.toString())
                .expect(ExitCode.USAGE);
        JsonNode again = Cli.run("hyperv", "restore", "-r", repo, "latest", "--json", "--to-dir", temp.resolve("again"))
                .expect(ExitCode.DONE)
                .json();
        assertEquals(2, again.get("restoredDisks").size());
        assertTrue(again.get("importFile").asText().endsWith("config.vmcx"));
    }

    @Test
    void whatIsLeftAtTheHostHasAnExitCodeOfItsOwnAndAJanitor() throws IOException {
        backup().expect(ExitCode.DONE);
        String foreign = host.freeze(machine, true);
        Cli.Result shown = onHost("clean", "-r", repo, "--vm", "web1").expect(ExitCode.DONE);
        assertTrue(shown.out().contains("unknown") && shown.out().contains(foreign), shown.out());
        assertEquals(2, host.objects(machine).size());
        onHost("clean", "-r", repo, "--vm", "web1", "--apply").expect(ExitCode.DONE);
        assertEquals(2, host.objects(machine).size(), "removed what is not Varve's");
        onHost("clean", "-r", repo, "--vm", "web1", "--checkpoint", "x", "--apply")
                .expect(ExitCode.USAGE);
        JsonNode removed = onHost("clean", "-r", repo, "--vm", "web1", "--checkpoint", foreign, "--apply", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(removed.get("applied").asBoolean());
        assertEquals(1, host.objects(machine).size());
    }

    @Test
    void machinesAreListed() throws IOException {
        JsonNode list = onHost("list", "--json").expect(ExitCode.DONE).json();
        assertEquals("web1", list.get("hostMachines").get(0).get("name").asText());
        assertEquals("running", list.get("hostMachines").get(0).get("state").asText());
        Cli.Result text = onHost("list").expect(ExitCode.DONE);
        assertTrue(text.out().contains(machine.id().toString()), text.out());
    }

    @Test
    void aPasswordOfALocalAccountIsRefusedOverHttp() {
        List<String> list = List.of("hyperv", "list", "--host", "http://localhost:1", "--user", WsManServer.USER);
        List<String> all = new ArrayList<>(list);
        all.addAll(List.of("--host-password-file", temp.resolve("password").toString()));
        Cli.Result refused = Cli.run(all.toArray()).expect(ExitCode.USAGE);
        assertTrue(refused.err().contains("only over HTTPS"), refused.err());
        all.addAll(List.of("--fingerprint", server.fingerprint()));
        assertTrue(
                Cli.run(all.toArray()).expect(ExitCode.USAGE).err().contains("--fingerprint and --ca are for HTTPS"));
    }

    @Test
    void aTicketIsOfOneAccount() {
        String cache = temp.resolve("cache").toString();
        Cli.Result both = onHost("list", "--ticket-cache", cache).expect(ExitCode.USAGE);
        assertTrue(both.err().contains("not both"), both.err());
        Cli.Result none = Cli.run("hyperv", "list", "--host", server.address(), "--ticket-cache", cache)
                .expect(ExitCode.SOURCE_FAILED);
        assertTrue(none.err().contains("no usable ticket in " + cache), none.err());
    }

    @Test
    void anUnknownCertificateIsRefusedWithItsFingerprint() {
        Cli.Result refused = Cli.run(
                        "hyperv",
                        "list",
                        "--host",
                        server.address(),
                        "--user",
                        WsManServer.USER,
                        "--host-password-file",
                        temp.resolve("password").toString())
                .expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains(server.fingerprint()), refused.err());
    }

    @Test
    void aWrongPasswordIsSaid() throws IOException {
        Files.writeString(temp.resolve("password"), "wrong");
        Cli.Result refused = onHost("list").expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("refused the logon"), refused.err());
    }

    @Test
    void aFolderThatIsNotMountedIsNamed() {
        Cli.Result refused = onHost("backup", "-r", repo, "--vm", "web1", "--map", "E:\\=/nowhere")
                .expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("--map 'D:\\VMs\\web1=PATH'"), refused.err());
        assertEquals(List.of(), host.objects(machine), "the checkpoint was not removed");
        Cli.Result unmapped = onHost("backup", "-r", repo, "--vm", "web1").expect(ExitCode.USAGE);
        assertTrue(unmapped.err().contains("--map"), unmapped.err());
    }

    @Test
    void anUnknownMachineIsSaid() {
        Cli.Result unknown = onHost("backup", "-r", repo, "--vm", "nobody", "--map", "D:\\VMs=/x")
                .expect(ExitCode.USAGE);
        assertTrue(unknown.err().contains("hyperv list"), unknown.err());
    }
}
