package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.varve.tools.configuration.NamedRepository;
import io.varve.tools.output.UsageException;
import io.varve.tools.yaml.ShapeSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class JobFileReaderTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String SMALL = """
            repository: {path: /r}
            machines:
              - {name: m, disks: [/d.raw]}
            """;

    private static List<String> mistakes(String text) {
        return JobFileReader.read(text, "job").mistakes().stream()
                .map(mistake -> mistake.line() + ": " + mistake.message())
                .toList();
    }

    private static JobFile job(String text) {
        assertEquals(List.of(), mistakes(text));
        return JobFileReader.read(text, "job").job().orElseThrow();
    }

    @Test
    void theSmallestFileIsEnough() {
        JobFile job = job(SMALL);
        assertEquals("job", job.name());
        assertEquals(1, job.parallel());
        assertEquals(Duration.ofHours(1), job.patience());
        assertTrue(job.gc().isEmpty() && job.proof().isEmpty());
    }

    @Test
    void theExampleHasEveryKeyAndIsRead() throws IOException {
        String example = Files.readString(DOCS.resolve("nightly.example.yaml"));
        JobFile job = job(example);
        assertEquals("hosts", job.name());
        assertEquals(
                DayOfWeek.values().length - 2,
                job.schedule().orElseThrow().days().size());
        JobFile.MachineEntry web = job.machines().get(0);
        assertEquals(List.of("system=/vm/web1/system.vhdx", "data=/vm/web1/data.vhdx"), web.disks());
        assertEquals(14, web.policy().keep().orElseThrow().daily(), "of the defaults");
        assertEquals(7, job.machines().get(1).policy().keep().orElseThrow().daily(), "of its own");
        assertEquals(400L << 20, job.readRate().orElseThrow());
        assertEquals(4.0, job.fsck().orElseThrow().readPercent().orElseThrow());
        List<String> missing = JobShape.FILE_SHAPE.keys().stream()
                .map(io.varve.tools.yaml.Shape.Key::name)
                .filter(key -> !example.contains("\n" + key + ":"))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void allMistakesAreNamedAtOnceEachWithItsLine() {
        assertEquals(
                List.of(
                        "1: unknown key 'nme'; did you mean 'name'?",
                        "1: the file: 'repository' is missing",
                        "3: disks: expected an absolute path, found 'relative.raw'",
                        "5: machine 'm': disks are missing",
                        "5: machine 'm' is already on line 3",
                        "6: machines: expected exactly one of name, pattern, found 2",
                        "7: keep: expected at least one rule, such as 'daily: 14'",
                        "8: parallel: expected a whole number from 1 to 64, found '0'",
                        "9: until: expected a time of day such as \"22:00\", found '26:00'",
                        "10: read-rate: expected a size such as 50M or 1GiB, found 'quick'",
                        "11: every: expected a length of time such as 30s, 10m, 2h or 7d, found 'soon'",
                        "12: 'parallel' is already on line 8",
                        "13: name: expected a name (put it in quotes), found '12'"),
                mistakes("""
                        nme: x
                        machines:
                          - {name: m, disks: [relative.raw]}
                          # another one
                          - {name: m}
                          - {name: n, pattern: /vm/*, disks: ["*.raw"]}
                        defaults: {keep: {}}
                        parallel: 0
                        window: {until: 26:00}
                        read-rate: quick
                        gc: {every: soon}
                        parallel: 2
                        name: 12
                        """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: [",
                "\t- x",
                "- 1\n- 2",
                "",
                "just text",
                "a: &a [*a]",
                "? {x: y}\n: z",
                "a: !!java.lang.Runtime x",
                "repository: &r {path: *r}",
                "--- 1\n--- 2"
            })
    void whatIsNoJobFileIsAMistakeAndNothingElse(String text) {
        assertTrue(mistakes(text).size() >= 1, text);
    }

    @Test
    void ofAnEndlessRowOfMistakesTheFirstAreNamed() {
        String text = "x: y\n".repeat(100_000);
        assertEquals(200, mistakes(text).size());
    }

    @Test
    void repositoriesMayHaveNames() {
        NamedRepository offsite = new NamedRepository(
                "offsite", Path.of("/mnt/offsite"), Path.of("/etc/key"), null, null, Path.of("/etc/varve/config.yaml"));
        JobFileReader.Names names = name -> {
            if (name.equals("offsite")) {
                return offsite;
            }
            throw new UsageException("no repository is named '@" + name + "'");
        };
        String text = "repository: {path: /a}\nmachines: [{name: m, disks: [/d]}]\ncopy:\n  path: \"@offsite\"\n";
        JobFile.Place copy = JobFileReader.read(text, "job", names)
                .job()
                .orElseThrow()
                .copy()
                .orElseThrow()
                .place();
        assertEquals(new JobFile.Place(Path.of("/mnt/offsite"), Path.of("/etc/key"), null, null), copy);
        copy = JobFileReader.read(text + "  password-file: /etc/other\n", "job", names)
                .job()
                .orElseThrow()
                .copy()
                .orElseThrow()
                .place();
        assertEquals(new JobFile.Place(Path.of("/mnt/offsite"), null, Path.of("/etc/other"), null), copy);
        assertEquals(
                "[line 4: path: no repository is named '@onsite']",
                JobFileReader.read(text.replace("offsite", "onsite"), "job", names).mistakes().stream()
                        .map(mistake -> "line " + mistake.line() + ": " + mistake.message())
                        .toList()
                        .toString());
    }

    /** The schema that editors get is the one in the docs. */
    @Test
    void theSchemaInTheDocsIsUpToDate() throws IOException {
        assertEquals(
                Files.readString(DOCS.resolve("nightly.schema.json")),
                ShapeSchema.of(JobShape.FILE_SHAPE, JobShape.TITLE),
                "write it again: varve nightly --schema >docs/nightly.schema.json");
    }

    /** A judge that knows only the schema says the same of each file as the reader. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "parallel: 2",
                "parallel: 65",
                "parallel: '2'",
                "parallel: 1.5",
                "window: {until: '06:00'}",
                "window: {until: '6:00'}",
                "window: {from: '06:00'}",
                "read-rate: 50M",
                "read-rate: 50000000",
                "read-rate: 0",
                "read-rate: 50 Mbit",
                "gc: {max-waste: 10%}",
                "gc: {max-waste: 10}",
                "gc: {max-waste: ten}",
                "gc: {every: 7d}",
                "gc: {every: 7}",
                "gc: {often: 7d}",
                "schedule: {at: '22:00', days: [mon]}",
                "schedule: {at: '22:00', days: [monday]}",
                "schedule: {at: '22:00', days: []}",
                "schedule: {days: [mon]}",
                "defaults: {compression: zstd:19}",
                "defaults: {compression: zstd:20}",
                "defaults: {compression: 'zstd:'}",
                "defaults: {require-frozen: true}",
                "defaults: {require-frozen: 'yes'}",
                "defaults: {keep: {within: 1y6m}}",
                "defaults: {keep: {within: 6 months}}",
                "notify: [{command: x}]",
                "notify: [{command: x, smtp: {host: h, from: a, to: [b]}}]",
                "notify: [{when: never, command: x}]",
                "notify: [{smtp: {host: h, to: [b]}}]",
                "notify: [{webhook: {url: 'ftp://x'}}]",
                "hooks: {before: x, time-limit: 10m}",
                "hooks: {freeze: x}",
                "name: web",
                "name: 12",
                "unknown: 1"
            })
    void readerAndSchemaAgree(String more) throws IOException {
        String text = SMALL + more + "\n";
        JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(ShapeSchema.of(JobShape.FILE_SHAPE, JobShape.TITLE));
        Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
        JsonNode node = new JsonMapper().valueToTree(tree);
        assertEquals(
                schema.validate(node).isEmpty(),
                mistakes(text).isEmpty(),
                () -> schema.validate(node) + "" + mistakes(text));
    }
}
