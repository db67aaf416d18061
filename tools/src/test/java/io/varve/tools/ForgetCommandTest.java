package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.SnapshotId;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention as an operator types it. */
class ForgetCommandTest {
    @TempDir
    Path temp;

    private Path repo;

    @BeforeEach
    void threeNights() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        byte[] content = new byte[1 << 20];
        Path disk = temp.resolve("disk.raw");
        for (int night = 0; night < 3; night++) {
            new SplittableRandom(night).nextBytes(content);
            Files.write(disk, content);
            Cli.run("backup", "-r", repo, "--machine", "m", disk).expect(ExitCode.DONE);
        }
    }

    private JsonNode snapshots() throws IOException {
        return Cli.run("snapshots", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("snapshots");
    }

    /** One night with a wrong clock: nothing else goes for it, and both commands say so until it is gone. */
    @Test
    void aSnapshotFromTheFutureIsKeptAndNamed() throws IOException {
        SnapshotId wrong;
        Instant later = Instant.now().plus(Duration.ofDays(400));
        try (Repository repository = Repository.open(repo);
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            wrong = session.commit(new Manifest(
                            repository.config().repositoryId(),
                            "m",
                            Optional.empty(),
                            "host",
                            later,
                            later,
                            "offline",
                            List.of(),
                            List.of(),
                            "test",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()))
                    .id();
        }
        Cli.Result plan = Cli.run("forget", "-r", repo, "--keep-within", "1d").expect(ExitCode.WARNINGS);
        assertTrue(plan.out().contains("forgot 0 of 4"), plan.out());
        assertTrue(plan.out().contains("later than now"), plan.out());
        assertTrue(plan.err().contains(wrong.text()), plan.err());
        Cli.Result backup = Cli.run("backup", "-r", repo, "--machine", "m", temp.resolve("disk.raw"))
                .expect(ExitCode.WARNINGS);
        assertTrue(backup.err().contains(wrong.text()), backup.err());
        Cli.run("forget", "-r", repo, wrong.text()).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "--keep-within", "1d").expect(ExitCode.DONE);
        assertEquals(4, snapshots().size());
    }

    /** The three snapshots are of the same hour, or of two if the clock struck between them. */
    @Test
    void hoursAreARule() throws IOException {
        Cli.Result plan =
                Cli.run("forget", "-r", repo, "--keep-hourly", 1, "--dry-run").expect(ExitCode.DONE);
        assertTrue(plan.out().contains("would forget 2 of 3"), plan.out());
        assertTrue(plan.out().contains("hour 20"), plan.out());
    }

    @Test
    void byRuleWithReasonsAndBack() throws IOException {
        Cli.Result plan =
                Cli.run("forget", "-r", repo, "--keep-last", 1, "--dry-run").expect(ExitCode.DONE);
        assertTrue(plan.out().contains("would forget 2 of 3"), plan.out());
        assertTrue(plan.out().contains("newest 1"), plan.out());
        assertEquals(3, snapshots().size());

        JsonNode done = Cli.run("forget", "-r", repo, "--keep-last", 1, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(2, done.path("forgottenCount").asInt());
        assertEquals(1, snapshots().size());
        // A record of what was forgotten on purpose stays, so the gap in the chain of manifests is none.
        JsonNode fsck =
                Cli.run("fsck", "-r", repo, "--json").expect(ExitCode.DONE).json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());

        String oldest = done.at("/verdicts/0/snapshotId").asText();
        assertTrue(Cli.run("unforget", "-r", repo).expect(ExitCode.DONE).out().contains(oldest));
        Cli.run("unforget", "-r", repo, oldest.substring(oldest.length() - 8)).expect(ExitCode.DONE);
        assertEquals(2, snapshots().size());
        assertEquals(oldest, snapshots().at("/0/id").asText());
        Cli.run("unforget", "-r", repo, oldest).expect(ExitCode.USAGE);
        Path back = temp.resolve("back.raw");
        Cli.run("restore", "-r", repo, oldest, "--to", back).expect(ExitCode.DONE);
        byte[] content = new byte[1 << 20];
        new SplittableRandom(0).nextBytes(content);
        org.junit.jupiter.api.Assertions.assertArrayEquals(content, Files.readAllBytes(back));
    }

    @Test
    void protectedSnapshotsStay() throws IOException {
        Cli.run("protect", "-r", repo, "latest~2").expect(ExitCode.DONE);
        JsonNode done = Cli.run("forget", "-r", repo, "--keep-last", 1, "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals("protected", done.at("/verdicts/0/reasons/0").asText());
        assertEquals(2, snapshots().size());
        Cli.run("forget", "-r", repo, "latest~1").expect(ExitCode.REFUSED);
        Cli.run("unprotect", "-r", repo, "latest~1").expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "latest~1").expect(ExitCode.DONE);
        assertEquals(1, snapshots().size());
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
    }

    @Test
    void whatMakesNoSenseForgetsNothing() throws IOException {
        Cli.run("forget", "-r", repo).expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--dry-run").expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--keep-last", -1).expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--keep-within", "soon").expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--keep-last", 1, "--zone", "Nowhere").expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--keep-last", 1, "latest").expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "--keep-last", 1, "--machine", "none").expect(ExitCode.USAGE);
        Cli.run("forget", "-r", repo, "00000000").expect(ExitCode.USAGE);
        assertEquals(3, snapshots().size());
        // Rules count snapshots; one that cannot be read must not make them forget another.
        Path manifest;
        try (var files = Files.list(repo.resolve("snapshots"))) {
            manifest = files.sorted().findFirst().orElseThrow();
        }
        Files.writeString(manifest, "damaged");
        String said = Cli.run("forget", "-r", repo, "--keep-last", 1)
                .expect(ExitCode.REFUSED)
                .err();
        assertTrue(said.contains("nothing was forgotten: 1 manifest cannot be read"), said);
    }

    /** The clock was ten hours ahead for the first night, and then put right. */
    @Test
    void latestIsTheLastOneMadeWhateverTheClockSaid() throws IOException {
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        List<String> made = new ArrayList<>();
        Path disk = temp.resolve("disk.raw");
        Instant ahead = Instant.now().plus(Duration.ofHours(10));
        try (Repository repository = Repository.open(other);
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            made.add(session.commit(new Manifest(
                            repository.config().repositoryId(),
                            "m",
                            Optional.empty(),
                            "host",
                            ahead,
                            ahead,
                            "offline",
                            List.of(),
                            List.of(),
                            "test",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(1L)))
                    .id()
                    .text());
        }
        for (int night = 2; night <= 4; night++) {
            JsonNode json = Cli.run("backup", "-r", other, "--machine", "m", "--json", disk)
                    .expect(ExitCode.DONE)
                    .json();
            made.add(json.path("snapshotId").asText());
        }
        List<String> listed = new ArrayList<>();
        Cli.run("snapshots", "-r", other, "--json")
                .json()
                .path("snapshots")
                .forEach(snapshot -> listed.add(snapshot.path("id").asText()));
        assertEquals(made, listed);
        assertEquals(
                made.get(3),
                Cli.run("show", "-r", other, "latest", "--json")
                        .json()
                        .at("/snapshot/id")
                        .asText());
        Cli.run("forget", "-r", other, "--keep-last", 1).expect(ExitCode.DONE);
        assertEquals(
                made.get(3),
                Cli.run("snapshots", "-r", other, "--json")
                        .json()
                        .at("/snapshots/0/id")
                        .asText());
        assertEquals(
                1,
                Cli.run("snapshots", "-r", other, "--json")
                        .json()
                        .path("snapshots")
                        .size());
        Cli.run("fsck", "-r", other).expect(ExitCode.DONE);
    }

    @Test
    void aHoldKeepsEverythingOfItsMachine() throws IOException {
        String hold = Cli.run("hold", "place", "-r", repo, "m", "--reason", "the disk looks odd", "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("holdId")
                .asText();
        Cli.Result listed = Cli.run("hold", "list", "-r", repo).expect(ExitCode.DONE);
        assertTrue(listed.out().contains(hold) && listed.out().contains("the disk looks odd"), listed.out());
        Cli.Result rules = Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.WARNINGS);
        assertTrue(rules.out().contains("forgot 0 of 3"), rules.out());
        assertTrue(rules.err().contains("hold " + hold), rules.err());
        Cli.Result byName = Cli.run("forget", "-r", repo, "latest").expect(ExitCode.REFUSED);
        assertTrue(byName.err().contains("varve hold release"), byName.err());
        Cli.Result table = Cli.run("snapshots", "-r", repo).expect(ExitCode.DONE);
        assertTrue(table.out().contains("hold"), table.out());
        Cli.run("hold", "place", "-r", repo, "nobody", "--reason", "x").expect(ExitCode.USAGE);
        Cli.run("hold", "release", "-r", repo, "no-such").expect(ExitCode.USAGE);
        Cli.run("fsck", "-r", repo).expect(ExitCode.DONE);
        Cli.run("hold", "release", "-r", repo, hold).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        assertEquals(1, snapshots().size());
    }

    /** Forgotten first, held then: collection twice does not lose them, and they can be brought back. */
    @Test
    void aHoldKeepsForgottenSnapshotsFromCollection() throws IOException {
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        Cli.run("gc", "-r", repo, "--max-delete", 100).expect(ExitCode.DONE);
        String hold = Cli.run("hold", "place", "-r", repo, "m", "--reason", "wait", "--json")
                .json()
                .path("holdId")
                .asText();
        for (int i = 0; i < 3; i++) {
            Cli.run("gc", "-r", repo, "--max-delete", 100);
        }
        Cli.Result trash = Cli.run("unforget", "-r", repo, "--json").expect(ExitCode.DONE);
        assertEquals(2, trash.json().path("snapshots").size());
        for (JsonNode snapshot : trash.json().path("snapshots")) {
            Cli.run("unforget", "-r", repo, snapshot.path("id").asText()).expect(ExitCode.DONE);
        }
        Cli.run("fsck", "-r", repo, "--deep").expect(ExitCode.DONE);
        assertEquals(3, snapshots().size());
        Cli.run("hold", "release", "-r", repo, hold).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
        for (int i = 0; i < 2; i++) {
            Cli.run("gc", "-r", repo, "--max-delete", 100).expect(ExitCode.DONE);
        }
        assertEquals(
                0,
                Cli.run("unforget", "-r", repo, "--json")
                        .json()
                        .path("snapshots")
                        .size());
    }

    @Test
    void aDamagedHoldHoldsItsMachineAndNoOther() throws IOException {
        Cli.run("backup", "-r", repo, "--machine", "other", temp.resolve("disk.raw"))
                .expect(ExitCode.DONE);
        Cli.run("backup", "-r", repo, "--machine", "other", temp.resolve("disk.raw"))
                .expect(ExitCode.DONE);
        Cli.run("hold", "place", "-r", repo, "m", "--reason", "wait").expect(ExitCode.DONE);
        Path file;
        try (var files = Files.list(repo.resolve("holds"))) {
            file = files.findFirst().orElseThrow();
        }
        Files.write(file, new byte[3]);
        Cli.Result listed = Cli.run("hold", "list", "-r", repo).expect(ExitCode.WARNINGS);
        assertTrue(listed.err().contains("varve hold release"), listed.err());
        Cli.Result rules = Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.WARNINGS);
        assertTrue(rules.out().contains("forgot 1 of 5"), rules.out());
        String id = file.getFileName().toString().replace(".json", "");
        Cli.run("hold", "release", "-r", repo, id).expect(ExitCode.DONE);
        Cli.run("forget", "-r", repo, "--keep-last", 1).expect(ExitCode.DONE);
    }
}
