package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which snapshots are listed, how they are grouped, and what the operator said of them. */
class SnapshotsCommandTest {
    @TempDir
    Path temp;

    private Path repo;

    @BeforeEach
    void snapshots() throws IOException {
        repo = temp.resolve("repo");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        Files.write(temp.resolve("disk.raw"), new byte[] {1, 2, 3});
        backUp("a", "2020-01-01T12:00:00Z", "--tag", "old", "--tag", "release", "--note", "before the upgrade");
        backUp("b", "2020-01-01T13:00:00Z", "--tag", "old");
        backUp("a", "2020-01-03T12:00:00Z");
    }

    private void backUp(String machine, String time, String... more) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("backup", "-r", repo, "--machine", machine, "--time", time));
        arguments.addAll(List.of(more));
        arguments.add("d=" + temp.resolve("disk.raw"));
        Cli.run(arguments.toArray()).expect(ExitCode.DONE);
    }

    /** Machine and day of those listed. */
    private List<String> listed(Object... options) throws IOException {
        List<String> listed = new ArrayList<>();
        for (JsonNode snapshot : json(options).path("snapshots")) {
            listed.add(snapshot.path("machine").asText() + " "
                    + snapshot.path("startedAt").asText().substring(8, 10));
        }
        return listed;
    }

    private JsonNode json(Object... options) throws IOException {
        Object[] arguments = Stream.concat(Stream.of("snapshots", "-r", repo, "--json"), Stream.of(options))
                .toArray();
        return Cli.run(arguments).expect(ExitCode.DONE).json();
    }

    @Test
    void filters() throws IOException {
        assertEquals(List.of("a 01", "b 01", "a 03"), listed());
        assertEquals(List.of("a 01", "a 03"), listed("--machine", "a"));
        assertEquals(List.of("a 01", "b 01"), listed("--tag", "old"));
        assertEquals(List.of("a 01"), listed("--tag", "old", "--tag", "release"));
        assertEquals(List.of(), listed("--tag", "none"));
        assertEquals(List.of("a 03"), listed("--since", "2020-01-02T00:00:00Z"));
        assertEquals(List.of(), listed("--since", "7d"));
        assertEquals(List.of("b 01", "a 03"), listed("--last", 1));
        assertEquals(List.of("a 01"), listed("--machine", "a", "--tag", "old", "--last", 1));
        String host = json().at("/snapshots/0/host").asText();
        assertEquals(3, listed("--host", host).size());
    }

    @Test
    void whatNobodyKnowsIsNamed() throws IOException {
        String said = Cli.run("snapshots", "-r", repo, "--machine", "c")
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(said.contains("no snapshot of machine c; there are some of a, b"), said);
        said = Cli.run("snapshots", "-r", repo, "--host", "c")
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(said.contains("no snapshot of host c"), said);
        Cli.run("snapshots", "-r", repo, "--last", 0).expect(ExitCode.USAGE);
        said = Cli.run("snapshots", "-r", repo, "--since", "tuesday")
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(said.contains("neither a number of days"), said);
    }

    @Test
    void groups() throws IOException {
        assertTrue(json().path("snapshotGroups").isMissingNode());
        JsonNode machines = json("--group", "machine").path("snapshotGroups");
        assertEquals("a", machines.at("/0/group").asText());
        assertEquals(2, machines.at("/0/snapshotIds").size());
        assertEquals("b", machines.at("/1/group").asText());
        assertEquals(List.of("b 01", "a 03"), listed("--group", "day", "--last", 1));
        assertEquals(1, json("--group", "host").path("snapshotGroups").size());
        String text = Cli.run("snapshots", "-r", repo, "--group", "machine")
                .expect(ExitCode.DONE)
                .out();
        assertTrue(text.contains("machine a, 2 snapshots\nSNAPSHOT"), text);
        assertTrue(text.contains("\n\nmachine b, 1 snapshot\n"), text);
    }

    @Test
    void tagsAndNotesAreShown() throws IOException {
        String list = Cli.run("snapshots", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(list.contains("TAGS") && list.contains("old, release"), list);
        list = Cli.run("snapshots", "-r", repo, "--last", 1, "--machine", "a")
                .expect(ExitCode.DONE)
                .out();
        assertFalse(list.contains("TAGS"), list);
        String id = json("--tag", "release").at("/snapshots/0/id").asText();
        String shown = Cli.run("show", "-r", repo, id).expect(ExitCode.DONE).out();
        assertTrue(shown.contains("tags         old, release\nnote         before the upgrade\n"), shown);
        JsonNode json =
                Cli.run("show", "-r", repo, id, "--json").expect(ExitCode.DONE).json();
        assertEquals("before the upgrade", json.at("/snapshot/note").asText());
        assertEquals("release", json.at("/snapshot/tags/1").asText());
        // A copy has them too.
        Path other = temp.resolve("other");
        Cli.run("init", "-r", other).expect(ExitCode.DONE);
        Cli.run("copy", "-r", repo, "--to", other).expect(ExitCode.DONE);
        JsonNode copied = Cli.run("snapshots", "-r", other, "--tag", "release", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals("before the upgrade", copied.at("/snapshots/0/note").asText());
    }

    @Test
    void badLabelsAreRefused() throws IOException {
        String said = Cli.run(
                        "backup", "-r", repo, "--machine", "a", "--tag", "x", "--tag", "x", temp.resolve("disk.raw"))
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(said.contains("a tag is given twice"), said);
        Cli.run("backup", "-r", repo, "--machine", "a", "--note", "", temp.resolve("disk.raw"))
                .expect(ExitCode.USAGE);
        assertEquals(3, listed().size());
    }

    @Test
    void aTagIsARuleBesidesOthers() throws IOException {
        String said = Cli.run("forget", "-r", repo, "--keep-tag", "release")
                .expect(ExitCode.USAGE)
                .err();
        assertTrue(said.contains("besides what another --keep rule keeps"), said);
        String id = json().at("/snapshots/0/id").asText();
        Cli.run("forget", "-r", repo, "--keep-tag", "release", id).expect(ExitCode.USAGE);
        Cli.Result plan = Cli.run(
                        "forget", "-r", repo, "--machine", "a", "--keep-last", 1, "--keep-tag", "release", "--dry-run")
                .expect(ExitCode.DONE);
        assertTrue(plan.out().contains("tag release"), plan.out());
        assertTrue(plan.out().contains("would forget 0 of 2"), plan.out());
    }
}
