package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.HostPaths.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths of the host, the journal and the state of a night. */
class HostPathsTest {
    @TempDir
    private Path temp;

    @Test
    void theLongestMountWins() throws IOException {
        HostPaths paths = HostPaths.mounted(List.of(
                new Mount("D:\\", Path.of("/mnt/d")),
                new Mount("d:\\VMs", Path.of("/mnt/vms")),
                new Mount("\\\\fs1\\vm", Path.of("/mnt/fs1"))));
        assertEquals(Path.of("/mnt/vms/web1/a.vhdx"), paths.here("D:\\vms\\web1\\a.vhdx"));
        assertEquals(Path.of("/mnt/d/VMsX/a.vhdx"), paths.here("D:\\VMsX\\a.vhdx"));
        assertEquals(Path.of("/mnt/fs1/x/a.vhdx"), paths.here("\\\\FS1\\vm\\x\\a.vhdx"));
        assertEquals(Path.of("/mnt/fs1/x/a.vhdx"), paths.here("\\\\?\\UNC\\fs1\\vm\\x\\a.vhdx"));
        assertEquals(Path.of("/mnt/d/a.vhdx"), paths.here("\\\\?\\D:\\a.vhdx"));
        IOException missing = assertThrows(IOException.class, () -> paths.here("E:\\a\\b.vhdx"));
        assertTrue(missing.getMessage().contains("--map 'E:\\a=PATH'"), missing.getMessage());
    }

    @Test
    void aVolumeWithoutDriveLetterIsMountedByItsName() throws IOException {
        String volume = "\\\\?\\Volume{0a1b2c3d-0000-0000-0000-100000000000}";
        HostPaths paths = HostPaths.mounted(List.of(new Mount(volume + "\\vm", Path.of("/mnt/vm"))));
        assertEquals(Path.of("/mnt/vm/a.vhdx"), paths.here(volume + "\\vm\\a.vhdx"));
    }

    @Test
    void nothingLeadsOutOfAMount() {
        HostPaths paths = HostPaths.mounted(List.of(new Mount("D:\\VMs", Path.of("/mnt/vms"))));
        assertThrows(IOException.class, () -> paths.here("D:\\VMs\\..\\..\\etc\\passwd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VMs", "D", "D:", "/mnt", "\\\\host", "smb://nas/vm"})
    void foldersOfAHostAreWrittenAsItDoes(String text) {
        assertFalse(HostPaths.isFolder(text));
    }

    @Test
    void theJournalIsReplacedAsAWhole() throws IOException {
        Journal journal = new Journal(temp.resolve("a/b"), new UUID(1, 2));
        assertEquals(Optional.empty(), journal.read());
        Journal.Entry entry =
                new Journal.Entry("hv\"1", List.of("a\\b"), Optional.empty(), Optional.empty(), Optional.empty());
        journal.write(entry);
        assertEquals(Optional.of(entry), journal.read());
        Journal.Entry later = entry.withCheckpoint("c").converting(List.of()).withPoint("p");
        journal.write(later);
        assertEquals(Optional.of(later), journal.read());
        byte[] whole = Files.readAllBytes(journal.file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(journal.file(), Arrays.copyOf(whole, length));
            IOException damaged = assertThrows(IOException.class, journal::read);
            assertTrue(damaged.getMessage().contains("hyperv clean"), damaged.getMessage());
        }
        journal.clear();
        assertEquals(Optional.empty(), journal.read());
    }

    @Test
    void theStateOfANight() {
        NightState state = new NightState(
                "hv1",
                "Microsoft:1",
                Optional.of("Microsoft:2"),
                Optional.of("vhdmp-record=7"),
                Map.of("0\\1\\D", "D:\\x"),
                Map.of("0\\1\\D", "5b8e7a1c-6d0c-4c0e-9d3a-0f6a1d2e2d3f"));
        assertEquals(Optional.of(state), NightState.decode(state.encode()));
        for (String other :
                List.of("", "vhdmp-record=7", "{}", "[]", "{\"source\":\"hyperv\"}", "{\"source\":1}", "{")) {
            assertEquals(Optional.empty(), NightState.decode(other), other);
        }
    }
}
