package io.varve.tools.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.SmbPath;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.UsageException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where sets are looked for, and what that says of this computer. */
class MachineSetsTest {
    private static Optional<String> place(String file, String... maps) throws UsageException {
        return MachineSets.place(file, MappedFolder.all(List.of(maps))).map(SmbPath::toString);
    }

    /** The host's word alone would send the credentials anywhere. */
    @Test
    void onlyServersThatTheOperatorNamesAreAsked() throws UsageException {
        String set = "\\\\sofs\\vms\\data.vhds";
        assertEquals(Optional.empty(), place(set));
        assertEquals(Optional.empty(), place(set, "D:\\VMs=smb://nas/vms", "E:\\=/mnt/sofs"));
        assertEquals(Optional.empty(), place(set, "D:\\VMs=smb://sofs:1445/vms"));
        assertEquals(Optional.of("smb://sofs/vms/data.vhds"), place(set, "D:\\VMs=smb://SOFS/other"));
        assertEquals(
                Optional.of("smb://sofs/vms/data.vhds"),
                place("\\\\?\\UNC\\sofs\\vms\\data.vhds", "D:\\VMs=smb://sofs/other"));
        assertEquals(
                Optional.of("smb://sofs.example.com/vms/data.vhds"),
                place(set, "\\\\sofs\\vms=smb://sofs.example.com/vms"));
        assertEquals(Optional.of("smb://nas/vms/data.vhds"), place("D:\\VMs\\data.vhds", "D:\\VMs=smb://nas/vms"));
        assertEquals(Optional.empty(), place("D:\\VMs\\data.vhds", "D:\\VMs=/mnt/vms"));
    }

    @Test
    void aMapOfAShareDoesNotSayThatThisIsNotTheHost() throws UsageException {
        List<MappedFolder> forSets = MappedFolder.all(List.of("\\\\sofs\\vms=smb://sofs/vms"));
        assertFalse(HyperVWiring.hasMounts(forSets, true));
        assertTrue(HyperVWiring.hasMounts(forSets, false)); // the host is another computer anyway
        for (String map : List.of("D:\\VMs=smb://nas/vms", "\\\\sofs\\vms=/mnt/vms")) {
            assertTrue(HyperVWiring.hasMounts(MappedFolder.all(List.of(map)), true), map);
        }
        assertFalse(HyperVWiring.hasMounts(List.of(), false));
    }
}
