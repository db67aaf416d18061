package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.vhd.NewVhd;
import io.varve.adapters.vhd.VhdTarget;
import io.varve.adapters.windows.Win32Error;
import io.varve.adapters.windows.Win32Exception;
import io.varve.engine.port.Changes;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How Windows identifies a disk: format, layout, identifiers, parent. */
class DiskFactsTest {
    private static final UUID ID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");
    private static final UUID OTHER = UUID.fromString("11121314-1516-1718-191a-1b1c1d1e1f20");

    @TempDir
    Path temp;

    private StandIn standIn;
    private Path file;

    @BeforeEach
    void build() throws IOException {
        standIn = StandIn.build(temp);
        file = Files.write(temp.resolve("disk.raw"), new byte[1 << 20]);
        StandIn.describe(
                file,
                "size " + (1 << 20),
                "id " + StandIn.hex(ID),
                "identifier " + StandIn.hex(OTHER),
                "recent rctX:2",
                "since rctX:1",
                "content " + file);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, standIn.open());
        assertEquals(0, standIn.attached());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 'iso, fixed', false",
        "2, 4, 'vhd, differencing', false",
        "3, 3, 'vhdx, dynamic', true",
        "4, 3, 'vhd-set, dynamic', true",
        "9, 9, 'unknown, unknown', true"
    })
    void kinds(int device, int subtype, String words, boolean tracks) throws IOException {
        StandIn.add(file, "device " + device + "\nsubtype " + subtype);
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(words, disk.kind().toString());
            assertEquals(tracks, disk.kind().format().tracksChanges());
        }
    }

    @Test
    void aVhdIsKnownByItsIdentifierAndOthersByTheirDiskId() throws IOException {
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(OTHER, disk.identifier());
            assertEquals(ID, disk.identity());
        }
        StandIn.add(file, "device 2");
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(OTHER, disk.identity());
        }
    }

    /** The file's own id is compared with the identifier that Windows gives, and the list is refused with a reason. */
    @Test
    void aVhdIsReadWithoutAChangeListAndSaysWhy() throws IOException {
        Path vhd = temp.resolve("old.vhd");
        try (DiskTarget target = VhdTarget.create(vhd, NewVhd.ofSize(1 << 20), false)) {
            target.commit();
        }
        try (DiskImage image = DiskImages.open(vhd, Reader.DIRECT)) {
            Path raw = Files.write(temp.resolve("seen.raw"), new byte[(int) image.size()]);
            StandIn.describe(
                    vhd,
                    "size " + image.size(),
                    "device 2",
                    "identifier " + StandIn.hex(image.guid().orElseThrow()),
                    "content " + raw);
            List<String> said = new ArrayList<>();
            RctDisk disk = RctDisk.over(image, vhd, standIn.virtdisk(), said::add, said::add);
            try (VirtualDisk asked = standIn.virtdisk().openToAsk(vhd)) {
                assertTrue(disk.tracker().token().isEmpty());
                String why = disk.untracked().orElseThrow();
                assertTrue(why.contains("format vhd") && why.contains("Convert-VHD"), why);
                Changes answer = disk.tracker().changesSince("rctX:1");
                assertEquals(new Changes.Unknown("rct-lost", why), answer);
                assertEquals(List.of(), said);
                assertEquals(image.guid().orElseThrow(), asked.identity());
            }
            disk.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"enabled 0, varve rct enable", "recent '', no change id"})
    void aDiskWithoutAChangeIdSaysWhy(String line, String words) throws IOException {
        StandIn.describe(file, "size " + (1 << 20), "content " + file, line.replace("recent ''", ""));
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            String why = RctTracker.of(disk, 1 << 20).untracked().orElseThrow();
            assertTrue(why.contains(words), why);
        }
    }

    @Test
    void aParentThatIsFound() throws IOException {
        String longName = "C:\\" + "x".repeat(600) + "\\base disk.vhdx";
        StandIn.add(file, "subtype 4\nparent " + StandIn.hex(ID) + "\nat " + longName);
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            assertEquals(new ParentDisk(true, List.of(longName), ID), disk.parent());
        }
    }

    @Test
    void aDiskWithoutParentHasNone() throws IOException {
        try (VirtualDisk disk = standIn.virtdisk().openToAsk(file)) {
            Win32Exception e = assertThrows(Win32Exception.class, disk::parent);
            assertEquals(Win32Error.INVALID_TYPE.code(), e.code());
        }
    }

    @Test
    void whereAMovedParentWasLookedForIsInTheMessage() throws IOException {
        StandIn.add(file, "subtype 4\nparent " + StandIn.hex(ID) + "\nlost D:\\a\\base.vhdx\nlost .\\base.vhdx");
        StandIn.add(file, "error open " + Win32Error.PARENT_NOT_FOUND.code());
        IOException e = assertThrows(IOException.class, () -> standIn.virtdisk().openToAsk(file));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "0xC03A000D). Windows looked for the parent at D:\\a\\base.vhdx, .\\base.vhdx, for the"
                                        + " content " + ID),
                e.getMessage());
        assertThrows(IOException.class, () -> standIn.virtdisk().openToChange(file));
    }

    /** Only of errors about the parent is more asked, and an error of that never hides the first one. */
    @ParameterizedTest
    @EnumSource(Win32Error.class)
    void theFirstErrorIsTheOneThatIsTold(Win32Error error) throws IOException {
        StandIn.add(file, "error open " + error.code() + "\nerror info 31");
        Win32Exception e =
                assertThrows(Win32Exception.class, () -> standIn.virtdisk().openToAsk(file));
        assertEquals(error.code(), e.code());
        assertEquals(error.isOfParent() ? 1 : 0, e.getSuppressed().length);
    }
}
