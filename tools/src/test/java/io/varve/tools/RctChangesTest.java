package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an engineer changes of a disk, and who is told that it concerns him. */
class RctChangesTest extends RctHost {
    private static final String OTHER = "00112233-4455-6677-8899-aabbccddeeff";

    private JsonNode status() throws IOException {
        return Cli.run("rct", "status", disk, "--json").expect(ExitCode.DONE).json();
    }

    private static List<String> holders(JsonNode bases, String kind) {
        List<String> found = new ArrayList<>();
        for (JsonNode base : bases) {
            if (base.path("kind").asText().equals(kind)) {
                found.add(base.path("holder").asText() + " = "
                        + base.path("changeId").asText());
            }
        }
        return found;
    }

    @Test
    void disablingNamesTheSnapshotsThatRelyOnTheDisk() throws IOException {
        backUp();
        tell("since rctX:1", "recent rctX:2");
        backUp();
        Cli.Result text = Cli.run("rct", "disable", disk, "-r", repo).expect(ExitCode.REFUSED);
        assertTrue(text.out().contains("of machine vm, disk system"), text.out());
        assertTrue(text.err().contains("not seen: reference points (--host), products that keep"), text.err());
        JsonNode bases = Cli.run("rct", "disable", disk, "-r", repo, "--json")
                .expect(ExitCode.REFUSED)
                .json()
                .path("bases");
        assertEquals(List.of("any product: the newest id that Windows gave = rctX:2"), holders(bases, "windows"));
        List<String> ours = holders(bases, "snapshot");
        assertEquals(1, ours.size(), "the newest of the machine: " + ours);
        assertTrue(ours.get(0).endsWith("= rctX:2"), ours.get(0));
        assertTrue(status().path("tracked").asBoolean(), "it was switched off");
        Cli.Result blind = Cli.run("rct", "disable", disk).expect(ExitCode.REFUSED);
        assertTrue(blind.err().contains("not seen: snapshots of a repository (-r), reference points"), blind.err());
        JsonNode done = Cli.run("rct", "disable", disk, "-r", repo, "--force", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(2, done.path("bases").size(), done::toString);
        assertFalse(done.path("tracked").asBoolean());
        assertFalse(status().path("tracked").asBoolean());
        JsonNode again =
                Cli.run("rct", "disable", disk, "--json").expect(ExitCode.DONE).json();
        assertEquals(0, again.path("bases").size(), "there is nothing to lose any more");
    }

    @Test
    void disablingNamesTheReferencePointsOfTheMachinesWithTheDisk() throws IOException {
        StandInHost host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        StandInMachine machine = host.addMachine("web1");
        StandInDisk attached = machine.addDisk(4 * MIB);
        StandInMachine stranger = host.addMachine("db1");
        stranger.addDisk(4 * MIB);
        try (WsManServer server = WsManServer.start(host, temp, 0)) {
            Files.writeString(temp.resolve("password"), WsManServer.PASSWORD + "\n");
            List<Object> logon = List.of(
                    "--host",
                    server.address(),
                    "--user",
                    WsManServer.USER,
                    "--host-password-file",
                    temp.resolve("password"),
                    "--fingerprint",
                    server.fingerprint());
            with(logon, "hyperv", "backup", "-r", repo, "--vm", "web1", "--map", "D:\\VMs=" + host.folderHere())
                    .expect(ExitCode.DONE);
            String foreign = host.addPoint(machine);
            host.addPoint(stranger);
            tell("id " + RctHost.hex(attached.id()));
            JsonNode bases = with(logon, "rct", "disable", disk, "-r", repo, "--json")
                    .expect(ExitCode.REFUSED)
                    .json()
                    .path("bases");
            List<String> points = holders(bases, "reference-point");
            assertEquals(2, points.size(), bases::toString);
            assertTrue(points.get(0).contains("of machine web1 (Varve's)"), points.get(0));
            assertTrue(points.get(1).contains(foreign + " of machine web1 (another product's"), points.get(1));
            assertEquals(1, holders(bases, "snapshot").size(), bases::toString);
        }
        assertEquals(List.of(), host.violations());
    }

    private static Cli.Result with(List<Object> logon, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(logon);
        return Cli.run(all.toArray());
    }

    @Test
    void aRepositoryThatIsNotThereIsNoFaultOfTheDisk() {
        Cli.run("rct", "disable", disk, "-r", temp.resolve("nowhere")).expect(ExitCode.USAGE);
    }

    @Test
    void aCopyGetsAnIdOfItsOwn() throws IOException {
        String before = status().path("virtualDiskId").asText();
        Cli.Result shown = Cli.run("rct", "set-id", disk).expect(ExitCode.REFUSED);
        assertTrue(shown.out().contains("would become"), shown.out());
        assertTrue(shown.err().contains("another disk for every backup product"), shown.err());
        assertEquals(before, status().path("virtualDiskId").asText());
        JsonNode done = Cli.run("rct", "set-id", disk, "--force", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(before, done.path("before").asText());
        assertEquals(done.path("after").asText(), status().path("virtualDiskId").asText());
        Cli.run("rct", "set-id", disk, "--id", OTHER, "--force").expect(ExitCode.DONE);
        assertEquals(OTHER, status().path("virtualDiskId").asText());
    }

    @Test
    void theIdentifierIsSetApart() throws IOException {
        String id = status().path("virtualDiskId").asText();
        Cli.Result refused =
                Cli.run("rct", "set-id", disk, "--identifier", "--id", OTHER).expect(ExitCode.REFUSED);
        assertTrue(refused.err().contains("differencing disks based on it no longer find it"), refused.err());
        Cli.run("rct", "set-id", disk, "--identifier", "--id", OTHER, "--force").expect(ExitCode.DONE);
        assertEquals(OTHER, status().path("identifier").asText());
        assertEquals(id, status().path("virtualDiskId").asText());
    }

    @Test
    void whatHasNoIdOfItsOwnIsRefused() throws IOException {
        tell("subtype 4", "parent " + RctHost.hex(UUID.fromString(OTHER)), "at C:\\vm\\base.vhdx");
        Cli.Result child = Cli.run("rct", "set-id", disk, "--force").expect(ExitCode.REFUSED);
        assertTrue(child.err().contains("Merge it first"), child.err());
        tell("subtype 3", "device 2");
        Cli.Result vhd = Cli.run("rct", "set-id", disk, "--force").expect(ExitCode.USAGE);
        assertTrue(vhd.err().contains("--identifier"), vhd.err());
        Cli.run("rct", "set-id", disk, "--identifier", "--force").expect(ExitCode.DONE);
        Cli.run("rct", "set-id", disk, "--id", "no-guid").expect(ExitCode.USAGE);
    }

    @Test
    void whatWindowsRefusesIsSaid() throws IOException {
        tell("error set 0xC03A001F");
        Cli.Result refused = Cli.run("rct", "set-id", disk, "--force").expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("cannot set its virtual disk id"), refused.err());
        assertTrue(refused.err().contains("online and writable"), refused.err());
    }
}
