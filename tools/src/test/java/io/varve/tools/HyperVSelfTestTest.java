package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checklist for a real host, against the stand-in. */
class HyperVSelfTestTest {
    @TempDir
    private Path temp;

    private HyperVHostCli cli;
    private StandInMachine other;

    @BeforeEach
    void start() throws IOException {
        cli = new HyperVHostCli(temp);
        other = cli.host.addMachine("web1");
        other.addDisk(1 << 20);
    }

    @AfterEach
    void stop() throws IOException {
        cli.close();
        assertEquals(List.of(), cli.host.violations());
        assertEquals(List.of(), cli.host.objects(other), "another machine was touched");
        assertEquals(1, cli.host.folderHere().toFile().list().length, "files are left");
    }

    private Cli.Result selfTest(String... more) {
        List<Object> all = new ArrayList<>(List.of("selftest", "hyperv", "--scratch-vm", "--dir", StandInHost.DRIVE));
        all.addAll(cli.address());
        all.addAll(List.of("--map", cli.map(), "--record", temp.resolve("answers")));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    @Test
    void theHostIsAskedWhatNightsRelyOnAndLeftAsItWas() throws IOException {
        JsonNode told = selfTest("--json").expect(ExitCode.DONE).json();
        String text = told.toString();
        for (String question : List.of(
                "second checkpoint: the machine writes to another file",
                "changes of an idle disk: ranges",
                "second export: files",
                "second checkpoint is merged",
                "reference points after both were removed")) {
            assertTrue(text.contains(question), question + " in " + text);
        }
        List<String> lines = Files.readAllLines(temp.resolve("answers"));
        assertTrue(lines.size() > 50, "" + lines.size());
        JsonMapper json = new JsonMapper();
        for (String line : lines) {
            assertTrue(json.readTree(line).has("answer"), line);
        }
        selfTest().expect(ExitCode.USAGE); // the record is there
    }

    @Test
    void whatDiffersIsAWarningAndWhatFailsLeavesNothing() throws IOException {
        cli.host.faults().failJob("ExportSystemDefinition", 0x80070005L, 1);
        Cli.Result differs = selfTest().expect(ExitCode.WARNINGS);
        assertTrue(differs.out().contains("first export: 0x80070005, expected done"), differs.out());
        Files.delete(temp.resolve("answers"));
        cli.host.faults().failJob("ConvertToReferencePoint", 0x80070005L, 1);
        Cli.Result failed = selfTest().expect(ExitCode.SOURCE_FAILED);
        assertTrue(failed.err().contains("what the host answered so far"), failed.err());
    }
}
