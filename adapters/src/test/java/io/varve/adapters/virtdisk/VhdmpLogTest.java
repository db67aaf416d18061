package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.varve.adapters.windows.Wide;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Through JNA, against a stand-in for {@code wevtapi.dll}. */
class VhdmpLogTest {
    private static final int MARKER = 0x57455654;

    interface Control extends Library {
        int StandinMarker();

        int StandinOpen();

        void StandinLog(Pointer file);

        void StandinError(int code);
    }

    @TempDir
    Path temp;

    private Control control;
    private VhdmpLog log;
    private Path events;

    @BeforeEach
    void build() throws IOException {
        String library = StandIn.library("wevtapi", temp).toString();
        control = Native.load(library, Control.class);
        assertEquals(MARKER, control.StandinMarker());
        events = temp.resolve("events");
        control.StandinLog(Wide.of(events.toString()));
        control.StandinError(0);
        log = new VhdmpLog(Native.load(library, EventLogLibrary.class));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, control.StandinOpen());
    }

    static String event(long record, int id, String file) {
        return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
                + "<Provider Name='Microsoft-Windows-VHDMP'/><EventID>" + id + "</EventID>"
                + "<TimeCreated SystemTime='2026-11-28T23:15:00.1234567Z'/><EventRecordID>" + record
                + "</EventRecordID><Channel>Microsoft-Windows-VHDMP-Operational</Channel></System><EventData>"
                + (file.isEmpty() ? "" : "<Data Name='VhdFileName'>" + file + "</Data>")
                + "<Data Name='Status'>3221225524</Data></EventData></Event>";
    }

    private void add(String event) throws IOException {
        Files.writeString(events, event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void lossesAreThoseOfTheThreeEventsLaterThanTheRecord() throws IOException {
        assertEquals(OptionalLong.empty(), log.newest());
        add(event(40, 9, "C:\\old.vhdx"));
        add(event(41, 1, "C:\\a.vhdx"));
        add(event(42, 8, "C:\\b.vhdx"));
        add(event(43, 10, "C:\\c.vhdx"));
        add(event(44, 12, "C:\\d.vhdx"));
        assertEquals(OptionalLong.of(44), log.newest());
        List<RctLoss> losses = log.lossesSince(40);
        assertEquals(List.of(43L, 42L), losses.stream().map(RctLoss::record).toList());
        assertTrue(losses.get(1).text().contains("event 8"), losses.get(1).text());
        assertTrue(
                losses.get(1).text().contains("2026-11-28T23:15"), losses.get(1).text());
        assertEquals(List.of(), log.lossesSince(43));
    }

    @ParameterizedTest
    @CsvSource({
        "'C:\\ClusterStorage\\Volume1\\vm\\web1.vhdx', true",
        "'\\??\\Volume{0a1b2c3d-0000-0000-0000-100000000000}\\vm\\web1.vhdx', true",
        "'\\Device\\HarddiskVolume9\\vm\\web1.vhdx.rct', true",
        "'C:\\ClusterStorage\\Volume1\\vm\\web2.vhdx', false"
    })
    void aDiskOnAClusteredSharedVolumeHasSeveralNames(String value, boolean concerned) {
        RctLoss loss = new RctLoss(1, 8, "", List.of(value));
        assertEquals(concerned, loss.concerns("C:\\ClusterStorage\\Volume1\\vm\\web1.vhdx"));
    }

    @Test
    void aLossOfAnyFileOfADiskDemotesIt() throws IOException {
        add(event(40, 1, "C:\\vm\\web1.vhdx"));
        Optional<String> before =
                RctLosses.read(log, Optional.empty(), notice -> {}).state();
        add(event(41, 9, "C:\\vm\\web1.vhdx"));
        RctLosses losses = RctLosses.read(log, before, notice -> {});
        String leaf = "C:\\vm\\web1_0f6a1d2e-6d0c-4c0e-9d3a-5b8e7a1c2d3f.avhdx";
        ChangeTracker none = ChangeTracker.none();
        assertEquals(none, losses.guard(none, List.of("C:\\vm\\db1.vhdx")));
        assertTrue(losses.guard(none, List.of(leaf, "C:\\vm\\web1.vhdx")).changesSince("rct:1")
                        instanceof Changes.Unknown unknown
                && unknown.code().equals("rct-lost"));
    }

    @Test
    void anEntryLargerThanTheBufferIsReadWhole() throws IOException {
        String longest = "C:\\" + "x".repeat(20_000) + ".vhdx";
        add(event(7, 9, longest));
        assertEquals(longest, log.lossesSince(0).get(0).values().get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 15007})
    void aLogThatCannotBeReadSaysSo(int code) {
        control.StandinError(code);
        IOException failure = assertThrows(IOException.class, () -> log.lossesSince(0));
        assertTrue(failure.getMessage().contains(VhdmpLog.CHANNEL), failure.getMessage());
    }

    @Test
    void anEntryThatIsNoEventIsAFailure() throws IOException {
        add("<EventID>9</EventID><EventRecordID>3</EventRecordID>");
        assertThrows(IOException.class, () -> log.lossesSince(0));
        Files.delete(events);
        add("<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x><EventID>9</EventID><EventRecordID>3"
                + "</EventRecordID>&y;</x>");
        assertThrows(IOException.class, () -> log.lossesSince(0));
    }

    @ParameterizedTest
    @CsvSource({
        "C:\\vm\\web1.vhdx, true",
        "\\??\\C:\\VM\\Web1.vhdx, true",
        "\\Device\\HarddiskVolume3\\vm\\web1.vhdx, true",
        "C:\\vm\\web1.vhdx.rct, true",
        "C:\\vm\\web1.vhdx.mrt, true",
        "C:\\vm\\WEB1_0F6A1D2E-6D0C-4C0E-9D3A-5B8E7A1C2D3F.avhdx, true",
        "\\Device\\HarddiskVolume3\\vm\\web1_0f6a1d2e-6d0c-4c0e-9d3a-5b8e7a1c2d3f.avhdx.rct, true",
        "C:\\other\\web1_0f6a1d2e-6d0c-4c0e-9d3a-5b8e7a1c2d3f.avhdx, false",
        "C:\\vm\\web11_0f6a1d2e-6d0c-4c0e-9d3a-5b8e7a1c2d3f.avhdx, false",
        "C:\\vm\\web11.vhdx, false",
        "C:\\vm\\other.vhdx, false",
        "'', true"
    })
    void whomAnEntryConcerns(String named, boolean concerns) throws IOException {
        RctLoss loss = RctLoss.parse(event(1, 9, named));
        assertEquals(concerns, loss.concerns("C:\\vm\\web1.vhdx"));
        assertFalse(RctLoss.parse(event(1, 9, "C:\\vm\\web1.vhdx")).concerns("C:\\vm\\b1.vhdx"));
    }
}
