package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.store.Repository;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of snapshots after copies and backups of earlier states, where a clock was wrong. */
class CopyOrderTest {
    private static final Instant NIGHT = Instant.parse("2026-11-21T02:00:00Z");

    @TempDir
    Path temp;

    private Path repo;
    private Path other;
    private final Map<String, String> names = new TreeMap<>(); // by id

    @BeforeEach
    void fourNightsTheFirstWithAClockTenHoursAhead() throws IOException {
        repo = temp.resolve("repo");
        other = temp.resolve("other");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        night(repo, "1", 10);
        night(repo, "2", 1);
        night(repo, "3", 2);
        night(repo, "4", 3);
        assertEquals(List.of("1", "2", "3", "4"), listed(repo));
    }

    /** A snapshot as a backup makes it whose clock shows {@code hours} after the first night. */
    private void night(Path root, String name, double hours) throws IOException {
        Instant time = NIGHT.plusSeconds((long) (hours * 3600));
        try (Repository repository = Repository.open(root);
                WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            SnapshotCatalog.Next next = repository.snapshots().next("m", damaged -> {});
            Snapshot made = session.commit(new Manifest(
                    repository.config().repositoryId(),
                    "m",
                    Optional.empty(),
                    "host",
                    time,
                    time,
                    "offline",
                    List.of(),
                    List.of(),
                    "test",
                    next.previous().map(Snapshot::id),
                    next.previous().map(Snapshot::digest),
                    next.sequence()));
            names.put(made.id().text(), name);
        }
    }

    private String id(String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void copy(String... nights) {
        List<Object> words = new ArrayList<>(List.of("copy", "-r", repo, "--to", other));
        for (String night : nights) {
            words.add(id(night));
        }
        Cli.run(words.toArray()).expect(ExitCode.DONE);
    }

    private static JsonNode snapshots(Path root) throws IOException {
        return Cli.run("snapshots", "-r", root, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("snapshots");
    }

    private List<String> listed(Path root) throws IOException {
        List<String> listed = new ArrayList<>();
        snapshots(root)
                .forEach(snapshot -> listed.add(names.get(snapshot.path("id").asText())));
        return listed;
    }

    private void assertOrder(String... nights) throws IOException {
        assertEquals(List.of(nights), listed(other));
        JsonNode latest = Cli.run("show", "-r", other, "latest", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals(
                nights[nights.length - 1], names.get(latest.at("/snapshot/id").asText()));
        JsonNode fsck =
                Cli.run("fsck", "-r", other, "--json").expect(ExitCode.DONE).json();
        assertEquals(0, fsck.path("findings").size(), fsck.toString());
    }

    private List<Optional<Long>> numbers() throws IOException {
        try (Repository repository = Repository.open(other)) {
            return repository.snapshots().list().snapshots().stream()
                    .map(snapshot -> snapshot.manifest().sequence())
                    .toList();
        }
    }

    @Test
    void allOfThem() throws IOException {
        copy();
        assertOrder("1", "2", "3", "4");
        assertEquals(List.of(Optional.of(1L), Optional.of(2L), Optional.of(3L), Optional.of(4L)), numbers());
        night(other, "5", 4);
        assertOrder("1", "2", "3", "4", "5");
    }

    @Test
    void someFirstAndOneBetweenThemLater() throws IOException {
        copy("1", "4");
        assertOrder("1", "4");
        copy("2");
        assertOrder("1", "2", "4");
        assertEquals(List.of(Optional.of(1L), Optional.of(2L), Optional.of(4L)), numbers());
        copy();
        assertOrder("1", "2", "3", "4");
    }

    @Test
    void theLastFirst() throws IOException {
        copy("4");
        copy("1");
        copy("3");
        assertOrder("1", "3", "4");
        copy();
        assertOrder("1", "2", "3", "4");
    }

    /** Those of the source stay in their order, and the target's own one comes where its time says. */
    @Test
    void afterABackupIntoTheTarget() throws IOException {
        copy("1");
        night(other, "own", 1.5);
        assertOrder("1", "own");
        copy();
        assertOrder("1", "2", "own", "3", "4");
        night(other, "5", 4);
        assertOrder("1", "2", "own", "3", "4", "5");
        Cli.run("forget", "-r", other, "--keep-last", 2).expect(ExitCode.DONE);
        assertOrder("4", "5");
    }

    /** An earlier state that is backed up later is not the latest; one of today is. */
    @Test
    void backupsOfEarlierStates() throws IOException {
        Path disk = Files.write(temp.resolve("disk.raw"), new byte[4096]);
        for (String hour : List.of("04", "07", "01", "05")) {
            JsonNode made = Cli.run(
                            "backup",
                            "-r",
                            other,
                            "--machine",
                            "m",
                            "--time",
                            "2026-11-21T" + hour + ":00:00Z",
                            "--json",
                            disk)
                    .expect(ExitCode.DONE)
                    .json();
            names.put(made.path("snapshotId").asText(), hour);
        }
        assertOrder("01", "04", "05", "07");
    }
}
