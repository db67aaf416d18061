package io.varve.adapters.virtdisk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every offset and number used here against a table that a C compiler made of the headers. */
class AbiTest {
    /** Offset and size of each field; of a whole structure under {@code .*}. */
    private static final Map<String, int[]> FIELDS = new HashMap<>();

    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream table = AbiTest.class.getResourceAsStream("/abi-x64.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split("\t");
                if (parts[0].equals("struct")) {
                    FIELDS.put(parts[1], new int[] {Integer.parseInt(parts[2]), Integer.parseInt(parts[3])});
                } else if (parts[0].equals("const") && parts[2].length() <= 10) {
                    NUMBERS.put(parts[1], Integer.parseUnsignedInt(parts[2].substring(2), 16));
                }
            }
        }
    }

    private static int offset(String field) {
        return FIELDS.get(field)[0];
    }

    private static int size(String structure) {
        return FIELDS.get(structure + ".*")[1];
    }

    @Test
    void structures() {
        assertEquals(size("GUID"), Abi.GUID_SIZE);
        assertEquals(size("VIRTUAL_STORAGE_TYPE"), Abi.STORAGE_TYPE_SIZE);
        assertEquals(size("OPEN_VIRTUAL_DISK_PARAMETERS"), Abi.OPEN_SIZE);
        assertEquals(offset("OPEN_VIRTUAL_DISK_PARAMETERS.Version2.GetInfoOnly"), Abi.OPEN_GET_INFO_ONLY);
        assertEquals(offset("OPEN_VIRTUAL_DISK_PARAMETERS.Version2.ReadOnly"), Abi.OPEN_READ_ONLY);
        assertEquals(size("GET_VIRTUAL_DISK_INFO"), Abi.INFO_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.VirtualDiskId"), Abi.INFO_ANSWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.VirtualSize"), Abi.INFO_VIRTUAL_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.BlockSize"), Abi.INFO_BLOCK_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.SectorSize"), Abi.INFO_SECTOR_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.Enabled"), Abi.INFO_TRACKING_ENABLED);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.NewerChanges"), Abi.INFO_TRACKING_NEWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.MostRecentId"), Abi.INFO_TRACKING_ID);
        assertEquals(size("SET_VIRTUAL_DISK_INFO"), Abi.SET_SIZE);
        assertEquals(offset("SET_VIRTUAL_DISK_INFO.ChangeTrackingEnabled"), Abi.SET_VALUE);
        assertEquals(size("ATTACH_VIRTUAL_DISK_PARAMETERS_V2"), Abi.ATTACH_SIZE);
        assertEquals(size("OVERLAPPED"), Abi.OVERLAPPED_SIZE);
        assertEquals(offset("OVERLAPPED.Offset"), Abi.OVERLAPPED_OFFSET);
        assertEquals(offset("OVERLAPPED.OffsetHigh"), Abi.OVERLAPPED_OFFSET_HIGH);
        assertEquals(offset("OVERLAPPED.hEvent"), Abi.OVERLAPPED_EVENT);
        assertEquals(size("QUERY_CHANGES_VIRTUAL_DISK_RANGE"), Abi.RANGE_SIZE);
        assertEquals(offset("QUERY_CHANGES_VIRTUAL_DISK_RANGE.ByteOffset"), Abi.RANGE_OFFSET);
        assertEquals(offset("QUERY_CHANGES_VIRTUAL_DISK_RANGE.ByteLength"), Abi.RANGE_LENGTH);
    }

    @Test
    void numbers() {
        assertEquals(NUMBERS.get("OPEN_VIRTUAL_DISK_VERSION_2"), Abi.OPEN_VERSION_2);
        assertEquals(NUMBERS.get("ATTACH_VIRTUAL_DISK_VERSION_1"), Abi.ATTACH_VERSION_1);
        assertEquals(NUMBERS.get("ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY"), Abi.ATTACH_READ_ONLY);
        assertEquals(NUMBERS.get("ATTACH_VIRTUAL_DISK_FLAG_NO_LOCAL_HOST"), Abi.ATTACH_NO_LOCAL_HOST);
        assertEquals(NUMBERS.get("GET_VIRTUAL_DISK_INFO_SIZE"), Abi.INFO_OF_SIZE);
        assertEquals(NUMBERS.get("GET_VIRTUAL_DISK_INFO_PROVIDER_SUBTYPE"), Abi.INFO_OF_SUBTYPE);
        assertEquals(NUMBERS.get("GET_VIRTUAL_DISK_INFO_VIRTUAL_DISK_ID"), Abi.INFO_OF_DISK_ID);
        assertEquals(NUMBERS.get("GET_VIRTUAL_DISK_INFO_CHANGE_TRACKING_STATE"), Abi.INFO_OF_TRACKING);
        assertEquals(NUMBERS.get("SET_VIRTUAL_DISK_INFO_CHANGE_TRACKING_STATE"), Abi.SET_TRACKING);
    }
}
