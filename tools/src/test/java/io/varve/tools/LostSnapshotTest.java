package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Collection when the newest manifest is gone. Nothing links to it, so no broken chain shows the loss. */
class LostSnapshotTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path key;
    private boolean encrypted;

    @AfterEach
    void forgetWhatWasSeen() throws IOException {
        Cli.forgetWhatWasSeen(temp);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theComputerThatSawItKeepsItsContent(boolean encrypts) throws IOException {
        String lost = twoNights(encrypts);
        deleteJobs();
        byte[] manifest = remove(lost);
        Set<String> before = files();
        for (List<Object> how : List.<List<Object>>of(List.of(), List.of("--dry-run"))) {
            Cli.Result refused = gc(how);
            String said = refused.expect(ExitCode.REFUSED).err();
            assertTrue(said.contains("snapshot " + lost + " of machine m was seen on this computer"), said);
            assertFalse(said.contains("committed by job"), said);
        }
        assertEquals(before, files());

        Files.write(file(lost), manifest);
        gc(List.of()).expect(ExitCode.DONE);
        assertEquals(before, files(), "both nights are needed");

        remove(lost);
        Cli.forgetWhatWasSeen(temp);
        gc(List.of()).expect(ExitCode.DONE);
        assertFalse(files().equals(before), "the operator said that it may go");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyComputerKeepsItsContentByTheRecordOfItsJob(boolean encrypts) throws IOException {
        String lost = twoNights(encrypts);
        remove(lost);
        Cli.forgetWhatWasSeen(temp);
        Set<String> before = files();
        for (int i = 0; i < 2; i++) {
            String said = gc(List.of()).expect(ExitCode.REFUSED).err();
            assertTrue(said.contains("snapshot " + lost + " of machine m was committed by job"), said);
            assertFalse(said.contains("ROLLED BACK"), said);
            for (Path record : recordsOf(lost, said)) {
                assertTrue(Files.exists(record), record + " in: " + said);
            }
        }
        assertEquals(before, files());
        String said = gc(List.of()).expect(ExitCode.REFUSED).err();
        for (Path record : recordsOf(lost, said)) {
            Files.delete(record);
        }
        gc(List.of()).expect(ExitCode.DONE);
        assertFalse(files().equals(before), "the operator said that it may go");
    }

    /** What gc refuses for, fsck finds. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fsckFindsItByTheRecordOfItsJob(boolean encrypts) throws IOException {
        String lost = twoNights(encrypts);
        assertFalse(run(List.of("fsck")).expect(ExitCode.DONE).out().contains("snapshot-lost"));
        byte[] manifest = remove(lost);
        String seen = run(List.of("fsck")).expect(ExitCode.REPOSITORY_DAMAGED).out();
        assertTrue(seen.contains("rolled-back") && !seen.contains("snapshot-lost"), "said once: " + seen);
        Cli.forgetWhatWasSeen(temp);
        String said = run(List.of("fsck")).expect(ExitCode.REPOSITORY_DAMAGED).out();
        assertTrue(said.contains("snapshot-lost") && said.contains("varve copy"), said);
        assertEquals(2, recordsOf(lost, said).size());
        Files.write(file(lost), manifest);
        run(List.of("fsck")).expect(ExitCode.DONE);
        run(List.of("forget", lost)).expect(ExitCode.DONE);
        assertFalse(run(List.of("fsck")).expect(ExitCode.DONE).out().contains("snapshot-lost"), "forgotten, not lost");
    }

    @Test
    void laterNightsDoNotHideTheLoss() throws IOException {
        String lost = twoNights(false);
        remove(lost);
        Cli.forgetWhatWasSeen(temp);
        backUp(3);
        String said = gc(List.of()).expect(ExitCode.REFUSED).err();
        assertTrue(said.contains(lost), said);
    }

    @Test
    void aForgottenSnapshotIsNotLostEvenAfterItWasDeletedForGood() throws IOException {
        String newest = twoNights(false);
        Cli.run("forget", "-r", repo, newest).expect(ExitCode.DONE);
        for (int i = 0; i < 3; i++) {
            gc(List.of()).expect(ExitCode.DONE);
        }
        Cli.run("unforget", "-r", repo, newest).expect(ExitCode.USAGE);
        Cli.forgetWhatWasSeen(temp);
        gc(List.of()).expect(ExitCode.DONE);
    }

    @Test
    void aCopyHasNoJobsToMiss() throws IOException {
        twoNights(false);
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", other, "latest").expect(ExitCode.DONE);
        Cli.run("gc", "-r", other).expect(ExitCode.DONE);
    }

    /** @return id of the newer snapshot */
    private String twoNights(boolean encrypts) throws IOException {
        encrypted = encrypts;
        repo = temp.resolve("repo");
        key = temp.resolve("key");
        List<Object> init = new ArrayList<>(List.of("init", "-r", repo));
        if (encrypted) {
            init.addAll(List.of("--encrypt", "--new-key-file", key));
        }
        Cli.run(init.toArray()).expect(ExitCode.DONE);
        backUp(1);
        return backUp(2);
    }

    private String backUp(int seed) throws IOException {
        Path disk = temp.resolve("disk.raw");
        byte[] content = new byte[1 << 20];
        new SplittableRandom(seed).nextBytes(content);
        Files.write(disk, content);
        return run(List.of("backup", "--json", "--machine", "m", disk))
                .expect(ExitCode.DONE)
                .json()
                .path("snapshotId")
                .asText();
    }

    private Cli.Result gc(List<Object> more) {
        List<Object> arguments = new ArrayList<>(List.of("gc", "--max-delete", 100));
        arguments.addAll(more);
        return run(arguments);
    }

    private Cli.Result run(List<Object> arguments) {
        List<Object> all = new ArrayList<>(arguments);
        all.addAll(1, encrypted ? List.of("-r", repo, "--key-file", key) : List.of("-r", repo));
        return Cli.run(all.toArray());
    }

    private Path file(String snapshot) {
        return repo.resolve("snapshots").resolve(snapshot + ".json");
    }

    private byte[] remove(String snapshot) throws IOException {
        byte[] manifest = Files.readAllBytes(file(snapshot));
        Files.delete(file(snapshot));
        return manifest;
    }

    private void deleteJobs() throws IOException {
        try (var records = Files.list(repo.resolve("jobs"))) {
            for (Path record : records.toList()) {
                Files.delete(record);
            }
        }
    }

    /** The files that a refusal names as those to delete. */
    private List<Path> recordsOf(String snapshot, String said) {
        int from = said.indexOf(snapshot);
        List<Path> records = Pattern.compile("jobs/\\S+?\\.json")
                .matcher(said.substring(from))
                .results()
                .map(found -> repo.resolve(found.group()))
                .toList();
        assertEquals(2, records.size(), said);
        return records;
    }

    /** Packs, and the lists of those to delete. */
    private Set<String> files() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String directory : List.of("packs", "trash")) {
            Path path = repo.resolve(directory);
            if (Files.exists(path)) {
                try (var found = Files.walk(path)) {
                    names.addAll(found.filter(Files::isRegularFile)
                            .map(file -> repo.relativize(file).toString())
                            .collect(Collectors.toSet()));
                }
            }
        }
        return names;
    }
}
