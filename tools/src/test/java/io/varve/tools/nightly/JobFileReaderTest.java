package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.varve.adapters.windows.GivenPath;
import io.varve.tools.configuration.NamedRepository;
import io.varve.tools.configuration.RepositoryPlace;
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
        assertEquals(
                List.of("system=/vm/web1/system.vhdx", "data=/vm/web1/data.vhdx"),
                ((Selection.Files) web.selection()).disks());
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
    void whatANotificationCannotUseIsAMistake() {
        assertEquals(
                List.of(
                        "4: url: expected a URL with the name of a server, found 'http:///x'",
                        "5: url: expected a URL without a user and password: use token-file",
                        "6: smtp: with security none, the password would be sent in clear text"),
                mistakes("""
                        repository: {path: /r}
                        machines: [{pattern: /vm/*}]
                        notify:
                          - webhook: {url: "http:///x"}
                          - webhook: {url: "https://user:secret@example.org/x"}
                          - smtp: {host: m.org, security: none, user: u, password-file: /p, from: a@b, to: [c@d]}
                          - smtp: {host: localhost, security: none, user: u, password-file: /p, from: a@b, to: [a@b]}
                        """));
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

    @Test
    void eachMistakeAboutHostsAndTheirMachinesIsNamedWithItsLine() {
        assertEquals(
                List.of(
                        "3: hosts: 'address' is missing",
                        "4: address: expected HOST or HOST:PORT, "
                                + "with http:// before it for sealing by Kerberos without TLS, found 'ftp://hv2'",
                        "5: ca-file: give it or fingerprint, not both",
                        "5: fingerprint: expected a SHA-256 fingerprint of 64 hex digits, found 'abcd'",
                        "6: password-file: whose password? 'user' is missing",
                        "6: read: expected one of auto, win32, direct, export, wmi-changes, vss, rsvd, found 'smb'",
                        "7: map: expected HOSTPATH=PATH, such as D:\\VMs=/mnt/vms, with an absolute path, found '/mnt'",
                        "8: host 'hv1' is already on line 3",
                        "10: source: hyperv: 'host' is missing",
                        "10: source: hyperv: expected exactly one of vm, vms, found none",
                        "11: host: no host 'hv9' in the section hosts",
                        "12: source: hyperv: expected exactly one of vm, vms, found 2",
                        "13: name and gone are for a single machine, with vm",
                        "14: exclude is for vms, not for a single machine",
                        "15: host: only for source: hyperv",
                        "15: machines: expected exactly one of name, pattern, found none",
                        "16: disks: only for source: files",
                        "16: machine 'b' is already on line 14",
                        "16: require-frozen: only for source: files",
                        "17: vm: expected a GUID, as 'varve vss list' shows it, found 'web1'; names go into vms",
                        "18: consistency: only for source: hyperv",
                        "19: allow-saved-state: only for source: vss",
                        "20: source: expected one of files, hyperv, vss, found 'esx'"),
                mistakes("""
                        repository: {path: /r}
                        hosts:
                          - {name: hv1}
                          - {name: hv2, address: "ftp://hv2"}
                          - {name: hv3, address: hv3, fingerprint: abcd, ca-file: /ca.pem}
                          - {name: hv4, address: "hv4:5986", password-file: /p, read: smb}
                          - {name: hv5, address: hv5, map: ['/mnt']}
                          - {name: hv1, address: hv1}
                        machines:
                          - {source: hyperv}
                          - {source: hyperv, host: hv9, vm: a}
                          - {source: hyperv, host: hv1, vm: c, vms: ["*"]}
                          - {source: hyperv, host: hv1, vms: ["*"], name: d}
                          - {source: hyperv, host: hv1, vm: b, exclude: [x]}
                          - {host: hv1}
                          - {source: hyperv, host: hv1, vm: B1, name: b, disks: [/x], require-frozen: true}
                          - {source: vss, vm: web1}
                          - {source: vss, vms: ["web*"], consistency: crash}
                          - {source: hyperv, host: hv1, vm: f, allow-saved-state: true}
                          - {source: esx, name: e, disks: [/e]}
                        """).stream()
                        .sorted(java.util.Comparator.<String>comparingInt(
                                        line -> Integer.parseInt(line.substring(0, line.indexOf(':'))))
                                .thenComparing(line -> line))
                        .toList());
    }

    @Test
    void hostsAndVirtualMachinesAreRead() {
        JobFile job = job("""
                repository: {path: /r}
                defaults: {consistency: crash, merge-limit: 1h}
                hosts:
                  - {name: hv1, address: "[::1]:15986", user: u, password-file: /p,
                     map: ['D:\\VMs=/mnt/d', '\\\\s\\x=/mnt/x']}
                machines:
                  - {source: hyperv, host: hv1, vms: ["*"], exclude: [t*], consistency: require}
                  - {source: hyperv, host: hv1, vm: Web 1}
                  - {source: vss, vm: 7802ce25-83f1-48e0-9637-941262284282, name: w, allow-saved-state: true}
                  - {name: m, disks: [/d.raw]}
                """);
        Selection.Virtual all = (Selection.Virtual) job.machines().get(0).selection();
        assertEquals("D:\\VMs", all.host().orElseThrow().mounts().get(0).host());
        assertEquals("\\\\s\\x", all.host().orElseThrow().mounts().get(1).host());
        assertEquals(List.of("t*"), all.exclude());
        assertEquals(
                io.varve.adapters.hyperv.Consistency.REQUIRE,
                job.machines().get(0).policy().consistency());
        assertEquals(
                io.varve.adapters.hyperv.Consistency.CRASH,
                job.machines().get(1).policy().consistency());
        assertEquals(Duration.ofHours(1), job.machines().get(1).policy().mergeLimit());
        assertTrue(job.machines().get(2).policy().allowSavedState());
        assertTrue(job.machines().get(3).selection() instanceof Selection.Files);
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
                "offsite",
                RepositoryPlace.ofFile("/mnt/offsite"),
                new GivenPath("/etc/key"),
                null,
                null,
                Path.of("/etc/varve/config.yaml"));
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
        assertEquals(
                new JobFile.Place(RepositoryPlace.ofFile("/mnt/offsite"), new GivenPath("/etc/key"), null, null), copy);
        copy = JobFileReader.read(text + "  password-file: /etc/other\n", "job", names)
                .job()
                .orElseThrow()
                .copy()
                .orElseThrow()
                .place();
        assertEquals(
                new JobFile.Place(RepositoryPlace.ofFile("/mnt/offsite"), null, new GivenPath("/etc/other"), null),
                copy);
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
                "hosts: [{name: h, address: 'hv1:5986', map: ['D:\\VMs=/mnt/d']}]",
                "hosts: [{name: h, address: 'https://hv1'}]",
                "hosts: [{name: h, address: hv1, map: ['VMs=/mnt/d']}]",
                "hosts: [{name: h, address: hv1, fingerprint: 12}]",
                "hosts: [{address: hv1}]",
                "defaults: {consistency: crash, merge-limit: 1h, allow-saved-state: false}",
                "defaults: {consistency: application}",
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
