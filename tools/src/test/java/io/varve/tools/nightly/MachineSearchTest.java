package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    private MachineSearch.Found find(String machines) throws IOException {
        JobFileReader.Result read = JobFileReader.read(
                "repository: {path: /r}\nmachines:\n" + machines.replace("TEMP", temp.toString()), "job");
        assertEquals(List.of(), read.mistakes());
        return MachineSearch.find(read.job().orElseThrow().machines(), FolderListing.ofThisComputer(), new MadeHosts());
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
                found.machines().get(1).origin().disks());
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
                found.machines().get(0).origin().disks());
        assertEquals(1, found.warnings().size(), "" + found.warnings());
        assertTrue(found.warnings().get(0).contains("machine 'web2' is"));
    }

    @Test
    void aPatternThatMatchesNothingIsAWarning() throws IOException {
        assertEquals(1, find("  - {pattern: TEMP/none/*}\n").warnings().size());
    }

    private final MadeHosts hosts = new MadeHosts();

    private MachineSearch.Found virtual(String machines) throws IOException {
        JobFileReader.Result read = JobFileReader.read("""
                repository: {path: /r}
                hosts: [{name: hv1, address: "hv1.example:5986"}, {name: hv2, address: hv2}]
                machines:
                """ + machines, "job");
        assertEquals(List.of(), read.mistakes());
        return MachineSearch.find(read.job().orElseThrow().machines(), FolderListing.ofThisComputer(), hosts);
    }

    private static String reason(PlannedMachine machine) {
        return ((FailedOrigin) machine.origin()).reason();
    }

    @Test
    void patternsFindTheMachinesOfAHostWithoutThoseThatHaveAnEntry() throws IOException {
        hosts.add("hv1", "Web1");
        hosts.add("hv1", "web2");
        hosts.add("hv1", "template-x");
        VirtualMachine db = hosts.add("hv1", "db1");
        MachineSearch.Found found = virtual("""
                  - {source: hyperv, host: hv1, vms: ["WEB?", "db*"]}
                  - {source: hyperv, host: hv1, vms: ["*"], exclude: [template-*]}
                  - {source: hyperv, host: hv1, vm: %s, name: database}
                  - {source: hyperv, host: hv1, vms: ["none*"]}
                """.formatted(db.id()));
        assertEquals(List.of("database", "Web1", "web2"), names(found));
        assertEquals(1, hosts.questions, "one question to each host");
        assertEquals(List.of("vms none* (line 7) matches nothing on host hv1"), found.warnings());
        assertEquals(List.of(), found.failures());
    }

    @Test
    void twoMachinesOfEqualNameFailWithTheirGuids() throws IOException {
        VirtualMachine one = hosts.add("hv1", "web1");
        VirtualMachine other = hosts.add("hv1", "web1");
        VirtualMachine third = hosts.add("hv2", "web1");
        hosts.add("hv2", "db1");
        MachineSearch.Found found = virtual("""
                  - {source: hyperv, host: hv1, vms: ["*"]}
                  - {source: hyperv, host: hv2, vms: ["*"]}
                """);
        assertEquals(List.of("web1", "db1"), names(found));
        String reason = reason(found.machines().get(0));
        for (VirtualMachine machine : List.of(one, other, third)) {
            assertTrue(reason.contains(machine.id().toString()), reason);
        }
        assertTrue(found.machines().get(1).origin() instanceof HyperVOrigin);
        found = virtual("  - {source: hyperv, host: hv1, vm: web1}\n");
        assertTrue(reason(found.machines().get(0)).contains("give vm the GUID of one: " + one.id()));
    }

    @Test
    void aMachineWithAnEntryOfItsOwnIsNotStoppedByAnotherOfItsName() throws IOException {
        VirtualMachine other = hosts.add("hv1", "web1");
        MachineSearch.Found found = virtual("""
                  - {source: hyperv, host: hv1, vms: ["*"]}
                  - {name: web1, disks: [/vm/web1.raw]}
                """);
        assertTrue(found.machines().get(0).origin() instanceof FilesOrigin);
        assertEquals(1, found.warnings().size());
        assertTrue(found.warnings().get(0).contains(other.id().toString()), "" + found.warnings());
        found = virtual("""
                  - {source: hyperv, host: hv1, vm: %s}
                  - {name: web1, disks: [/vm/web1.raw]}
                """.formatted(other.id()));
        assertTrue(reason(found.machines().get(0)).contains(other.id().toString()), "two entries, one name");
    }

    @Test
    void aHostThatDoesNotAnswerFailsTheMachinesThatItHad() throws IOException {
        UUID id = UUID.randomUUID();
        hosts.remembered.add(new HostListing.Remembered("web1", id, Optional.of("HV1.example")));
        hosts.remembered.add(new HostListing.Remembered("web2", UUID.randomUUID(), Optional.of("hv1.example")));
        hosts.remembered.add(new HostListing.Remembered("db1", UUID.randomUUID(), Optional.of("hv2")));
        MachineSearch.Found found = virtual("""
                  - {source: hyperv, host: hv1, vms: ["*"], exclude: [x]}
                  - {source: hyperv, host: hv1, vm: %s}
                  - {source: hyperv, host: hv1, vm: new1}
                  - {name: f, disks: [/f.raw]}
                """.formatted(id));
        assertEquals(List.of("f", "web1", "new1", "web2"), names(found));
        assertTrue(found.machines().get(0).origin() instanceof FilesOrigin);
        for (PlannedMachine machine : found.machines().subList(1, 4)) {
            assertEquals("hv1: no answer", reason(machine));
        }
        assertEquals(List.of(), found.warnings());
        assertEquals(List.of(), found.failures());
    }

    @Test
    void aFailureThatNoMachineCanHaveIsOneOfTheNight() throws IOException {
        VirtualMachine odd = hosts.add("hv2", "a\u202Eb");
        MachineSearch.Found found = virtual("""
                  - {source: hyperv, host: hv1, vms: ["*"]}
                  - {source: hyperv, host: hv1, vm: 7802ce25-83f1-48e0-9637-941262284282}
                  - {source: vss, vms: ["*"]}
                  - {source: hyperv, host: hv2, vm: %s}
                  - {source: vss, vm: 7802ce25-83f1-48e0-9637-941262284283, name: shadowed}
                """.formatted(odd.id()));
        assertEquals(List.of("shadowed"), names(found), "its name is given, so nobody has to be asked");
        assertEquals(
                List.of(
                        "machine 7802ce25-83f1-48e0-9637-941262284282 (line 5): hv1: no answer",
                        "an unusable name",
                        "no machine of host hv1 (line 4) was backed up: hv1: no answer",
                        "no machine of this computer (line 6) was backed up: not Windows"),
                found.failures().stream()
                        .map(text -> text.startsWith("machine " + odd.id() + " of host hv2 (line 7): its name")
                                ? "an unusable name"
                                : text)
                        .toList());
    }

    @Test
    void aMachineThatTheHostDoesNotHaveFails() throws IOException {
        hosts.add("hv1", "web1");
        MachineSearch.Found found = virtual("  - {source: hyperv, host: hv1, vm: web2}\n");
        assertTrue(reason(found.machines().get(0)).contains("has no machine"));
        assertTrue(reason(found.machines().get(0)).contains("varve hyperv list"));
    }
}
