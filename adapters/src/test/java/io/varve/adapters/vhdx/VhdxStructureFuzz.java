package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.fuzz.FuzzInput;
import io.varve.adapters.vhdx.check.FindingList;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.MetadataTable;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.RegionTable;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;

/**
 * The bytes of the input as a header, a region table or a metadata region: a decoder throws exactly when it would tell
 * the check of an error.
 */
public final class VhdxStructureFuzz {
    private static final int METADATA = 1 << 20;
    private static final PatchedFile FILE = new PatchedFile(new byte[2 << 20]);

    private VhdxStructureFuzz() {}

    private interface Decoding {
        void decode(MemoryByteSource source, Faults faults) throws IOException;
    }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzInput input = new FuzzInput(data);
        int mode = input.u8();
        int at = mode % 3 == 0 ? DamageCatalogue.HEADER_1 : mode % 3 == 1 ? DamageCatalogue.REGIONS_1 : METADATA;
        int gap = mode % 3 == 2 ? input.u8() : 0;
        byte[] bytes = input.rest();
        try {
            for (int i = 0; i < Math.min(bytes.length, 4000); i++) {
                // Of metadata the table comes first and then, behind a gap, the items.
                int jump = gap > 0 && i >= gap ? 65536 - gap : 0;
                FILE.put(at + i + jump, 1, bytes[i]);
            }
            if (mode % 3 == 0) {
                signed(at, mode, 0x64616568, 4096);
                compare((source, faults) -> VhdxHeader.read(source, DamageCatalogue.HEADER_1, faults));
            } else if (mode % 3 == 1) {
                signed(at, mode, 0x69676572, 65536);
                compare((source, faults) -> RegionTable.decode(source, DamageCatalogue.REGIONS_1, faults));
            } else {
                if (mode >= 128) {
                    FILE.put(METADATA, 8, VhdxFormat.METADATA_SIGNATURE);
                }
                Region region = new Region(VhdxFormat.METADATA_REGION, METADATA, 1 << 20, true, 0);
                compare((source, faults) -> {
                    MetadataTable table = MetadataTable.read(source, region, faults);
                    DiskParameters.read(source, region, table, faults)
                            .ifPresent(disk -> disk.geometry().tableSize());
                });
            }
        } finally {
            FILE.takeBack();
        }
    }

    private static void signed(int at, int mode, int signature, int length) {
        if (mode >= 128) {
            FILE.put(at, 4, signature);
            FILE.seal(at, length);
        }
    }

    private static void compare(Decoding decoding) throws IOException {
        MemoryByteSource source = FILE.source(FILE.bytes().length);
        boolean refused = false;
        try {
            decoding.decode(source, Faults.REFUSE);
        } catch (CorruptDataException | UnsupportedImageException e) {
            refused = true;
        }
        FindingList findings = new FindingList("fuzzed");
        boolean stopped = false;
        try {
            decoding.decode(source, findings);
        } catch (CorruptDataException e) {
            stopped = true;
        }
        assertEquals(
                refused, stopped || findings.errors() > 0, findings.report().toString());
    }
}
