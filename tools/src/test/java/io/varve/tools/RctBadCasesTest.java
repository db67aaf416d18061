package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to disks between nights and during one, with change lists of Windows. */
class RctBadCasesTest extends RctHost {
    private Cli.Result night(Path file, ExitCode expected) {
        return Cli.run("backup", "-r", repo, "--machine", "vm", "--via", "rct", "system=" + file)
                .expect(expected);
    }

    private void assertRestores(Path seen) throws IOException {
        Path restored = Files.createTempFile(temp, "restored", ".raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--to", restored, "--force").expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(seen, restored));
    }

    private Path raw(String name, int size, int seed) throws IOException {
        byte[] content = new byte[size];
        new SplittableRandom(seed).nextBytes(content);
        return Files.write(temp.resolve(name), content);
    }

    /** A VHDX of its own with that content. */
    private Path vhdx(String name, Path raw) {
        Cli.run("backup", "-r", repo, "--machine", name, "system=" + raw).expect(ExitCode.DONE);
        Path made = temp.resolve(name);
        Cli.run("restore", "-r", repo, "latest:" + name, "--to", made).expect(ExitCode.DONE);
        return made;
    }

    /** Hyper-V gives its checkpoints, and leaves a resized disk, the id of the disk. */
    private static void giveId(Path vhdx, String id) throws IOException {
        byte[] file = Files.readAllBytes(vhdx);
        byte[] old = HexFormat.of().parseHex(diskId(vhdx));
        for (int at = 0; at + old.length <= file.length; at++) {
            if (Arrays.equals(file, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(HexFormat.of().parseHex(id), 0, file, at, old.length);
            }
        }
        Files.write(vhdx, file);
        assertEquals(id, diskId(vhdx));
    }

    /** Windows would still answer the old id with a list, of the disk that is there now. */
    @Test
    void aDiskThatWasReplacedUnderTheSamePathIsReadWhole() throws IOException {
        backUp();
        Path other = raw("other.raw", 8 * MIB, 9);
        Files.move(vhdx("other.vhdx", other), disk, StandardCopyOption.REPLACE_EXISTING);
        tell("id " + diskId(), "since rctX:1", "recent rctX:2", "content " + other);
        Cli.Result night = night(disk, ExitCode.WARNINGS);
        assertTrue(night.err().contains("read in full"), night.err());
        assertRestores(other);
    }

    @Test
    void aDiskThatWasResizedIsReadWhole() throws IOException {
        backUp();
        Path larger = raw("larger.raw", 12 * MIB, 10);
        String id = diskId();
        Path resized = vhdx("larger.vhdx", larger);
        giveId(resized, id);
        Files.move(resized, disk, StandardCopyOption.REPLACE_EXISTING);
        tell("size " + 12 * MIB, "since rctX:1", "recent rctX:2", "content " + larger);
        Cli.Result night = night(disk, ExitCode.DONE);
        assertTrue(night.out().contains("full (the disk had 8388608 bytes before"), night.out());
        assertRestores(larger);
    }

    /** A machine with a copy of its own disk: each is known by its name, and each list is that of its own file. */
    @Test
    void twoDisksWithOneIdAreToldApartByTheirNames() throws IOException {
        Path clone = Files.copy(disk, temp.resolve("clone.vhdx"));
        Files.copy(temp.resolve("disk.vhdx.standin"), temp.resolve("clone.vhdx.standin"));
        show();
        tell("content " + temp.resolve("seen.raw"));
        tellOf("clone.vhdx", "content " + temp.resolve("seen.raw"));
        backUpBoth(clone, "0");
        write("0x5a", 3 * MIB, 65536);
        tell("since rctX:1", "recent rctX:2", "range " + 3 * MIB + " 65536");
        tellOf(
                "clone.vhdx",
                "since rctX:1",
                "recent rctX:2",
                "content " + Files.copy(temp.resolve("seen.raw"), temp.resolve("clone.raw")));
        show();
        JsonNode disks = backUpBoth(clone, "100");
        for (JsonNode found : disks) {
            assertEquals("incremental", found.path("mode").asText(), disks::toString);
        }
        Path second = temp.resolve("second.raw");
        Cli.run("restore", "-r", repo, "latest:vm", "--disk", "data", "--to", second)
                .expect(ExitCode.DONE);
        assertEquals(-1, Files.mismatch(temp.resolve("clone.raw"), second));
    }

    private JsonNode backUpBoth(Path clone, String audit) throws IOException {
        return Cli.run(
                        "backup",
                        "-r",
                        repo,
                        "--machine",
                        "vm",
                        "--via",
                        "rct",
                        "--audit",
                        audit,
                        "--json",
                        "system=" + disk,
                        "data=" + clone)
                .expect(ExitCode.WARNINGS) // of their one id
                .json()
                .path("disks");
    }

    /**
     * What the checkpoint's file says is merged with it, but an entry of the log about the file below counts as well.
     */
    @Test
    void aLossOfAParentInTheEventLogDemotesTheDisk() throws IOException {
        Path seen = chain();
        Path log = eventLog();
        Path leaf = temp.resolve("disk_foreign.avhdx");
        Files.writeString(log, event(5, 9, disk.toString()));
        night(leaf, ExitCode.DONE);
        tellOf("disk_foreign.avhdx", "since rctX:2", "recent rctX:3");
        Files.writeString(log, event(6, 8, "\\Device\\HarddiskVolume3\\vm\\other.vhdx"), StandardOpenOption.APPEND);
        assertTrue(night(leaf, ExitCode.DONE).out().contains("incremental"));
        tellOf("disk_foreign.avhdx", "since rctX:3", "recent rctX:4");
        String below = "\\Device\\HarddiskVolume3" + disk.toString().replace('/', '\\');
        Files.writeString(log, event(7, 10, below), StandardOpenOption.APPEND);
        Cli.Result lost = night(leaf, ExitCode.WARNINGS);
        assertTrue(lost.err().contains("event 10"), lost.err());
        assertRestores(seen);
    }

    /** As a junction or a second link has them on Windows: the log calls the file by a name that shares nothing. */
    @Test
    void anotherNameOfTheFileInTheEventLogCounts() throws IOException {
        Path log = eventLog();
        Path link = Files.createLink(temp.resolve("second name"), disk);
        Files.writeString(log, event(5, 1, ""));
        backUp();
        Files.writeString(log, event(6, 9, link + ".rct"), StandardOpenOption.APPEND);
        tell("since rctX:1", "recent rctX:2");
        show();
        assertTrue(night(disk, ExitCode.WARNINGS).err().contains("event 9"));
    }

    /**
     * Another product, or a person, made a checkpoint: the disk is now the differencing disk over the old file. What
     * was written to it is in the list that Windows gives for the whole chain, and the rest comes from the file below.
     */
    @Test
    void aChainWithAForeignCheckpointIsReadAsAWhole() throws IOException {
        Path seen = chain();
        Path leaf = temp.resolve("disk_foreign.avhdx");
        Cli.Result night = night(leaf, ExitCode.DONE);
        assertTrue(night.out().contains("incremental"), night.out());
        assertRestores(seen);
        Files.move(disk, temp.resolve("elsewhere.vhdx"));
        Cli.Result moved = night(leaf, ExitCode.SOURCE_FAILED);
        assertTrue(moved.err().contains("disk.vhdx"), moved.err());
    }

    /** @return what the guest sees of the chain */
    private Path chain() throws IOException {
        backUp();
        byte[] now = Files.readAllBytes(temp.resolve("seen.raw"));
        for (int i = 0; i < 65536; i++) {
            now[3 * MIB + i] = 0x5a;
        }
        Path seen = Files.write(temp.resolve("now.raw"), now);
        Cli.run("backup", "-r", repo, "--machine", "source", "system=" + seen).expect(ExitCode.DONE);
        Path leaf = temp.resolve("disk_foreign.avhdx");
        Cli.run("restore", "-r", repo, "latest:source", "--since", "latest:source~1", "--over", disk, "--to", leaf)
                .expect(ExitCode.DONE);
        Files.copy(temp.resolve("disk.vhdx.standin"), temp.resolve("disk_foreign.avhdx.standin"));
        giveId(leaf, diskId());
        tellOf("disk_foreign.avhdx", "since rctX:1", "recent rctX:2", "range " + 3 * MIB + " 65536", "content " + seen);
        return seen;
    }

    /** Where Windows reads because the readers differ, and the disk is detached below it. */
    @Test
    void aDiskThatIsDetachedWhileItIsReadFailsTheBackup() throws IOException {
        Path other = raw("other.raw", 8 * MIB, 11);
        tell("content " + other, "error read 21 0 1");
        Cli.Result night = night(disk, ExitCode.SOURCE_FAILED);
        assertTrue(night.err().contains("Windows error 21"), night.err());
        Cli.run("snapshots", "-r", repo, "--machine", "vm").expect(ExitCode.USAGE); // there is none
    }

    /** 1062: the service has not been started; 1722: the RPC server is unavailable. Varve has no word for them. */
    @ParameterizedTest
    @ValueSource(strings = {"1062", "1722"})
    void aServiceThatIsStoppedFailsTheSourceOrCostsTheList(String error) throws IOException {
        backUp();
        tell("since rctX:1", "recent rctX:2", "error query " + error);
        Cli.Result night = night(disk, ExitCode.WARNINGS);
        assertTrue(night.err().contains("Windows error " + error), night.err());
        assertTrue(night.err().contains("[change-tracking-failed]"), night.err());
        assertRestores(temp.resolve("seen.raw"));
        tell("error open " + error);
        Cli.Result failed = night(disk, ExitCode.SOURCE_FAILED);
        assertTrue(failed.err().contains("Windows error " + error), failed.err());
    }

    @ParameterizedTest
    @CsvSource({
        "open, 5, run elevated",
        "open, 32, back up a checkpoint's frozen file",
        "set, 0xC03A001F, online and writable"
    })
    void adviceIsInTheMessage(String call, String error, String advice) throws IOException {
        tell("enabled 0", "error " + call + " " + error);
        Cli.Result refused = Cli.run("rct", "enable", disk).expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains(advice), refused.err());
    }

    /** Windows has no tracking data without its files, and says so when it is asked. */
    @Test
    void missingTrackingFilesAreToldOfAndReadAround() throws IOException {
        backUp();
        tell("error query 0xC03A0030");
        assertTrue(night(disk, ExitCode.WARNINGS).err().contains("rct-lost"));
        String status = Cli.run("rct", "status", disk).expect(ExitCode.DONE).out();
        assertTrue(status.contains("missing beside the disk"), status);
        assertRestores(temp.resolve("seen.raw"));
    }
}
