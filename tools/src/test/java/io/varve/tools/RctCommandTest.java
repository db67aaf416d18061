package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Nights by change tracking, against the stand-in for {@code virtdisk.dll}; the disk is a VHDX, and QEMU writes to it.
 */
class RctCommandTest extends RctHost {
    @Test
    void aNightReadsWhatWindowsNamesAndRestoresWhatQemuSees() throws IOException {
        assertEquals("full", backUp().path("mode").asText());
        write("0x5a", 3 * MIB, 65536);
        tell("since rctX:1", "recent rctX:2", "range " + 3 * MIB + " 65536");
        JsonNode night = backUp();
        assertEquals("incremental", night.path("mode").asText(), night::toString);
        assertEquals(65536, night.path("readBytes").asLong(), night::toString);
        Path restored = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--to", restored).expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(temp.resolve("seen.raw"), restored));
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "whole", "system=" + disk).expect(ExitCode.DONE);
        assertEquals(mapRoot("whole"), mapRoot("vm"), "of a full read");
    }

    private String mapRoot(String machine) throws IOException {
        try (Repository open = Repository.open(Path.of(repo.toString()))) {
            return open.snapshots().list().snapshots().stream()
                    .filter(snapshot -> snapshot.manifest().machine().equals(machine))
                    .reduce((earlier, later) -> later)
                    .orElseThrow()
                    .manifest()
                    .disks()
                    .get(0)
                    .mapRoot()
                    .toString();
        }
    }

    /** A list that leaves something out is caught the same night, since the audit reads all of so small a disk. */
    @Test
    void anOmissionIsFoundByTheAudit() throws IOException {
        backUp();
        write("0x5a", 3 * MIB, 65536);
        write("0x5b", 6 * MIB, 4096);
        tell("since rctX:1", "recent rctX:2", "range " + 3 * MIB + " 65536");
        show();
        Cli.Result night = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("[audit-mismatch]"), night.err());
        Path restored = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--to", restored).expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(temp.resolve("seen.raw"), restored));
    }

    @Test
    void trackingThatIsSwitchedOnBetweenNightsServesTheNightAfterTheNext() throws IOException {
        tell("enabled 0");
        assertEquals("full", backUp().path("mode").asText());
        tell("enabled 1", "recent rctX:2", "since rctX:1");
        write("0x5a", 3 * MIB, 65536);
        JsonNode next = backUp();
        assertTrue(next.path("readBytes").asLong() >= 8 * MIB, "no id was stored: " + next);
        tell("recent rctX:3", "since rctX:2");
        JsonNode after = backUp();
        assertEquals("incremental", after.path("mode").asText(), after::toString);
        assertEquals(0, after.path("readBytes").asLong(), after::toString);
    }

    @Test
    void aDiskThatIsWrittenToIsRefused() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "only Linux tells who uses a file");
        try (FileChannel writer = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            assertTrue(writer.isOpen());
            show();
            Cli.Result refused = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                    .expect(ExitCode.SOURCE_FAILED);
            assertTrue(refused.err().contains("open for writing by"), refused.err());
        }
    }

    @Test
    void theStatusSaysWhetherTheTrackingFilesAreThere() throws IOException {
        assertTrue(Cli.run("rct", "status", disk).expect(ExitCode.DONE).out().contains("missing beside the disk"));
        Files.createFile(temp.resolve("disk.vhdx.rct"));
        Files.createFile(temp.resolve("disk.vhdx.mrt"));
        assertTrue(Cli.run("rct", "status", disk).expect(ExitCode.DONE).out().contains(".rct and .mrt are there"));
    }

    @Test
    void theStatusSaysWhatWindowsTakesTheDiskFor() throws IOException {
        tell("identifier 00112233445566778899aabbccddeeff");
        JsonNode status =
                Cli.run("rct", "status", disk, "--json").expect(ExitCode.DONE).json();
        assertEquals("vhdx", status.path("format").asText());
        assertEquals("dynamic", status.path("layout").asText());
        assertEquals(
                "33221100-5544-7766-8899-aabbccddeeff",
                status.path("identifier").asText());
        assertTrue(status.path("parent").isMissingNode());
        tell("subtype 4", "parent ffeeddccbbaa99887766554433221100", "at C:\\vm\\base disk.vhdx");
        JsonNode parent = Cli.run("rct", "status", disk, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("parent");
        assertTrue(parent.path("isFound").asBoolean());
        assertEquals("C:\\vm\\base disk.vhdx", parent.path("locations").get(0).asText());
        assertEquals(
                "ccddeeff-aabb-8899-7766-554433221100",
                parent.path("identifier").asText());
        String text = Cli.run("rct", "status", disk).expect(ExitCode.DONE).out();
        assertTrue(text.contains("vhdx, differencing"), text);
        assertTrue(text.contains("parent           C:\\vm\\base disk.vhdx"), text);
    }

    /** Windows refuses to open it at all; where it looked is what the engineer wants to know. */
    @Test
    void aMovedParentIsNamedWithThePlacesWhereWindowsLooked() throws IOException {
        tell("subtype 4", "lost D:\\old\\base.vhdx", "lost base.vhdx", "error open 0xC03A000D");
        Cli.Result refused = Cli.run("rct", "status", disk).expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("looked for the parent at D:\\old\\base.vhdx, base.vhdx"), refused.err());
    }

    @Test
    void aVhdHasNoTrackingAndIsToldSo() throws IOException {
        tell("device 2", "error set 87");
        String text = Cli.run("rct", "status", disk).expect(ExitCode.DONE).out();
        assertTrue(text.contains("format vhd has no change tracking; convert it to VHDX"), text);
        Cli.Result enable = Cli.run("rct", "enable", disk).expect(ExitCode.REFUSED);
        assertTrue(enable.err().contains("Convert-VHD"), enable.err());
        Cli.Result query = Cli.run("rct", "query", disk, "--since", "rctX:0").expect(ExitCode.WARNINGS);
        assertTrue(query.err().contains("format vhd has no change tracking"), query.err());
    }

    /** Otherwise each night would read the disk whole, and nobody would know why. */
    @Test
    void aBackupSaysThatTrackingIsOff() throws IOException {
        tell("enabled 0");
        show();
        Cli.Result night = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.DONE);
        assertTrue(night.err().contains("disk 'system' will be read whole next time, too"), night.err());
        assertTrue(night.err().contains("varve rct enable"), night.err());
    }

    @Test
    void aLostIdIsReadWholeWithAWarning() throws IOException {
        backUp();
        tell("since rctX:other", "recent rctX:2");
        Cli.Result night = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("0xC03A0030"), night.err());
    }

    /** The query still answers, but Windows has logged that the answer cannot be trusted. */
    @Test
    void aLossInTheEventLogDemotesBeforeTheQueryIsAsked() throws IOException {
        Path log = eventLog();
        String file = "\\Device\\HarddiskVolume3" + disk.toString().replace('/', '\\');
        Files.writeString(log, event(5, 9, file));
        assertEquals("full", backUp().path("mode").asText());
        write("0x5a", 3 * MIB, 65536);
        Files.writeString(log, event(6, 8, file.replace("disk.vhdx", "other.vhdx")), StandardOpenOption.APPEND);
        tell("since rctX:1", "recent rctX:2", "range " + 3 * MIB + " 65536");
        assertEquals("incremental", backUp().path("mode").asText(), "what was logged before, and of another disk");
        write("0x5b", 5 * MIB, 65536);
        Files.writeString(log, event(7, 10, file), StandardOpenOption.APPEND);
        tell("since rctX:2", "recent rctX:3");
        show();
        Cli.Result night = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("event 10"), night.err());
        Path restored = temp.resolve("restored.raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--to", restored).expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(temp.resolve("seen.raw"), restored));
        Files.writeString(log, event(1, 1, file));
        tell("since rctX:3", "recent rctX:4");
        Cli.Result cleared = Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + disk)
                .expect(ExitCode.DONE);
        assertTrue(cleared.err().contains("was cleared"), cleared.err());
    }

    @Test
    void whatTheEngineerAsks() throws IOException {
        JsonNode status =
                Cli.run("rct", "status", disk, "--json").expect(ExitCode.DONE).json();
        assertTrue(status.path("tracked").asBoolean());
        assertEquals("rctX:1", status.path("mostRecentId").asText());
        assertEquals(8 * MIB, status.path("size").asInt());
        tell("range " + MIB + " 4096");
        JsonNode query = Cli.run("rct", "query", disk, "--since", "rctX:0", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(4096, query.path("changedBytes").asInt());
        assertEquals(MIB, query.path("ranges").get(0).path("offset").asInt());
        JsonNode map = Cli.run("rct", "query", disk, "--since", "rctX:0", "--files", "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("segments")
                .get(0);
        byte[] seen = new byte[4096];
        try (var file = Files.newByteChannel(disk)) {
            file.position(map.path("fileOffset").asLong()).read(java.nio.ByteBuffer.wrap(seen));
        }
        byte[] content = new byte[8 * MIB];
        new SplittableRandom(1).nextBytes(content);
        assertEquals(-1, java.util.Arrays.mismatch(java.util.Arrays.copyOfRange(content, MIB, MIB + 4096), seen));
        assertTrue(Cli.run("rct", "query", disk, "--since", "rctX:unknown")
                .expect(ExitCode.WARNINGS)
                .err()
                .contains("rct-lost"));
        assertTrue(
                Cli.run("rct", "disable", disk).expect(ExitCode.REFUSED).err().contains("--force"));
        Cli.run("rct", "disable", disk, "--force").expect(ExitCode.DONE);
        assertTrue(Cli.run("rct", "status", disk).expect(ExitCode.DONE).out().contains("off"));
        Cli.run("rct", "enable", disk).expect(ExitCode.DONE);
    }

    @Test
    void withoutWindowsItSaysSo() {
        System.clearProperty(PROPERTY);
        for (List<String> command : List.of(
                List.of("rct", "status", disk.toString()),
                List.of("backup", "-r", repo.toString(), "--machine", "vm", "--via", "rct", "system=" + disk))) {
            Cli.Result result = Cli.run(command.toArray()).expect(ExitCode.SOURCE_FAILED);
            assertTrue(result.err().contains("64-bit Windows"), result.err());
        }
    }

    /** The stand-in knows the id of no file and makes no files beside a disk: a host that is not as expected. */
    @Test
    void theSelfTestNamesWhatIsNotAsExpected() throws IOException {
        byte[] content = new byte[1 << 20];
        new SplittableRandom(1).nextBytes(content);
        Path seen = Files.write(temp.resolve("scratch.raw"), content);
        Files.writeString(
                temp.resolve("varve-selftest.vhdx.standin"),
                "size " + (64 << 20) + "\nenabled 0\nid 00112233445566778899aabbccddeeff\nrecent rctX:1\nsince rctX:1\n"
                        + "content " + seen + "\n");
        JsonNode told = Cli.run("selftest", "virtdisk", "--dir", temp, "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        Map<String, String> different = new TreeMap<>();
        for (JsonNode answer : told.path("answers")) {
            if (!answer.path("isExpected").asBoolean()) {
                different.put(
                        answer.path("question").asText(), answer.path("found").asText());
            }
        }
        assertEquals(
                Map.of(
                        "virtual disk id is the file's",
                        "33221100-5544-7766-8899-aabbccddeeff",
                        "files beside the disk",
                        "none"),
                different);
        assertTrue(Files.notExists(temp.resolve("varve-selftest.vhdx")), "the scratch disk is still there");
        String text = Cli.run("selftest", "virtdisk", "--dir", temp)
                .expect(ExitCode.WARNINGS)
                .out();
        assertTrue(text.contains("what changed, with tracking off: Windows error 0xC03A002A"), text);
        Path mine = Files.writeString(temp.resolve("varve-selftest.vhdx"), "mine");
        Cli.run("selftest", "virtdisk", "--dir", temp).expect(ExitCode.SOURCE_FAILED);
        assertEquals("mine", Files.readString(mine));
    }
}
