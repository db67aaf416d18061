package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineSearchTest {
    @TempDir
    Path temp;

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = temp.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }

    private MachineSearch.Found find(String machines) {
        JobFileReader.Result read = JobFileReader.read(
                "repository: {path: /r}\nmachines:\n" + machines.replace("TEMP", temp.toString()), "job");
        assertEquals(List.of(), read.mistakes());
        return MachineSearch.find(read.job().orElseThrow().machines(), FolderListing.ofThisComputer());
    }

    private static List<String> names(MachineSearch.Found found) {
        return found.machines().stream().map(PlannedMachine::name).toList();
    }

    @Test
    void eachFolderIsAMachineWithItsDisks() throws IOException {
        files("vm/web1/system.vhdx", "vm/web1/data.raw", "vm/web1/notes.txt", "vm/db1/x.vhdx", "vm/empty/notes.txt");
        files("vm/template/x.vhdx");
        MachineSearch.Found found = find("  - {pattern: TEMP/vm/*, exclude: [temp*]}\n");
        assertEquals(List.of("db1", "web1"), names(found));
        assertEquals(
                List.of("data=" + temp.resolve("vm/web1/data.raw"), "system=" + temp.resolve("vm/web1/system.vhdx")),
                found.machines().get(1).disks());
        assertEquals(1, found.warnings().size(), "" + found.warnings());
        assertTrue(found.warnings().get(0).contains("there is no disk in it"));
    }

    @Test
    void eachFileIsAMachineToo() throws IOException {
        files("images/a.raw", "images/b.raw");
        MachineSearch.Found found = find("  - {pattern: \"TEMP/images/*.raw\"}\n");
        assertEquals(List.of("a", "b"), names(found));
    }

    @Test
    void aNamedMachineTakesPrecedenceAndTwoOfOneNameAreToldApart() throws IOException {
        files("vm/web1/a.raw", "host1/web2/a.raw", "host2/web2/a.raw");
        MachineSearch.Found found = find("""
                  - {pattern: TEMP/vm/*}
                  - {name: web1, disks: [TEMP/other.raw]}
                  - {pattern: "TEMP/host*/*"}
                """);
        assertEquals(List.of("web1", "web2"), names(found));
        assertEquals(
                List.of(temp.resolve("other.raw").toString()),
                found.machines().get(0).disks());
        assertEquals(1, found.warnings().size(), "" + found.warnings());
        assertTrue(found.warnings().get(0).contains("machine 'web2' is"));
    }

    @Test
    void aPatternThatMatchesNothingIsAWarning() {
        assertEquals(1, find("  - {pattern: TEMP/none/*}\n").warnings().size());
    }
}
