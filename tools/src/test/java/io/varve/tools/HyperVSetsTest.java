package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.adapters.rsvd.SharedDiskServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nights of a machine of a guest cluster: a disk of its own, and a VHD set on a file server. */
class HyperVSetsTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path temp;

    private final byte[] content = new byte[SIZE];
    private StandInHost host;
    private StandInMachine machine;
    private WsManServer server;
    private SharedDiskServer shared;
    private String repo;

    @BeforeEach
    void start() throws Exception {
        new SplittableRandom(4).nextBytes(content);
        shared = SharedDiskServer.start(Files.createDirectory(temp.resolve("sofs")), content);
        host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        machine = host.addMachine("web1");
        machine.addDisk(SIZE);
        machine.addDisk(SIZE).share(host.share().toRealPath().resolve("cluster.vhds"));
        server = WsManServer.start(host, temp, 0);
        repo = temp.resolve("repo").toString();
        Files.writeString(temp.resolve("host"), WsManServer.PASSWORD + "\n");
        Files.writeString(temp.resolve("sofs-password"), SharedDiskServer.PASSWORD + "\n");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() throws IOException {
        if (shared != null) {
            shared.close();
        }
        if (server != null) {
            server.close();
            assertEquals(List.of(), host.violations());
        }
    }

    private Cli.Result backup(String map, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--smb-password-file", temp.resolve("sofs-password").toString()));
        return backupWithoutPassword(map, all);
    }

    private Cli.Result backupWithoutPassword(String map, List<String> more) {
        List<Object> all = new ArrayList<>(List.of("hyperv", "backup", "-r", repo, "--vm", "web1"));
        all.addAll(List.of("--map", StandInHost.DRIVE + "=" + host.folderHere(), "--map", map));
        all.addAll(List.of("--host", server.address(), "--user", WsManServer.USER));
        all.addAll(List.of("--host-password-file", temp.resolve("host"), "--fingerprint", server.fingerprint()));
        all.addAll(List.of("--smb-user", SharedDiskServer.USER));
        all.addAll(more);
        return Cli.run(all.toArray());
    }

    private String onServer() {
        String url = shared.url();
        return StandInHost.SHARE + "=" + url.substring(0, url.lastIndexOf('/'));
    }

    private byte[] restored(String disk) throws IOException {
        Path file = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest", "--disk", disk, "--to", file, "--force")
                .expect(ExitCode.DONE);
        return Files.readAllBytes(file);
    }

    private void write(int at) throws IOException {
        content[at]++;
        Files.write(shared.disk(), content);
    }

    private static String mode(JsonNode night, int disk) {
        return night.at("/disks/" + disk + "/mode").asText();
    }

    @Test
    void aSetIsReadFromItsServerBesideTheOtherDisks() throws IOException {
        Cli.Result first = backup(onServer()).expect(ExitCode.DONE);
        assertTrue(first.out().contains("by rsvd, since it is a VHD set"), first.out());
        assertArrayEquals(content, restored("cluster"));
        for (int night = 2; night <= 3; night++) {
            write(70_000 * night);
            machine.disks().get(0).write(night << 16, new byte[] {1, 2, 3});
            JsonNode told = backup(onServer(), "--json").expect(ExitCode.DONE).json();
            assertEquals("incremental", mode(told, 0), told.toString());
            assertEquals("incremental", mode(told, 1), told.toString());
            assertArrayEquals(content, restored("cluster"));
            assertArrayEquals(machine.disks().get(0).content(), restored("disk0"));
            assertEquals(0, shared.snapshots().size());
            assertEquals(1, host.objects(machine).size()); // the reference point
        }
        JsonNode shown = Cli.run("show", "-r", repo, "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(shown.toString().contains("\"consistency\":\"crash\""), shown.toString());
    }

    @Test
    void theSetsAloneTakeNoCheckpoint() throws IOException {
        Cli.Result first = backup(onServer(), "--read", "rsvd").expect(ExitCode.WARNINGS);
        assertTrue(first.err().contains("is not a VHD set, and is not in the snapshot"), first.err());
        assertArrayEquals(content, restored("cluster"));
        assertEquals(0, host.objects(machine).size());
        write(5);
        JsonNode night = backup(onServer(), "--read", "rsvd", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        assertEquals("incremental", mode(night, 0), night.toString());
        // The next night may read the other disks too: the base of the set is the same.
        write(6);
        JsonNode both = backup(onServer(), "--json").expect(ExitCode.DONE).json();
        assertEquals("incremental", mode(both, 1), both.toString());
    }

    @Test
    void aServerThatIsAwayCostsTheSetAlone() throws IOException {
        backup(onServer()).expect(ExitCode.DONE);
        shared.settings("fail 2002101 C05CFF09");
        Cli.Result night = backup(onServer()).expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("VHD sets are not in the snapshot"), night.err());
        assertArrayEquals(machine.disks().get(0).content(), restored("disk0"));
        shared.settings();
        backup(onServer(), "--read", "rsvd").expect(ExitCode.WARNINGS);
        assertArrayEquals(content, restored("cluster"));
        assertEquals(0, shared.snapshots().size());
    }

    @Test
    void withoutAPasswordForTheServerTheOtherDisksAreBackedUp() throws IOException {
        Cli.Result night = backupWithoutPassword(onServer(), List.of()).expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("VHD sets are not in the snapshot"), night.err());
        assertTrue(night.err().contains("VARVE_HOST_PASSWORD_FILE"), night.err());
        assertArrayEquals(machine.disks().get(0).content(), restored("disk0"));
        backupWithoutPassword(onServer(), List.of("--read", "rsvd")).expect(ExitCode.USAGE);
    }

    @Test
    void aMachineWithoutOtherDisksNeedsItsServer() throws IOException {
        machine.disks().get(0).share(host.share().toRealPath().resolve("other.vhds"));
        machine.removeDisk(machine.disks().get(1));
        Cli.Result night = backup(onServer()).expect(ExitCode.SOURCE_FAILED);
        assertTrue(night.err().contains("other.vhds"), night.err());
        assertEquals(0, shared.snapshots().size());
        Cli.Result unnamed = backup("E:\\else=" + temp).expect(ExitCode.USAGE);
        assertTrue(unnamed.err().contains("on a server that no --map names"), unnamed.err());
        String listed =
                Cli.run("snapshots", "-r", repo, "--json").expect(ExitCode.DONE).out();
        assertFalse(listed.contains("web1"), listed);
    }

    @Test
    void aSetThatCannotBeReadIsLeftOutAlone() throws IOException {
        machine.addDisk(SIZE).share(host.share().toRealPath().resolve("missing.vhds"));
        for (int night = 1; night <= 2; night++) {
            write(70_000 * night);
            Cli.Result told = backup(onServer(), "--json").expect(ExitCode.WARNINGS);
            assertTrue(told.err().contains("missing.vhds is not in the snapshot"), told.err());
            assertEquals(night == 1 ? "full" : "incremental", mode(told.json(), 1), told.out());
            assertArrayEquals(content, restored("cluster"));
            assertArrayEquals(machine.disks().get(0).content(), restored("disk0"));
        }
        assertEquals(0, shared.snapshots().size());
        Cli.Result alone = backup(onServer(), "--read", "rsvd").expect(ExitCode.WARNINGS);
        assertTrue(alone.err().contains("missing.vhds is not in the snapshot"), alone.err());
        assertArrayEquals(content, restored("cluster"));
    }

    @Test
    void theDoctorAsksTheServerOfASet() throws IOException {
        Cli.Result sound = doctor(onServer());
        assertTrue(sound.out().contains("cluster.vhds is a VHD set, which its file server lets us read"), sound.out());
        assertEquals(0, shared.snapshots().size());
        machine.addDisk(SIZE).share(host.share().toRealPath().resolve("missing.vhds"));
        Cli.Result ill = doctor(onServer());
        assertTrue(ill.out().contains("missing.vhds is a VHD set and would not be contained"), ill.out());
        assertTrue(doctor("E:\\else=" + temp).out().contains("on a server that no --map names"));
    }

    private Cli.Result doctor(String map) {
        List<Object> all = new ArrayList<>(List.of("doctor", "--host", server.address(), "--user", WsManServer.USER));
        all.addAll(List.of("--host-password-file", temp.resolve("host"), "--fingerprint", server.fingerprint()));
        all.addAll(List.of("--map", StandInHost.DRIVE + "=" + host.folderHere(), "--map", map));
        all.addAll(List.of("--smb-user", SharedDiskServer.USER, "--smb-password-file", temp.resolve("sofs-password")));
        return Cli.run(all.toArray());
    }

    @Test
    void aRefusedCheckpointOfAMachineWithSetsComesWithAdvice() throws IOException {
        host.faults().failJob("CreateSnapshot", 0x80070005L, 1);
        Cli.Result night = backup(onServer()).expect(ExitCode.SOURCE_FAILED);
        assertTrue(night.err().contains("--read rsvd"), night.err());
    }

    @Test
    void aSetOnNoShareIsRefusedWithAdvice() throws IOException {
        machine.disks().get(0).share();
        Cli.Result one = backup(onServer(), "--read", "rsvd").expect(ExitCode.WARNINGS);
        assertTrue(one.err().contains("not on a share of a Scale-Out File Server"), one.err());
        assertEquals(0, host.objects(machine).size());
    }
}
